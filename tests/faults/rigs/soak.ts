/**
 * Nothing breaks: minutes after the other, nothing may be missing and memory may not grow, but for what was
 * captured: loops stay for UNDO, up to a limit of their own, and the history is kept in memory.
 *
 * `FZ_SOAK_MINUTES=120` lasts longer.
 */
import { join } from 'node:path';
import { connect, type Json } from '../../judge/client.ts';
import { until } from '../../judge/product.ts';
import type { Rig, RigSession, TrialResult } from '../rig.ts';
import { RATE } from '../stand/lives.ts';
import { makeDiskFolder, removeDiskFolder } from '../stand/loop-disk.ts';
import { type Growth, growth, residentBytes, type Sample, verdictOf } from '../stand/memory.ts';
import { openStand } from '../stand/stand.ts';
import { codeOf } from './freeze.ts';

/** Growth is that of the second half. */
export const SOAK_MINUTES = Number(process.env['FZ_SOAK_MINUTES'] ?? 18);

export interface Soak {
  /** Somebody plays and captures: growth is told beside its limit. Else FlowZone only listens, and may not pass it. */
  readonly isPlayed: boolean;
}

const PAIRS = 8;
const SAMPLE_MS = 2000;
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const KILOBYTE = 1024;
const MEGABYTE = KILOBYTE ** 2;
/** What a process may gain. */
const BYTES_PER_HOUR_MAX = MEGABYTE;
const SETTLED_FRAMES = 1.5 * RATE;
const SETTLED_MS_MAX = 20_000;

const perHour = ({ bytesPerMs, deviation }: Growth) => ({
  kb: Math.round((bytesPerMs * HOUR_MS) / KILOBYTE),
  deviationKb: Math.round((deviation * HOUR_MS) / KILOBYTE),
  verdict: verdictOf({ bytesPerMs, deviation }, BYTES_PER_HOUR_MAX / HOUR_MS),
});

const LIMIT = `the limit of ${BYTES_PER_HOUR_MAX / KILOBYTE} KB an hour`;
const VERDICTS = {
  below: `shown to be below ${LIMIT}`,
  above: `ABOVE ${LIMIT}`,
  open: `not shown at this length to be below ${LIMIT}`,
} as const;

const inWords = (who: string, { deviationKb, kb, verdict }: ReturnType<typeof perHour>): string =>
  `the ${who} grows by ${kb} ± ${deviationKb} KB an hour: ${VERDICTS[verdict]}`;

const openSoak = async (how: Soak): Promise<RigSession> => {
  const home = makeDiskFolder();
  const stand = await openStand({ home, data: join(home, 'data'), code: codeOf(PAIRS) });
  const { books, player, product } = stand;
  const second = await connect(product.url);

  const play = async () => {
    const engine: Sample[] = [];
    const gateway: Sample[] = [];
    let refused = 0;
    let lives = 0;
    let pids = '';
    const start = performance.now();
    for (let atMs = 0; atMs < SOAK_MINUTES * MINUTE_MS; atMs = performance.now() - start) {
      if (how.isPlayed && !(await stand.press())) refused += 1;
      const now = await product.json<Json>('/api/health').catch(() => null);
      await Bun.sleep(SAMPLE_MS);
      if (now === null) continue;
      const { enginePid, gatewayPid, loopBytes } = now;
      if (pids !== `${enginePid} ${gatewayPid}`) {
        // What one process had says nothing of the next one.
        pids = `${enginePid} ${gatewayPid}`;
        lives += 1;
        engine.length = gateway.length = 0;
      }
      engine.push({ atMs, bytes: residentBytes(enginePid) - loopBytes });
      gateway.push({ atMs, bytes: residentBytes(gatewayPid) });
    }
    return { engine, gateway, refused, died: lives - 1 };
  };

  const trial = async (): Promise<TrialResult> => {
    const { died, engine, gateway, refused } = await play();
    await until('the rest is written', () => books.owedFrames < SETTLED_FRAMES, SETTLED_MS_MAX);
    const grown = { engine: perHour(growth(engine)), gateway: perHour(growth(gateway)) };
    const grew = Object.entries(grown).filter(([, { verdict }]) => verdict === 'above');
    return {
      faults: [
        ...books.faults.splice(0),
        ...(books.gapFrames > 0 ? [`a gap of ${books.gapFrames} frames`] : []),
        ...(books.states.has('critical') ? ['the disk was called critical'] : []),
        ...(died > 0 ? [`${died} times a process died`] : []),
        ...(refused > 0 ? [`${refused} presses were refused`] : []),
        ...(how.isPlayed ? [] : grew.map(([who, each]) => inWords(who, each))),
      ],
      remarks: Object.entries(grown).map(([who, each]) => inWords(who, each)),
      counts: {
        minutes: SOAK_MINUTES,
        captured: player.captured.length,
        // At the end of the row, all of them; where nobody plays there are none.
        ...(how.isPlayed && { judged: player.savedCount() }),
        gapFrames: books.gapFrames,
        backlogFramesMax: books.backlogFramesMax,
        engineWithoutLoopsMbMax: Math.round(
          Math.max(...engine.map(({ bytes }) => bytes)) / MEGABYTE,
        ),
        engineWithoutLoopsKbPerHourMax: grown.engine.kb,
        engineDeviationKbPerHourMax: grown.engine.deviationKb,
        gatewayKbPerHourMax: grown.gateway.kb,
        gatewayDeviationKbPerHourMax: grown.gateway.deviationKb,
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
