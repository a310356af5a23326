/**
 * A long time of clients that come and go and play a little: memory and open handles of each process at
 * its start and at its end.
 *
 * The loops that were captured are taken off the engine's memory: they stay for UNDO, up to a limit of
 * their own.
 */
import type { Json } from '../../judge/client.ts';
import { type Product, until } from '../../judge/product.ts';
import { makeRandom } from '../../judge/wav.ts';
import type { Rig, RigSession, TrialResult } from '../../faults/rig.ts';
import { growth, residentBytes, type Sample } from '../../faults/stand/memory.ts';
import { handles } from '../figures.ts';
import { Follower } from '../follower.ts';
import { play } from '../play.ts';
import type { Random } from '../random-commands.ts';
import { startStage } from '../stage.ts';

export interface Visits {
  readonly visitMinutes: number;
  /** Before it is looked at: caches fill. */
  readonly warmMinutes: number;
}

const VISITORS = 8;
const STAY_MS = { min: 1000, more: 20_000 };
const AWAY_MS_MAX = 3000;
const LOOK_MS = 5000;
const ANSWER_MS_MAX = 20_000;
const MEGABYTE = 1_048_576;
/** Per hour; what a collector is about to give back is above it now and then. */
const GROWN_BYTES_MAX = 64 * MEGABYTE;
/** A connection that is just being made or closed, on either side. */
const HANDLES_SLACK = 4;

type Part = 'launcher' | 'engine' | 'gateway';

interface Look {
  readonly atMs: number;
  readonly gatewayPid: number;
  readonly bytes: Readonly<Record<Part, number>>;
  readonly handles: Readonly<Record<Part, number>>;
}

/** Who comes, plays, goes, and comes again under the same name or another one. */
const visit = async (url: string, random: Random, endMs: number): Promise<number> => {
  let visits = 0;
  while (performance.now() < endMs) {
    const client = new Follower({ name: 'visitor', url });
    const leaveMs = Math.min(endMs, performance.now() + STAY_MS.min + STAY_MS.more * random());
    await play(client, random, leaveMs);
    client.close();
    visits += 1;
    await Bun.sleep(AWAY_MS_MAX * random());
  }
  return visits;
};

/** Asked again while nobody answers: a gateway that was replaced is back in a moment. */
const healthOf = ({ json }: Product) =>
  until('health', () => json<Json>('/api/health').catch(() => false), ANSWER_MS_MAX);

const look = async (product: Product, startMs: number): Promise<Look> => {
  const health: Json = await healthOf(product);
  const { enginePid, gatewayPid } = health;
  const { pid } = product.ready;
  return {
    atMs: performance.now() - startMs,
    gatewayPid,
    bytes: {
      launcher: residentBytes(pid),
      engine: residentBytes(enginePid) - Number(health.loopBytes),
      gateway: residentBytes(gatewayPid),
    },
    handles: { launcher: handles(pid), engine: handles(enginePid), gateway: handles(gatewayPid) },
  };
};

/** What the launcher said of gateways that it replaced. */
const saidOfGateways = (product: Product): string[] =>
  product
    .log()
    .split('\n')
    .filter((line) => /gateway/.test(line) && /warn|error/.test(line));

const PARTS: readonly Part[] = ['launcher', 'engine', 'gateway'];

/** Everybody has gone: only then are handles those that were forgotten. */
const alone = async (product: Product): Promise<Look> => {
  await Bun.sleep(2000);
  return look(product, performance.now());
};

const run = async (product: Product, how: Visits, seed: number): Promise<TrialResult> => {
  const random = makeRandom(seed);
  const phase = async (minutes: number) => {
    const startMs = performance.now();
    const endMs = startMs + 60_000 * minutes;
    const visitors = Array.from({ length: VISITORS }, () =>
      visit(product.url, makeRandom(Math.floor(2 ** 31 * random())), endMs),
    );
    const looks: Look[] = [];
    while (performance.now() < endMs) {
      looks.push(await look(product, startMs));
      await Bun.sleep(Math.min(LOOK_MS, Math.max(0, endMs - performance.now())));
    }
    const visits = (await Promise.all(visitors)).reduce((sum, count) => sum + count, 0);
    return { looks, visits };
  };
  await phase(how.warmMinutes);
  const first = await alone(product);
  const { looks, visits } = await phase(how.visitMinutes);
  const last = await alone(product);
  const { data } = await product.json<Json>('/api/state');
  const listed = Object.keys(data.clients).length;
  const faults = listed === 0 ? [] : [`${listed} clients are listed, and nobody is there`];
  const pids = new Set([first, ...looks, last].map(({ gatewayPid }) => gatewayPid));
  const counts: Record<string, number> = {
    minutes: how.visitMinutes,
    visits,
    gatewaysReplaced: pids.size - 1,
  };
  // A machine with other work may starve it: then its memory began anew, and nothing is proved of it.
  if (pids.size > 1) faults.push(`the gateway was replaced: ${saidOfGateways(product).join(' ')}`);
  for (const part of PARTS) {
    const samples = looks.map(({ atMs, bytes }): Sample => ({ atMs, bytes: bytes[part] }));
    const perHour = looks.length < 10 ? 0 : growth(samples).bytesPerMs * 3_600_000;
    counts[`${part}MbAtStartMax`] = Math.round(first.bytes[part] / MEGABYTE);
    counts[`${part}MbAtEndMax`] = Math.round(last.bytes[part] / MEGABYTE);
    counts[`${part}MbPerHourMax`] = Math.round((10 * perHour) / MEGABYTE) / 10;
    counts[`${part}HandlesAtStartMax`] = first.handles[part];
    counts[`${part}HandlesAtEndMax`] = last.handles[part];
    if (last.handles[part] > first.handles[part] + HANDLES_SLACK) {
      faults.push(`the ${part} has ${last.handles[part]} handles, it had ${first.handles[part]}`);
    }
    const grown = last.bytes[part] - first.bytes[part];
    if (grown > GROWN_BYTES_MAX) faults.push(`the ${part} grew by ${grown} bytes`);
  }
  return { faults, counts };
};

const open = async (how: Visits): Promise<RigSession> => {
  const product = await startStage();
  return {
    trial: (seed) => run(product, how, seed),
    async close() {
      const exit = await product.stop();
      return exit === 0 ? [] : [`it ended with ${exit}`];
    },
  };
};

export const visits = (how: Visits): Rig => ({
  missing: () => (process.platform === 'linux' ? null : 'memory is read in /proc of Linux'),
  open: () => open(how),
});
