/** On a disk that is full to the last page the past goes all the same: that is what makes room for takes. */
import { afterAll, describe, expect, test } from 'bun:test';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LIMITS } from '../../../protocol/limits.ts';
import { wavHeader } from '../../../server/wav-header.ts';
import { diskOf } from '../../../server/session/retention/disks.ts';
import type { SpoolQuestion } from '../../../server/session/retention/sweep.ts';
import { makeStoreWorker, StoreClient } from '../../../server/session/store/client.ts';
import { makeFolder } from '../../judge/product.ts';
import { canMount, fill, smallDisk, unmountAll } from './small-disk.ts';

const folder = makeFolder();
afterAll(() => unmountAll());

const [EARLIER, NOW] = ['a', 'b'].map((digit) => digit.repeat(32)) as [string, string];
const RATE = 48_000;
const SEGMENT_FRAMES = 5 * RATE;

/** An earlier run of four segments, two megabytes each, and one that goes on, of which the newest is kept. */
const makeStage = async () => {
  const data = smallDisk(folder, 96);
  const store = new StoreClient({ makeWorker: makeStoreWorker, onFailure: () => undefined });
  const opening = { kind: 'open', dataFolder: data, atMs: 1, newSessionName: 'S' } as const;
  const { sessionId } = await store.read(opening);
  const pathOf = (runId: string, firstFrame: number) =>
    join(data, 'spool', runId, `seg-${String(firstFrame).padStart(12, '0')}.wav`);
  for (const runId of [EARLIER, NOW]) {
    const run = { runId, sessionId, rateHz: RATE, atMs: 1, gridShift: 0 };
    store.write({ kind: 'beginRun', ...run });
    mkdirSync(join(data, 'spool', runId));
    for (let at = 0; at < 4; at += 1) {
      const bytes = Buffer.alloc(58 + SEGMENT_FRAMES * 8, 1);
      bytes.set(wavHeader(SEGMENT_FRAMES, RATE, 2));
      const firstFrame = at * SEGMENT_FRAMES;
      writeFileSync(pathOf(runId, firstFrame), bytes);
      const toFrame = firstFrame + SEGMENT_FRAMES;
      store.write({ kind: 'segment', runId, firstFrame, toFrame, crc: 1 });
    }
  }
  expect(await store.settle(20_000)).toBeTrue();
  const ask = (newestFrame: number): SpoolQuestion => ({
    runId: NOW,
    newestFrame,
    nowMs: Date.now(),
    pins: [],
    isClockTrusted: true,
  });
  /** As the session does once a minute. */
  const sweep = async (newestFrame = LIMITS.pastSecondsMin * RATE) => {
    const { doomed } = await store.read({ kind: 'spoolUse', ...ask(newestFrame) });
    await store.read({ kind: 'forget', runId: NOW, segments: doomed });
    return doomed.length;
  };
  const left = (runId: string) =>
    [0, 1, 2, 3].filter((at) => existsSync(pathOf(runId, at * SEGMENT_FRAMES)));
  const rename = async (name: string, ms = 5000) => {
    store.write({ kind: 'sessionName', sessionId, name });
    return await store.settle(ms);
  };
  return { data, store, sweep, left, rename };
};

describe.skipIf(!canMount)('a full disk (needs root for a small tmpfs)', () => {
  test.each([
    ['with the ballast', false],
    ['without a ballast to give', true],
  ])('an earlier run goes, %s, and what is written then lands', async (_, isBare) => {
    const { data, left, rename, store, sweep } = await makeStage();
    if (isBare) rmSync(join(data, 'ballast'));
    fill(data);
    expect(await sweep()).toBe(4);
    expect([left(EARLIER), left(NOW)]).toEqual([[], [0, 1, 2, 3]]);
    expect(await rename('landed')).toBeTrue();
    await store.end(2);
  });

  test('disks are told apart, and the folders of one are not', () => {
    const small = smallDisk(folder, 8);
    mkdirSync(join(small, 'within'));
    const [device, here] = [diskOf(small).device, diskOf(folder).device];
    expect(diskOf(join(small, 'within')).device).toBe(device);
    expect(device).not.toBe(here);
    expect(diskOf(join(folder, 'nowhere'))).toMatchObject({ freeBytes: 0, diskBytes: 0 });
  });

  test('an earlier run goes although a write that has no room waits, and that one lands then', async () => {
    const { data, left, rename, store, sweep } = await makeStage();
    rmSync(join(data, 'ballast'));
    fill(data);
    // Until one has no room; however many that are.
    let landed = 0;
    while (await rename(`n${landed}`.padEnd(64, 'n'), 500)) landed += 1;
    expect(await sweep()).toBe(4);
    expect(left(EARLIER)).toEqual([]);
    expect(await store.settle(5000)).toBeTrue();
    await store.end(2);
  });

  test('of the run that goes on, the core is told that it went on purpose', async () => {
    const { data, left, store, sweep } = await makeStage();
    rmSync(join(data, 'ballast'));
    fill(data);
    const frames = LIMITS.pastSecondsMin * RATE + 2 * SEGMENT_FRAMES;
    expect(await sweep(frames)).toBe(6);
    expect(left(NOW)).toEqual([2, 3]);
    const lines = readFileSync(join(data, 'spool', NOW, 'forgotten.jsonl'), 'utf8');
    expect(lines.trim().split('\n')).toEqual(
      [0, 1].map((at) => `{"first":${at * SEGMENT_FRAMES},"frames":${SEGMENT_FRAMES},"crc":0}`),
    );
    await store.end(2);
  });
});
