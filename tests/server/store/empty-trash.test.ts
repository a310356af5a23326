/** What was removed a minute ago is there, whatever the clock says and however short the disk is of room. */
import { afterAll, describe, expect, test } from 'bun:test';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freeBytesMin } from '../../../server/session/retention/plan.ts';
import { makeStoreWorker, StoreClient } from '../../../server/session/store/client.ts';
import { statesFolder } from '../../../server/session/store/states.ts';
import { TRASH_MS } from '../../../server/session/store/trash-time.ts';
import { makeFolder } from '../../judge/product.ts';
import { makePlugin, makeRiff, makeTake, RUN_ID } from './samples.ts';
import { canMount, smallDisk, unmountAll } from './small-disk.ts';

const folder = makeFolder();
afterAll(() => unmountAll());

const NOW_MS = Date.UTC(2026, 10, 27);
const SOUND = 'sound';
const sha256 = new Bun.CryptoHasher('sha256').update(SOUND).digest('hex');
const STATE = 'c'.repeat(64);

/** A disk that is short of room from the first byte on, and a session on it that was just removed. */
const makeRemoved = async () => {
  const data = smallDisk(folder, 96);
  const store = new StoreClient({ makeWorker: makeStoreWorker, onFailure: () => undefined });
  const opening = { kind: 'open', dataFolder: data, atMs: NOW_MS, newSessionName: 'S' } as const;
  const { sessionId } = await store.read(opening);
  const files = {
    audio: join(data, 'audio', `${sha256}.wav`),
    trash: join(data, 'trash', `${sha256}.wav`),
  };
  writeFileSync(files.audio, SOUND);
  mkdirSync(statesFolder(data), { recursive: true });
  const state = join(statesFolder(data), `${STATE}.state`);
  writeFileSync(state, 'state');
  const common = { sessionId, gridShift: 0 };
  store.write({ kind: 'beginRun', ...common, runId: RUN_ID, rateHz: 48_000, atMs: NOW_MS });
  const [root, take] = [makeRiff('r0', null, 0), makeTake('t1')];
  const file = { takeId: 't1', part: 'window', sha256, bytes: SOUND.length, preFrames: 0 } as const;
  store.write({ kind: 'riff', ...common, riff: root, takes: [take], moveId: 'm0', files: [file] });
  store.write({ kind: 'plugin', sessionId, plugin: { ...makePlugin('p1'), state: STATE } });
  store.write({ kind: 'removeSession', sessionId, atMs: NOW_MS });
  expect(await store.settle(20_000)).toBeTrue();
  /** As once a minute. */
  const look = (nowMs: number, isClockTrusted: boolean) =>
    store.read({
      kind: 'spoolUse',
      runId: RUN_ID,
      newestFrame: 1,
      nowMs,
      pins: [],
      isClockTrusted,
    });
  const left = () => [existsSync(files.trash), existsSync(state)];
  return { store, look, left };
};

describe.if(canMount)(
  'a session that was removed a minute ago, on a disk that is short of room',
  () => {
    test('is there while the clock may be a month ahead', async () => {
      const { left, look, store } = await makeRemoved();
      const { storage } = await look(NOW_MS + TRASH_MS + 60_000, false);
      expect(storage.freeBytes).toBeLessThan(freeBytesMin(storage.diskBytes));
      expect(left()).toEqual([true, true]);
      // Negative control: the clock is right, and the month is over.
      await look(NOW_MS + TRASH_MS + 120_000, true);
      expect(left()).toEqual([false, false]);
      await store.end(NOW_MS);
    });
  },
);
