/** The thread itself, on real folders and clocks: what is copied into a folder while it runs. */
import { afterEach, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { LIMITS } from '../../../protocol/limits.ts';
import type { ScanNews, ToScan } from '../../../server/plugins/scan-port.ts';
import { makeInbox } from '../../support/inbox.ts';
import { classLine, makeFolder, makeHost, moduleInfo, putBundle, tells } from './fake-bundles.ts';

/** From the last byte until it is offered. */
const OFFERED_MS_MAX = 3000;

setDefaultTimeout(30_000);

const workers: Worker[] = [];
afterEach(() => {
  for (const worker of workers.splice(0)) worker.terminate();
});

const run = (folders: readonly string[], dataFolder = makeFolder()) => {
  const heard = makeInbox<ScanNews>();
  const worker = new Worker(new URL('../../../server/plugins/scan-worker.ts', import.meta.url));
  workers.push(worker);
  worker.addEventListener('message', ({ data }: MessageEvent<ScanNews>) => heard.put(data));
  const tell = (message: ToScan) => worker.postMessage(message, []);
  tell({ t: 'begin', dataFolder, folders, hostPath: makeHost(), isQuiet: false });
  const bundle = async (isIt: (news: ScanNews & { t: 'bundle' }) => boolean) =>
    await heard.find((news) => news.t === 'bundle' && isIt(news));
  return { heard, tell, bundle };
};

const confirmed = (name: string) => (news: ScanNews & { t: 'bundle' }) =>
  news.bundle.name === name && news.bundle.isConfirmed;

describe('the thread that looks for plug-ins', () => {
  test('offers what is copied into a folder within three seconds, and not before it is quiet', async () => {
    const folder = makeFolder();
    const from = putBundle(makeFolder(), 'Room', { script: tells(classLine(1, 'Room')) });
    putBundle(folder, 'Hall', { script: tells(classLine(2, 'Hall')) });
    const { bundle } = run([folder]);
    await bundle(confirmed('Hall'));
    cpSync(from, join(folder, 'Room.vst3'), { recursive: true });
    const copied = performance.now();
    await bundle(confirmed('Room'));
    const waitedMs = performance.now() - copied;
    process.stderr.write(
      `a bundle was offered ${(waitedMs / 1000).toFixed(2)} s after its last byte\n`,
    );
    expect(waitedMs).toBeLessThan(OFFERED_MS_MAX);
    expect(waitedMs).toBeGreaterThan(LIMITS.pluginSettleMs - 50);
  });

  test('hears of a folder that is made later, and of a bundle that goes', async () => {
    const folder = join(makeFolder(), 'later', 'vst3');
    const from = putBundle(makeFolder(), 'Room', { script: tells(classLine(1, 'Room')) });
    const other = makeFolder();
    putBundle(other, 'Hall', { script: tells(classLine(2, 'Hall')) });
    const { bundle, heard } = run([folder, other]);
    await bundle(confirmed('Hall'));
    mkdirSync(folder, { recursive: true });
    cpSync(from, join(folder, 'Room.vst3'), { recursive: true });
    await bundle(confirmed('Room'));
    rmSync(join(folder, 'Room.vst3'), { recursive: true });
    await heard.find((news) => news.t === 'gone');
  });

  test('goes on beside a bundle that crashes and one that hangs, and ends with it', async () => {
    const folder = makeFolder();
    putBundle(folder, 'Crash', { script: 'kill -SEGV $$' });
    putBundle(folder, 'Hang', { script: 'sleep 100', info: moduleInfo(9, 'Hang') });
    putBundle(folder, 'Well', { script: tells(classLine(1, 'Well')) });
    const { bundle, heard, tell } = run([folder]);
    await bundle(({ bundle: { refusal } }) => refusal?.code === 3010);
    await bundle(confirmed('Well'));
    tell({ t: 'end' });
    await heard.find((news) => news.t === 'ended');
  });
});
