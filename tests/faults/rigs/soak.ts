/**
 * Nothing breaks: minutes of playing after the other, nothing may be missing and memory may not grow, but
 * for the loops that were captured: those stay for UNDO, up to a limit of their own.
 */
import { join } from 'node:path';
import { connect } from '../../judge/client.ts';
import { until } from '../../judge/product.ts';
import type { Rig, RigSession, TrialResult } from '../rig.ts';
import { RATE } from '../stand/lives.ts';
import { makeDiskFolder, removeDiskFolder } from '../stand/loop-disk.ts';
import { engineBytes, growth, residentBytes, type Sample } from '../stand/memory.ts';
import { openStand } from '../stand/stand.ts';
import { codeOf } from './freeze.ts';

export interface Soak {
  readonly minutes: number;
  /** Before it begins, once: caches fill. */
  readonly warmMinutes: number;
}

const PAIRS = 8;
const COMMIT_MS = 2000;
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const KILOBYTE = 1024;
const SETTLED_FRAMES = 1.5 * RATE;
const SETTLED_MS_MAX = 20_000;

const openSoak = async (how: Soak): Promise<RigSession> => {
  const home = makeDiskFolder();
  const stand = await openStand({ home, data: join(home, 'data'), code: codeOf(PAIRS) });
  const { books, player, product } = stand;
  const second = await connect(product.url);
  const { gatewayPid } = product.ready;
  let isWarm = false;

  const play = async (minutes: number) => {
    const engine: Sample[] = [];
    const gateway: Sample[] = [];
    let refused = 0;
    const start = performance.now();
    for (let atMs = 0; atMs < minutes * MINUTE_MS; atMs = performance.now() - start) {
      if (!(await stand.press())) refused += 1;
      engine.push({ atMs, bytes: await engineBytes(product) });
      gateway.push({ atMs, bytes: residentBytes(gatewayPid) });
      await Bun.sleep(COMMIT_MS);
    }
    return { engine, gateway, refused };
  };

  const trial = async (): Promise<TrialResult> => {
    if (!isWarm) await play(how.warmMinutes);
    isWarm = true;
    const before = player.captured.length;
    const { engine, gateway, refused } = await play(how.minutes);
    await until('the rest is written', () => books.owedFrames < SETTLED_FRAMES, SETTLED_MS_MAX);
    const perHour = (samples: readonly Sample[]) =>
      Math.round((growth(samples) * HOUR_MS) / KILOBYTE);
    return {
      faults: [
        ...books.faults.splice(0),
        ...(books.gapFrames > 0 ? [`a gap of ${books.gapFrames} frames`] : []),
        ...(books.states.has('critical') ? ['the disk was called critical'] : []),
        ...(refused > 0 ? [`${refused} presses were refused`] : []),
      ],
      counts: {
        minutes: how.minutes,
        captured: player.captured.length - before,
        gapFrames: books.gapFrames,
        backlogFramesMax: books.backlogFramesMax,
        engineWithoutLoopsMbMax: Math.round(
          Math.max(...engine.map(({ bytes }) => bytes)) / KILOBYTE ** 2,
        ),
        engineWithoutLoopsKbPerHourMax: perHour(engine),
        gatewayKbPerHourMax: perHour(gateway),
      },
    };
  };

  const close = async (): Promise<string[]> => {
    const heard = player.frameNow();
    second.close();
    const faults = await stand.finish();
    const held = Math.min(...stand.spooledFrames());
    if (held < heard) faults.push(`the spool holds ${held} of ${heard} frames`);
    removeDiskFolder(home);
    return faults;
  };

  return { trial, close };
};

export const soak = (how: Soak): Rig => ({
  missing: () => (process.platform === 'linux' ? null : 'memory is read from /proc'),
  open: () => openSoak(how),
});
