/** A recording that no row names is whole in the spool: it is offered, and can be reached for. */
import { afterAll, expect, test } from 'bun:test';
import { appendFileSync, mkdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeStoreWorker, StoreClient } from '../../../server/session/store/client.ts';
import { wavHeader } from '../../../server/wav-header.ts';
import { makeFolder } from '../../judge/product.ts';
import { RUN_ID } from './samples.ts';

const home = makeFolder();
afterAll(() => rmSync(home, { recursive: true }));

const RATE = 44_100;
const LOST = 'c'.repeat(32);
const WRITTEN_S = 1_700_000_000;

const troubles: string[] = [];
const start = async (dataFolder = home) => {
  const store = new StoreClient({
    makeWorker: makeStoreWorker,
    onFailure: (_, why) => void troubles.push(why),
    onTrouble: (why) => void troubles.push(why),
  });
  const asked = { kind: 'open', dataFolder, atMs: 1, newSessionName: 'S' } as const;
  return { store, opened: await store.read(asked) };
};

const segment = (runId: string, firstFrame: number, frames: number, dataFolder = home) => {
  const folder = join(dataFolder, 'spool', runId);
  mkdirSync(folder, { recursive: true });
  const bytes = Buffer.alloc(58 + 8 * frames);
  bytes.set(wavHeader(frames, RATE, 2));
  const path = join(folder, `seg-${String(firstFrame).padStart(12, '0')}.wav`);
  writeFileSync(path, bytes);
  utimesSync(path, WRITTEN_S, WRITTEN_S);
};

test('it is listed with rate, start and gaps, in bars of the tempo that a session begins with', async () => {
  const first = await start();
  const { sessionId } = first.opened;
  first.store.write({
    kind: 'beginRun',
    runId: RUN_ID,
    sessionId,
    rateHz: 48_000,
    atMs: 6,
    gridShift: 0,
  });
  await first.store.end(8);
  segment(LOST, 0, RATE);
  segment(LOST, RATE, RATE);
  appendFileSync(join(home, 'spool', LOST, 'index.jsonl'), '{"gap":500,"frames":100}\n');
  // Nothing can be had of these.
  mkdirSync(join(home, 'spool', 'd'.repeat(32)));
  mkdirSync(join(home, 'spool', 'other'));

  for (const _ of ['found', 'known']) {
    const { opened, store } = await start();
    const past = await store.read({ kind: 'past' });
    const run = await store.read({ kind: 'run', runId: LOST });
    await store.end(9);
    // The run that was cut off is the one to take up, all the same.
    expect(opened.openRunId).toBe(RUN_ID);
    expect(past).toHaveLength(1);
    expect(past[0]).toMatchObject({
      runId: LOST,
      rateHz: RATE,
      startedMs: (WRITTEN_S - 2) * 1000,
      gapFrames: 100,
      kept: [
        { fromFrame: 0, toFrame: 500 },
        { fromFrame: 600, toFrame: 2 * RATE },
      ],
    });
    expect(past[0]?.grids).toHaveLength(1);
    expect(past[0]?.grids[0]).toMatchObject({ lineFrame: 0, framesPerBeat: RATE / 2 });
    expect(run).toMatchObject({ rateHz: RATE, epochs: past[0]?.grids });
  }
  expect(troubles).toEqual([]);
});

test('one of an engine that is there, whose beginning came too late, is the one to take up', async () => {
  const data = makeFolder();
  segment(RUN_ID, 0, RATE, data);
  const first = await start(data);
  const { sessionId } = first.opened;
  const run = { runId: RUN_ID, sessionId, rateHz: RATE, atMs: 6, gridShift: 0 };
  const line = { lineFrame: 9, lineBeat: 0, lineBar: 0, framesPerBeat: 3, beatsPerBar: 3 };
  const epoch = { ...line, fromFrame: 9 };
  expect((await first.store.read({ kind: 'run', runId: RUN_ID }))?.epochs).toHaveLength(1);
  first.store.write({ kind: 'beginRun', ...run });
  first.store.write({ kind: 'epoch', runId: RUN_ID, epoch });
  // It may be told again, at any time.
  first.store.write({ kind: 'beginRun', ...run, atMs: 7 });
  await first.store.end(8);
  const { opened, store } = await start(data);
  const past = await store.read({ kind: 'past' });
  await store.end(9);
  rmSync(data, { recursive: true });
  expect(opened).toMatchObject({ openRunId: RUN_ID, epochs: [epoch] });
  expect(past).toMatchObject([{ runId: RUN_ID, startedMs: 6, grids: [epoch] }]);
});
