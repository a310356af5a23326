/** A power cut came between a gap's line in the index and its row in the table. */
import { Database } from 'bun:sqlite';
import { expect, test } from 'bun:test';
import { appendFileSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { wavHeader } from '../../../server/wav-header.ts';
import { makeStoreWorker, StoreClient } from '../../../server/session/store/client.ts';
import { databasePath } from '../../../server/session/store/mend.ts';
import type { Gap } from '../../../server/session/store/stored.ts';
import { makeFolder } from '../../judge/product.ts';
import { RUN_ID } from './samples.ts';

const home = makeFolder();
const RATE = 48_000;
const troubles: string[] = [];

/** A data folder with one run of 1,000 frames, and a store that was cut off. */
const cutOff = async (name: string, { isEnded = false } = {}) => {
  const dataFolder = join(home, name);
  mkdirSync(dataFolder);
  const open = async () => {
    const store = new StoreClient({
      makeWorker: makeStoreWorker,
      onFailure: (_, why) => troubles.push(why),
      onTrouble: (why) => troubles.push(why),
    });
    const opening = { dataFolder, atMs: 1, newSessionName: 'S' };
    return { store, opened: await store.read({ kind: 'open', ...opening }) };
  };
  const { opened, store } = await open();
  const { sessionId } = opened;
  store.write({
    kind: 'beginRun',
    runId: RUN_ID,
    sessionId,
    rateHz: RATE,
    atMs: 6,
    gridShift: 0,
  });
  store.write({ kind: 'gap', runId: RUN_ID, fromFrame: 100, toFrame: 200, reason: 3 });
  if (isEnded) store.write({ kind: 'endRun', runId: RUN_ID, atMs: 7 });
  await store.end(8);
  const folder = join(dataFolder, 'spool', RUN_ID);
  mkdirSync(folder, { recursive: true });
  const segment = (place: string, firstFrame: number, frames: number) => {
    const bytes = Buffer.alloc(58 + 8 * frames);
    bytes.set(wavHeader(frames, RATE, 2));
    writeFileSync(join(place, `seg-${String(firstFrame).padStart(12, '0')}.wav`), bytes);
  };
  segment(folder, 0, 1000);
  return { folder, open, dataFolder, segment };
};

/** What a start finds; and how many writes were ever committed. */
const told = async ({ dataFolder, open }: Awaited<ReturnType<typeof cutOff>>) => {
  const { opened, store } = await open();
  const gaps: readonly Gap[] = await store.read({ kind: 'gaps', runId: RUN_ID });
  const [past] = await store.read({ kind: 'past' });
  const run = await store.read({ kind: 'run', runId: RUN_ID });
  await store.end(9);
  const db = new Database(databasePath(dataFolder), { readonly: true });
  const { commits } = db.query('SELECT seq AS commits FROM journal').get() as { commits: number };
  db.close();
  const ranges = (list: readonly Gap[]) =>
    list
      .map(({ fromFrame, toFrame }) => [fromFrame, toFrame])
      .toSorted(([a = 0], [b = 0]) => a - b);
  return {
    commits,
    gaps: ranges(gaps),
    kept: ranges(past?.kept ?? []),
    hurts: ranges(run?.hurts ?? []),
    openedHurts: ranges(opened.hurts),
  };
};

const WHOLE = {
  gaps: [[100, 200]],
  kept: [
    [0, 100],
    [200, 1000],
  ],
};

test('its silence is not taken for sound: not in the past, and not by what is reached for', async () => {
  const cut = await cutOff('one');
  // Negative control: nobody knows of it without the line.
  expect(await told(cut)).toMatchObject(WHOLE);
  appendFileSync(join(cut.folder, 'index.jsonl'), '{"gap":400,"frames":50}\n');
  const after = await told(cut);
  expect(after.gaps).toEqual([
    [100, 200],
    [400, 450],
  ]);
  expect(after.kept).toEqual([
    [0, 100],
    [200, 400],
    [450, 1000],
  ]);
  expect(after.hurts).toContainEqual([400, 450]);
  // An engine that takes the run up has to tell the player of it: it is news then.
  expect(after.openedHurts).not.toContainEqual([400, 450]);
  expect(troubles).toEqual([]);
});

test('the next start finds it written, and writes nothing', async () => {
  const cut = await cutOff('twice');
  appendFileSync(join(cut.folder, 'index.jsonl'), '{"gap":400,"frames":50}\n');
  const { commits } = await told(cut);
  const again = await told(cut);
  expect(again).toMatchObject({
    commits,
    gaps: [
      [100, 200],
      [400, 450],
    ],
  });
});

test('both folders of a run are read, and lines that tell no gap are left', async () => {
  const cut = await cutOff('second');
  const second = join(home, 'other-disk', RUN_ID);
  mkdirSync(second, { recursive: true });
  symlinkSync(second, join(cut.folder, 'second'));
  cut.segment(second, 1000, 500);
  writeFileSync(
    join(cut.folder, 'index.jsonl'),
    [
      '{"first":0,"frames":1000,"crc":7}',
      // Known in part, twice, of no frames, of frames that no file holds.
      '{"gap":150,"frames":100}',
      '{"gap":150,"frames":110}',
      '{"gap":600,"frames":0}',
      '{"gap":1490,"frames":900000000000000}',
      '{"gap":-5,"frames":10}',
      '{"gap":99999999999999999999,"frames":1}',
      'what is this',
      '{"gap":700,"fra',
    ].join('\n'),
  );
  writeFileSync(join(second, 'index.jsonl'), '\n{"gap":1100,"frames":10}\n');
  const { gaps } = await told(cut);
  expect(gaps).toEqual([
    [100, 200],
    [200, 250],
    [250, 260],
    [1100, 1110],
    [1490, 1500],
  ]);
  expect(troubles).toEqual([]);
});

test('a line that has changed since it was written is none, and its twin tells of the gap', async () => {
  const cut = await cutOff('changed');
  // As FlowCore writes it: twice, with an empty line between.
  const line = '{"gap":400,"frames":50,"check":3928836675}';
  const wrong = line.replace('"frames":50', '"frames":58');
  writeFileSync(join(cut.folder, 'index.jsonl'), `${wrong}\n\n`);
  expect(await told(cut)).toMatchObject(WHOLE);
  appendFileSync(join(cut.folder, 'index.jsonl'), `${line}\n`);
  expect((await told(cut)).gaps).toEqual([
    [100, 200],
    [400, 450],
  ]);
});

test('a run that ended in order has its rows: nothing is read of it', async () => {
  const cut = await cutOff('ended', { isEnded: true });
  appendFileSync(join(cut.folder, 'index.jsonl'), '{"gap":400,"frames":50}\n');
  expect(await told(cut)).toMatchObject(WHOLE);
  // Unless rows may have been lost with the database's file.
  rmSync(databasePath(cut.dataFolder));
  expect((await told(cut)).gaps).toContainEqual([400, 450]);
});
