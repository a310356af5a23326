/** Whatever a disk does to files that nobody needs, what was committed stays so and the next is written. */
import { afterAll, describe, expect, test } from 'bun:test';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeStoreWorker, StoreClient } from '../../../server/session/store/client.ts';
import type { StoreWrite } from '../../../server/session/store/write-requests.ts';
import { makeRiff, makeTake, RUN_ID } from './samples.ts';
import { canMount, smallDisk, unmountAll } from './small-disk.ts';

const SHA = 'ab'.repeat(32);
const folder = mkdtempSync(join(tmpdir(), 'fz-refused-'));
afterAll(() => {
  unmountAll();
  rmSync(folder, { recursive: true });
});

const openStore = async (dataFolder: string) => {
  const failures: string[] = [];
  const troubles: string[] = [];
  const store = new StoreClient({
    makeWorker: makeStoreWorker,
    onFailure: (isFailed, why) => void (isFailed && failures.push(why)),
    onTrouble: (why) => void troubles.push(why),
  });
  const opened = await store.read({ kind: 'open', dataFolder, atMs: 1, newSessionName: 'S' });
  /** Rejects as soon as the store counts as failed: it would go on trying for ever. */
  const write = async (request: StoreWrite): Promise<void> => {
    const { promise, reject, resolve } = Promise.withResolvers<void>();
    store.write(request, resolve, () => reject(new Error('refused')));
    while (failures.length === 0) {
      if (await Promise.race([promise.then(() => true), Bun.sleep(10).then(() => false)])) return;
    }
    throw new Error(failures[0]);
  };
  return { store, troubles, write, sessionId: opened.sessionId };
};

/** A session that holds a take with a file, and is not the open one. */
const fillOther = async ({ write }: Pick<Awaited<ReturnType<typeof openStore>>, 'write'>) => {
  const root = makeRiff('root', null, 0);
  const sessionId = 'other';
  await write({
    kind: 'newSession',
    sessionId,
    name: 'O',
    root,
    gridShift: 0,
    atMs: 2,
    moveId: 'm0',
    openId: 'o0',
  });
  await write({
    kind: 'beginRun',
    runId: RUN_ID,
    sessionId,
    rateHz: 48_000,
    atMs: 2,
    gridShift: 0,
  });
  await write({ kind: 'take', sessionId, take: makeTake('t1') });
  const file = { takeId: 't1', part: 'window', sha256: SHA, bytes: 5, preFrames: 0 } as const;
  await write({ kind: 'takeFile', file });
};

const audioOf = (data: string) => join(data, 'audio', `${SHA}.wav`);
const trashOf = (data: string) => join(data, 'trash', `${SHA}.wav`);

describe('files that nobody needs', () => {
  test.skipIf(!canMount)('go to the trash and come back when `audio` is another disk', async () => {
    const data = mkdtempSync(join(folder, 'link-'));
    symlinkSync(smallDisk(folder, 8), join(data, 'audio'));
    writeFileSync(audioOf(data), 'sound');
    const first = await openStore(data);
    await fillOther(first);
    await first.write({ kind: 'removeSession', sessionId: 'other', atMs: 3 });
    expect([existsSync(audioOf(data)), existsSync(trashOf(data))]).toEqual([false, true]);
    await first.write({ kind: 'restoreSession', sessionId: 'other', atMs: 4 });
    expect([existsSync(audioOf(data)), existsSync(trashOf(data))]).toEqual([true, false]);
    expect(readdirSync(join(data, 'audio'))).toEqual([`${SHA}.wav`]);
    expect(first.troubles).toEqual([]);
    await first.store.end(5);
  });

  test('may refuse to go: the next write lands, and the next start opens', async () => {
    const data = mkdtempSync(join(folder, 'bad-'));
    const first = await openStore(data);
    await fillOther(first);
    // A name in the trash that is taken by a folder: nothing can be put over it, now or later.
    writeFileSync(audioOf(data), 'sound');
    mkdirSync(join(trashOf(data), 'full'), { recursive: true });
    await first.write({ kind: 'removeSession', sessionId: 'other', atMs: 3 });
    expect(first.troubles).toEqual([expect.stringContaining(SHA)]);
    await first.write({ kind: 'sessionName', sessionId: first.sessionId, name: 'later' });
    await first.store.end(4);
    const second = await openStore(data);
    expect(second.troubles).toEqual([expect.stringContaining(SHA)]);
    await second.write({ kind: 'sessionName', sessionId: first.sessionId, name: 'even later' });
    expect(existsSync(audioOf(data))).toBeTrue();
    await second.store.end(5);
  });

  test('may be unreadable when they count as torn', async () => {
    const data = mkdtempSync(join(folder, 'torn-'));
    const first = await openStore(data);
    mkdirSync(audioOf(data));
    await first.write({ kind: 'torn', sha256s: [SHA], atMs: 2 });
    expect(first.troubles).toEqual([expect.stringContaining(SHA)]);
    await first.store.end(3);
    const second = await openStore(data);
    await second.write({ kind: 'sessionName', sessionId: first.sessionId, name: 'later' });
    await second.store.end(4);
  });
});
