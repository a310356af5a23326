/**
 * Clients behind bad lines who all play at once: each holds the same state at the same revision.
 *
 * Beside them one on a good line, whose times are the floor of the same run. At the end every line is
 * mended: all must come to the same state as FlowZone itself.
 */
import type { Json } from '../../judge/client.ts';
import { type Product, until } from '../../judge/product.ts';
import { makeRandom } from '../../judge/wav.ts';
import type { Rig, RigSession, TrialResult } from '../../faults/rig.ts';
import { refusalOf } from '../../faults/rigs/slow-clients.ts';
import { type Mutation, mutantEnv } from '../../faults/stand/mutant.ts';
import { residentBytes } from '../../faults/stand/processes.ts';
import { type BadLine, openBadLine } from '../bad-line.ts';
import { share, tenths } from '../figures.ts';
import { Follower } from '../follower.ts';
import { Ledger } from '../ledger.ts';
import { play, type Repeats } from '../play.ts';
import { type Act, probe } from '../probe.ts';
import type { Random } from '../random-commands.ts';
import { type Effects, judgeRepeats } from '../repeats.ts';
import { startStage } from '../stage.ts';

export interface Crowd {
  /** Behind bad lines. */
  readonly clients: number;
  readonly minutes: number;
  /** For how long all lines stand still at the end. */
  readonly stallSeconds: number;
  /** What becomes of messages to the first of them. */
  readonly tamper?: (random: Random) => (message: Json) => Json[];
  /** What is wrong with FlowZone itself. */
  readonly plants?: readonly Mutation[];
}

const CLIENTS_MAX = 16;
const TOO_MANY = 5006;
const SETTLED_MS_MAX = 30_000;

/** Some milliseconds late, sometimes a burst of it; now and then still, seldom cut. */
const manners = (random: Random) => ({
  delayMs: () => (random() < 0.02 ? 200 * random() : 2 + 28 * random()),
  mishap: () => ({
    inMs: 3000 + 25_000 * random(),
    stallMs: random() < 0.4 ? ('cut' as const) : 100 + 8000 * random() ** 2,
  }),
});

interface Line {
  readonly line: BadLine;
  readonly follower: Follower;
}

const openLines = async (url: string, crowd: Crowd, ledger: Ledger, random: Random) => {
  const lines: Line[] = [];
  for (let index = 0; index < crowd.clients; index += 1) {
    const own = makeRandom(Math.floor(2 ** 31 * random()));
    const line = await openBadLine(url, manners(own));
    const tamper = index === 0 ? crowd.tamper?.(own) : undefined;
    const name = `client ${index + 1}`;
    const follower = new Follower({ name, url: line.url, ledger, ...(tamper && { tamper }) });
    lines.push({ line, follower });
  }
  return lines;
};

/** How much later than the floor a client held what was asked; in ms, and as a ratio to the floor. */
const latencies = (
  ledger: Ledger,
  acts: readonly Act[],
  direct: string,
  others: readonly string[],
) => {
  const of = (client: string) =>
    acts.flatMap(({ revId, sentMs }) => {
      const atMs = ledger.arrivedMs(client, revId);
      return atMs === undefined || atMs < sentMs ? [] : [atMs - sentMs];
    });
  const floor = of(direct);
  const each = others.map(of).filter((values) => values.length > 0);
  const worst = (part: number) => Math.max(0, ...each.map((values) => share(values, part)));
  const [p50, p99] = [share(floor, 0.5), share(floor, 0.99)];
  return {
    directP50MsMax: tenths(p50),
    directP99MsMax: tenths(p99),
    clientP50MsMax: tenths(worst(0.5)),
    clientP99MsMax: tenths(worst(0.99)),
    clientP50RatioMax: tenths(worst(0.5) / p50),
    clientP99RatioMax: tenths(worst(0.99) / p99),
  };
};

/** All lines stand still for a while, as when everybody leaves the room: what that costs the gateway. */
const stallAll = async ({ ready }: Product, lines: readonly Line[], seconds: number) => {
  const before = residentBytes(ready.gatewayPid);
  for (const { line } of lines) {
    line.mend();
    line.stall();
  }
  let most = before;
  const end = performance.now() + 1000 * seconds;
  while (performance.now() < end) {
    await Bun.sleep(250);
    most = Math.max(most, residentBytes(ready.gatewayPid));
  }
  for (const { line } of lines) line.resume();
  return Math.round((most - before) / 1024 / Math.max(1, lines.length));
};

const faultsOf = (ledger: Ledger, repeats: Repeats, effects: Effects): string[] => [
  ...ledger.faults,
  ...repeats.faults,
  ...effects.faults,
  ...(ledger.compared === 0 ? ['nothing was compared'] : []),
];

const run = async (product: Product, crowd: Crowd, seed: number): Promise<TrialResult> => {
  const random = makeRandom(seed);
  const ledger = new Ledger();
  const direct = new Follower({ name: 'direct', url: product.url, ledger });
  // The direct one is one of the sixteen.
  const lines = await openLines(product.url, crowd, ledger, random);
  const followers = lines.map(({ follower }) => follower);
  const ends: (() => void)[] = [() => direct.close()];
  for (const { line, follower } of lines)
    ends.push(
      () => follower.close(),
      () => line.close(),
    );
  try {
    const all = [direct, ...followers];
    await until('all are there', () => all.every(({ isLive }) => isLive), SETTLED_MS_MAX);
    const endMs = performance.now() + 60_000 * crowd.minutes;
    const [startMs, startFrames] = [performance.now(), direct.frames];
    const playing = followers.map((each) =>
      play(each, makeRandom(Math.floor(2 ** 31 * random())), endMs),
    );
    const probing = probe(direct, endMs);
    const played = await Promise.all(playing);
    const acts = await probing;
    const fps = (1000 * (direct.frames - startFrames)) / (performance.now() - startMs);
    const kilobytes = await stallAll(product, lines, crowd.stallSeconds);
    const faults: string[] = [];
    const isSettled = () => all.every((each) => each.isLive && each.state.meta.revisionId >= goal);
    const goal = direct.state.meta.revisionId;
    await until('all have caught up', isSettled, SETTLED_MS_MAX).catch((error: unknown) =>
      faults.push(String(error)),
    );
    let refused = 0;
    if (all.length === CLIENTS_MAX) {
      const code = await refusalOf(product.url);
      if (code === TOO_MANY) refused = 1;
      else faults.push(`the seventeenth was told ${code}`);
    }
    const repeats: Repeats = {
      asked: played.reduce((sum, { repeats: { asked } }) => sum + asked, 0),
      faults: played.flatMap(({ repeats: { faults: found } }) => found),
    };
    const effects = await judgeRepeats(product, direct);
    const renamed = all.reduce((total, each) => total + each.renamed, 0);
    if (renamed > 0) faults.push(`${renamed} came back under another name`);
    const sum = (of: (line: Line) => number) => lines.reduce((total, each) => total + of(each), 0);
    return {
      faults: [...faults, ...faultsOf(ledger, repeats, effects)],
      counts: {
        commands: played.reduce((total, { sent }) => total + sent, 0),
        answered: played.reduce((total, { answered }) => total + answered, 0),
        repeats: repeats.asked,
        effectsJudged: effects.judged,
        revisions: ledger.revisions,
        comparisons: ledger.compared,
        stalls: sum(({ line }) => line.stalls),
        cuts: sum(({ line }) => line.cuts),
        reconnects: sum(({ follower }) => follower.connections - 1),
        fullStates: sum(({ follower }) => follower.fulls),
        gapsSeen: sum(({ follower }) => follower.gaps),
        ...latencies(
          ledger,
          acts,
          direct.name,
          followers.map(({ name }) => name),
        ),
        directFpsMin: tenths(fps),
        kilobytesPerStalledClientMax: kilobytes,
        refused,
      },
    };
  } finally {
    for (const end of ends) end();
  }
};

const open = async (crowd: Crowd): Promise<RigSession> => {
  const { plants = [] } = crowd;
  const product = await startStage(plants.length > 0 ? { env: mutantEnv(...plants) } : {});
  return {
    trial: (seed) => run(product, crowd, seed),
    async close() {
      const exit = await product.stop();
      return exit === 0 ? [] : [`it ended with ${exit}`];
    },
  };
};

export const crowd = (how: Crowd): Rig => ({
  missing: () => (process.platform === 'linux' ? null : 'memory is read in /proc of Linux'),
  open: () => open(how),
});
