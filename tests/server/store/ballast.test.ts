/** On a disk that is really full: the rows still land, and without the ballast they do not. */
import { afterAll, describe, expect, test } from 'bun:test';
import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, mkdtempSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ballast } from '../../../server/session/store/ballast.ts';
import { makeStoreWorker, StoreClient } from '../../../server/session/store/client.ts';

const canMount = process.platform === 'linux' && process.getuid?.() === 0;
const folder = mkdtempSync(join(tmpdir(), 'fz-ballast-'));
const mounts: string[] = [];
afterAll(() => {
  for (const mount of mounts) spawnSync('umount', ['-l', mount]);
  rmSync(folder, { recursive: true });
});

const smallDisk = (megabytes: number): string => {
  const path = mkdtempSync(join(folder, 'disk-'));
  const made = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', path]);
  expect(made.status).toBe(0);
  mounts.push(path);
  return path;
};

const fill = (disk: string): void => {
  const fd = openSync(join(disk, 'fill'), 'w');
  for (const bytes of [1_048_576, 4096]) {
    try {
      for (;;) if (writeSync(fd, new Uint8Array(bytes)) < bytes) break;
    } catch {
      // It is full: that was wanted.
    }
  }
  closeSync(fd);
};

/** Names of a session until one does not land on the full disk; how many did, at most `wanted`. */
const renamesOnFullDisk = async (hasBallast: boolean, wanted: number): Promise<number> => {
  const disk = smallDisk(96);
  const { promise: failed, resolve } = Promise.withResolvers<'failed'>();
  const store = new StoreClient({
    makeWorker: makeStoreWorker,
    onFailure: (isFailed) => isFailed && resolve('failed'),
  });
  await store.read({ kind: 'open', dataFolder: disk, atMs: 1, newSessionName: 'S' });
  expect(existsSync(join(disk, 'ballast'))).toBeTrue();
  if (!hasBallast) rmSync(join(disk, 'ballast'));
  fill(disk);
  let landed = 0;
  const isLanding = () =>
    Promise.race([
      failed,
      new Promise<'landed'>((done) =>
        store.write({ kind: 'sessionName', sessionId: 's', name: 'n'.repeat(64) }, () =>
          done('landed'),
        ),
      ),
    ]);
  while (landed < wanted && (await isLanding()) === 'landed') landed += 1;
  if (hasBallast) expect(existsSync(join(disk, 'ballast'))).toBeFalse();
  rmSync(join(disk, 'fill'));
  await store.end(2);
  return landed;
};

describe.skipIf(!canMount)('the ballast (needs root for a small tmpfs)', () => {
  test('lets rows land on a full disk', async () => {
    expect(await renamesOnFullDisk(true, 100)).toBe(100);
  });

  test('negative control: without it they do not', async () => {
    expect(await renamesOnFullDisk(false, 100)).toBeLessThan(100);
  });

  test('is laid only where there is room to spare, and again when there is', () => {
    const disk = smallDisk(72);
    const ballast = new Ballast(disk);
    expect(ballast.drop()).toBeFalse();
    fill(disk);
    ballast.lay();
    expect(existsSync(join(disk, 'ballast'))).toBeFalse();
    rmSync(join(disk, 'fill'));
    ballast.lay();
    expect(statSync(join(disk, 'ballast')).size).toBe(4_194_304);
    expect(ballast.drop()).toBeTrue();
    expect(existsSync(join(disk, 'ballast'))).toBeFalse();
  });
});
