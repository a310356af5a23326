/** What became of a session file reaches the log at once, and the player as soon as there is a session. */
import { expect, test } from 'bun:test';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startStore } from '../../../server/engine/store-watch.ts';
import { databasePath } from '../../../server/session/store/mend.ts';
import type { MixDocument } from '../../../server/session/store/write-requests.ts';
import { makeFolder } from '../../judge/product.ts';

const MIX: MixDocument = {
  slots: [],
  bpm: 97,
  meter: { beats: 4, unit: 4 },
  metronome: { on: false, gainDb: -6 },
  loopBars: 2,
};

/** An engine's life with a store; what was logged of the file, and what the player was told. */
const live = async (dataFolder: string, touched?: MixDocument) => {
  const events: string[] = [];
  const codes: number[] = [];
  const { open, store, tell } = startStore(
    (level, event) => void events.push(`${level}: ${event}`),
    { near: null, far: null },
  );
  const { opened, writeLeft } = await open({ dataFolder, atMs: 1, newSessionName: 'S' });
  writeLeft();
  const begin = (code: number) => void codes.push(code);
  tell({ begin, lower: () => undefined, notice: begin }, opened);
  const { mix, sessionId } = opened;
  if (touched) store.write({ kind: 'mix', sessionId, mix: touched });
  await store.end(1);
  return { events, codes, bpm: mix?.bpm };
};

test('a mix that rotted, and that nobody has any more, is told before it is written anew', async () => {
  const folder = makeFolder();
  expect(await live(folder, MIX)).toEqual({ events: [], codes: [], bpm: undefined });
  const bytes = readFileSync(databasePath(folder));
  bytes[bytes.indexOf(JSON.stringify(MIX))] = 0x01;
  writeFileSync(databasePath(folder), bytes);
  for (const copies of ['backup', 'journal']) rmSync(join(folder, copies), { recursive: true });
  expect(await live(folder, { ...MIX, bpm: 120 })).toEqual({
    events: ['error: texts in the session file are rotten, and nobody has them whole'],
    codes: [1014],
    bpm: undefined,
  });
  const kept = readFileSync(join(folder, 'aside', 'rotten-texts.jsonl'), 'utf8');
  expect(kept).toContain(Buffer.from('"bpm":97').toString('hex').toUpperCase());
  expect(await live(folder)).toEqual({ events: [], codes: [], bpm: 120 });
});
