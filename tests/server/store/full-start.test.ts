/** FlowZone ends and starts again on a disk that is really full, and what it writes then lands. */
import { Database } from 'bun:sqlite';
import { afterAll, describe, expect, test } from 'bun:test';
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lockDataFolder, prepareDataFolder } from '../../../server/data-folder.ts';
import { makeStoreWorker, StoreClient } from '../../../server/session/store/client.ts';
import { canMount, fill, smallDisk, unmountAll } from './small-disk.ts';

const folder = mkdtempSync(join(tmpdir(), 'fz-full-start-'));
afterAll(() => {
  unmountAll();
  rmSync(folder, { recursive: true });
});

/** As launcher and engine do; rejects when the store cannot be opened. */
const start = async (data: string) => {
  prepareDataFolder(data);
  lockDataFolder(data)?.release();
  const store = new StoreClient({ makeWorker: makeStoreWorker, onFailure: () => undefined });
  try {
    const { sessionId, sessionName } = await store.read({
      kind: 'open',
      dataFolder: data,
      atMs: 1,
      newSessionName: 'S',
    });
    return { store, sessionId, sessionName };
  } catch (error) {
    await store.end(2);
    throw error;
  }
};

const rename = async ({ sessionId, store }: Awaited<ReturnType<typeof start>>, name: string) => {
  store.write({ kind: 'sessionName', sessionId, name });
  expect(await store.settle(20_000)).toBeTrue();
};

/** As the session does once a minute. */
const look = async ({ store }: Awaited<ReturnType<typeof start>>) => {
  const now = { runId: 'ab'.repeat(16), newestFrame: 0, nowMs: 5, pins: [], isClockTrusted: false };
  await store.read({ kind: 'spoolUse', ...now });
  // The file is opened again behind the answer.
  await store.read({ kind: 'past' });
};

const hasBallast = (data: string) => existsSync(join(data, 'ballast'));

/** Ended in order, so that nothing of SQLite lies beside the session file, and full to the last page. */
const endedAndFull = async (): Promise<string> => {
  const data = smallDisk(folder, 96);
  const first = await start(data);
  expect(hasBallast(data)).toBeTrue();
  expect(await first.store.end(3)).toBeTrue();
  expect(readdirSync(data).filter((name) => name.includes('db-'))).toEqual([]);
  fill(data);
  return data;
};

describe.skipIf(!canMount)('a start on a full disk (needs root for a small tmpfs)', () => {
  test('drops the ballast, is written to, and ends and starts again', async () => {
    const data = await endedAndFull();
    const second = await start(data);
    expect(hasBallast(data)).toBeFalse();
    await rename(second, 'full');
    expect(await second.store.end(4)).toBeTrue();
    const third = await start(data);
    expect(third.sessionName).toBe('full');
    expect(await third.store.end(5)).toBeTrue();
  });

  test('without a ballast what was saved is read, and what is written lands when there is room', async () => {
    const data = await endedAndFull();
    rmSync(join(data, 'ballast'));
    fill(data);
    const second = await start(data);
    const { sessionId, store } = second;
    expect(second.sessionName).toBe('S');
    store.write({ kind: 'sessionName', sessionId, name: 'full' });
    expect(await store.settle(1500)).toBeFalse();
    rmSync(join(data, 'fill'));
    expect(await store.settle(20_000)).toBeTrue();
    await rename(second, 'more');
    await look(second);
    // Others may look again.
    using other = new Database(join(data, 'flowzone.db'), { readonly: true });
    expect(other.query('SELECT name FROM session').all()).toEqual([{ name: 'more' }]);
    expect(hasBallast(data)).toBeTrue();
    expect(await store.end(4)).toBeTrue();
    const third = await start(data);
    expect(third.sessionName).toBe('more');
    expect(await third.store.end(5)).toBeTrue();
  });

  test('where a row fits and no more, the file is opened again once a minute, not for each', async () => {
    const data = await endedAndFull();
    rmSync(join(data, 'ballast'));
    fill(data);
    const second = await start(data);
    const path = join(data, 'fill');
    truncateSync(path, statSync(path).size - 28_672);
    // Whoever closes the file takes the log away.
    const logs: number[] = [];
    for (const name of ['a', 'b', 'c']) {
      await rename(second, name);
      logs.push(statSync(join(data, 'flowzone.db-wal')).ino);
      if (name === 'b') await look(second);
    }
    expect(logs[1]).toBe(logs[0] ?? 0);
    expect(logs[2]).not.toBe(logs[0]);
    expect(existsSync(join(data, 'flowzone.db-shm'))).toBeFalse();
    rmSync(path);
    await look(second);
    expect(existsSync(join(data, 'flowzone.db-shm'))).toBeTrue();
    await rename(second, 'd');
    expect(await second.store.end(4)).toBeTrue();
  });

  test('where nothing was ever saved it says that the disk is full, and what to do', async () => {
    const data = smallDisk(folder, 1);
    fill(data);
    await expect(start(data)).rejects.toThrow(/is full.*was saved is safe.*Make some room/);
    rmSync(join(data, 'fill'));
    const { store } = await start(data);
    expect(await store.end(2)).toBeTrue();
  });

  test('one that has no room for a folder is refused with what to do', () => {
    const data = join(smallDisk(folder, 1, 'nr_inodes=1'), 'data');
    const main = join(import.meta.dirname, '../../../server/main.ts');
    const argv = [process.execPath, main, '--data', data];
    const { exitCode, stderr } = Bun.spawnSync(argv);
    expect([exitCode, stderr.toString()]).toEqual([
      4,
      expect.stringMatching(/cannot be used \(ENOSPC.*Make some room on its disk and start again/),
    ]);
  });

  test('a disk that has no ballast to give is no reason to refuse the folder', () => {
    const data = smallDisk(folder, 1);
    fill(data);
    expect(() => prepareDataFolder(data)).not.toThrow();
    expect(readdirSync(data)).toEqual(['fill']);
  });

  test('a backup that does not fit leaves nothing of itself behind', async () => {
    const data = await endedAndFull();
    const before = readdirSync(join(data, 'backup'));
    const second = await start(data);
    await rename(second, 'full');
    fill(data);
    expect(await second.store.end(4)).toBeTrue();
    expect(readdirSync(join(data, 'backup'))).toEqual(before);
  });
});
