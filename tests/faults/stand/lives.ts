/** Starts FlowZone on a folder and ends it in the worst way. */
import { readFileSync } from 'node:fs';
import { type Product, startProduct, until } from '../../judge/product.ts';
import { isAlive } from '../../judge/stage.ts';
import { SLOTS } from './player.ts';

export const RATE = 48_000;
/** The fastest there is: the shortest bar, and so the most captures a second. */
export const BPM = 300;
export const BAR_FRAMES = 4 * 2 * Math.round((30 * RATE) / BPM);

export interface LifeOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Further words of the command line. */
  readonly more?: readonly string[];
  /** A command that becomes the one it is given. */
  readonly inside?: readonly string[];
  /** Told at once, before it is ready. */
  readonly onSpawn?: (pid: number) => void;
}

export const startLife = (
  data: string,
  inputPath: string,
  { env = {}, inside = [], more = [], onSpawn = () => undefined }: LifeOptions = {},
): Promise<Product> =>
  startProduct(
    [
      '--device',
      'headless',
      '--bpm',
      `${BPM}`,
      '--slots',
      `${SLOTS}`,
      '--input',
      inputPath,
      ...more,
    ],
    {
      data,
      env: {
        FLOWZONE_RING_SECONDS: '140',
        FLOWZONE_CRASH_GUARD: 'off',
        FLOWZONE_RATE_LIMIT: 'off',
        ...env,
      },
      inside,
      onSpawn,
    },
  );

const childrenOf = (pid: number): number[] => {
  try {
    const line = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8');
    return line.split(' ').filter(Boolean).map(Number);
  } catch {
    return [];
  }
};

/** The engine that this launcher has started after `deadPid`; false while there is none. */
export const engineBelow = (launcherPid: number, deadPid: number): number | false =>
  childrenOf(launcherPid).find((pid) => pid !== deadPid && isEngine(pid)) ?? false;

const isEngine = (pid: number): boolean => {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('server/engine/main.ts');
  } catch {
    return false;
  }
};

/** A launcher and whatever it has started by now; ends when they are gone. */
export const killTree = async (
  launcherPid: number,
  others: readonly number[] = [],
): Promise<void> => {
  const pids = [launcherPid, ...childrenOf(launcherPid), ...others];
  for (const pid of pids) if (isAlive(pid)) process.kill(pid, 'SIGKILL');
  await until('all processes are gone', () => !pids.some(isAlive));
};

/** Launcher, engine and gateway at once; ends when they are gone. */
export const killAll = ({ ready }: Product): Promise<void> =>
  killTree(ready.pid, [ready.enginePid, ready.gatewayPid]);
