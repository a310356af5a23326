/** On a disk that is really full: the rows still land, and without the ballast they do not. */
import { afterAll, describe, expect, test } from 'bun:test';
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ballast } from '../../../server/ballast.ts';
import { makeStoreWorker, StoreClient } from '../../../server/session/store/client.ts';
import { canMount, fill, smallDisk, unmountAll } from './small-disk.ts';

const folder = mkdtempSync(join(tmpdir(), 'fz-ballast-'));
afterAll(() => {
  unmountAll();
  rmSync(folder, { recursive: true });
});

/** Names of a session until one does not land on the full disk; how many did, at most `wanted`. */
const renamesOnFullDisk = async (hasBallast: boolean, wanted: number): Promise<number> => {
  const disk = smallDisk(folder, 96);
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
    const disk = smallDisk(folder, 72);
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
