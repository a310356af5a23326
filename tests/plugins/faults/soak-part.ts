/**
 * Six real plug-ins of six makers for as long as is asked for, one of their processes killed every ten
 * seconds while knobs are turned: what is lost, what is left behind, and what grows.
 */
import { until, withCleanup } from '../../judge/product.ts';
import { frameOf, ok } from '../../judge/stage.ts';
import { makeRandom } from '../../judge/wav.ts';
import { whatIsMissing } from '../sweep/bundles.ts';
import { Knobs } from './knobs.ts';
import { type Part, type PartResult, reporter } from './part.ts';
import { percentile } from '../../judge/percentile.ts';
import { holds, isHost, marked } from './processes.ts';
import { areOn, setSixStage, SIX, type SixStage } from './six.ts';

const MINUTES = 60;
const EVERY_MS = 10_000;
const BACK_MS_MAX = 8000;
const READ_MS = 600;
const CONTROL_SHARE = 0.1;

/** One kill, and how the product was after it. */
export interface Kill {
  readonly second: number;
  readonly plugin: string;
  /** Until its status is on again; null = not before the next. */
  readonly backMs: number | null;
  readonly xruns: number;
  readonly gapFrames: number;
  readonly hosts: number;
  readonly engine: ReturnType<typeof holds>;
  readonly lost: readonly string[];
}

const look = async ({ client, mark, product }: SixStage) => {
  const state = client.state();
  const { enginePid, xruns } = await product.json<{ enginePid: number; xruns: number }>(
    '/api/health',
  );
  return {
    enginePid,
    xruns,
    gapFrames: state['system'].gapFrames as number,
    hosts: marked(mark).filter(isHost).length,
    engine: holds(enginePid),
  };
};

const killOne = async (
  stage: SixStage,
  knobs: Knobs,
  random: () => number,
  startMs: number,
): Promise<Kill> => {
  const { client, ids } = stage;
  const number = Math.floor(random() * ids.length);
  const id = ids[number] ?? '';
  await ok(client, { cmd: 'RETRY_PLUGIN', instanceId: id });
  for (const each of ids) await knobs.turn(each);
  await Bun.sleep(random() * 2000);
  // Turned in the last moment: that is kept too.
  await knobs.turn(id);
  const { pid } = client.state()['hosts'][client.state()['plugins'][id].hostId];
  const at = performance.now();
  process.kill(pid, 'SIGKILL');
  const isBack = () => {
    const { hosts, plugins } = client.state();
    const now = hosts[plugins[id].hostId];
    return now && now.pid > 0 && now.pid !== pid && plugins[id].status === 'on';
  };
  const isThere = await until('it is back', isBack, BACK_MS_MAX).then(
    () => true,
    () => false,
  );
  const backMs = isThere ? Math.round(performance.now() - at) : null;
  await Bun.sleep(READ_MS);
  const lost = await knobs.lost();
  const { enginePid: _, ...now } = await look(stage);
  const second = Math.round((performance.now() - startMs) / 1000);
  return { second, plugin: SIX[number]?.name ?? '', backMs, ...now, lost };
};

const countsOf = (kills: readonly Kill[], more: PartResult['counts']): PartResult['counts'] => {
  const back = kills.flatMap(({ backMs }) => backMs ?? []);
  // What the first kills make once, such as the memory of a second life, is no growth.
  const settled = kills.slice(Math.min(6, Math.floor(kills.length / 2)));
  const [first, last] = [settled[0]?.engine, settled.at(-1)?.engine];
  return {
    kills: kills.length,
    backMsP50: percentile(back, 0.5),
    backMsP95: percentile(back, 0.95),
    backMsMax: Math.max(0, ...back),
    lostParameters: kills.reduce((sum, { lost }) => sum + lost.length, 0),
    gapFrames: kills.at(-1)?.gapFrames ?? 0,
    descriptors: `${first?.descriptors} → ${last?.descriptors}`,
    threads: `${first?.threads} → ${last?.threads}`,
    residentMiB: `${first?.residentMiB} → ${last?.residentMiB}`,
    ...more,
  };
};

const GROWTH = { descriptors: 8, threads: 4, residentMiB: 96 } as const;

const growthOf = (kills: readonly Kill[]): string[] => {
  const settled = kills.slice(Math.min(6, Math.floor(kills.length / 2)));
  return (Object.keys(GROWTH) as (keyof typeof GROWTH)[]).flatMap((name) => {
    const grown = (settled.at(-1)?.engine[name] ?? 0) - (settled[0]?.engine[name] ?? 0);
    return grown > GROWTH[name] ? [`the engine has ${grown} ${name} more than at first`] : [];
  });
};

const faultsOf = (kills: readonly Kill[]): string[] => [
  ...kills.flatMap(({ backMs, gapFrames, hosts, lost, plugin, second }) => [
    ...(backMs === null ? [`${second} s: ${plugin} did not come back`] : []),
    ...(hosts === SIX.length ? [] : [`${second} s: ${hosts} processes in place of ${SIX.length}`]),
    ...(gapFrames > 0 ? [`${second} s: ${gapFrames} frames are missing on disk`] : []),
    ...lost.map((text) => `${second} s: ${text}`),
  ]),
  ...growthOf(kills),
];

/** The same product without a plug-in: xruns of so many minutes. */
const control = (seed: number, minutes: number): Promise<number> =>
  withCleanup(async (later) => {
    const stage = await setSixStage({ seed, isUnheard: true, hasPlugins: false }, later);
    await frameOf(stage.product);
    const before = (await look(stage)).xruns;
    await Bun.sleep(60_000 * minutes);
    return (await look(stage)).xruns - before;
  });

export const soakPart: Part = async ({ keep, minutes, say, seed }) => {
  const wanted = minutes ?? MINUTES;
  const kills: Kill[] = [];
  let more: PartResult['counts'] = {};
  let extra: string[] = [];
  const result = reporter('soak', () => ({
    counts: countsOf(kills, more),
    faults: [...faultsOf(kills), ...extra],
    rows: kills,
  }));
  if (whatIsMissing() !== '') {
    say(`left out: ${whatIsMissing()} is missing`);
    return result();
  }
  const mark = await withCleanup(async (later) => {
    const stage = await setSixStage({ seed, isUnheard: true }, later);
    const random = makeRandom(seed);
    const knobs = new Knobs(stage, random);
    await knobs.choose();
    const before = await look(stage);
    const startMs = performance.now();
    for (let turn = 1; performance.now() - startMs < 60_000 * wanted; turn += 1) {
      const kill = await killOne(stage, knobs, random, startMs);
      kills.push({ ...kill, xruns: kill.xruns - before.xruns });
      if (turn % 6 === 0) say(`${kill.second} s: ${JSON.stringify(countsOf(kills, more))}`);
      keep(result());
      await Bun.sleep(Math.max(0, startMs + turn * EVERY_MS - performance.now()));
    }
    const after = await look(stage);
    const passed = (performance.now() - startMs) / 60_000;
    more = {
      minutes: Math.round(10 * passed) / 10,
      sets: knobs.count,
      xrunsAMinute: Math.round((10 * (after.xruns - before.xruns)) / passed) / 10,
    };
    if (after.enginePid !== before.enginePid) extra.push('the engine is another one');
    if (!areOn(stage.client, stage.ids)) extra.push('not all are heard in the end');
    return stage.mark;
  });
  const left = marked(mark).length;
  if (left > 0) extra = [...extra, `${left} processes outlived the product`];
  const controlMinutes = Math.max(0.5, wanted * CONTROL_SHARE);
  const xruns = await control(seed, controlMinutes);
  more = { ...more, left, xrunsAMinuteOfControl: Math.round((10 * xruns) / controlMinutes) / 10 };
  keep(result());
  say(JSON.stringify(result().counts));
  return result();
};
