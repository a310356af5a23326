/**
 * Real plug-ins of six makers on the input, one after the other, whose process is killed while a tone goes
 * through: how soon the tone is dry, how soon the plug-in is heard again, and whether anybody hears a click.
 */
import { until, withCleanup } from '../../judge/product.ts';
import { ok } from '../../judge/stage.ts';
import { makeRandom, readWavFile } from '../../judge/wav.ts';
import { BUNDLES, bundleEnv, whatIsMissing } from '../sweep/bundles.ts';
import { hearReal, makeTone, type RealHearing, type RealKill } from './hear-real.ts';
import { type Part, type PartResult, reporter } from './part.ts';
import { percentile } from '../../judge/percentile.ts';
import { monotonicMs, readBlocks } from './block-clock.ts';
import { BLOCK_FRAMES, type FaultStage, setFaultStage } from './stage.ts';

/** Heard on a tone as they are loaded, or with the first knob turned. */
const REAL = [
  'AGain VST3',
  'mda Overdrive',
  'MVerb',
  'MaGigaverb',
  'Dragonfly Hall Reverb',
  'Soul Force',
] as const;
const KILLS = 20;
const TONE_SECONDS = 20;
const KNOB = 0.4;
const SETTLE_MS = 1500;
const BACK_MS_MAX = 8000;
const HOLD_MS = 150;
const APART_MS_MAX = 400;
/** A miss is known with the next block, and faded over another; the signal takes its time too. */
const BYPASS_MS_MAX = 6;
const WET_P95_MS_MAX = 250;
/** A crossfade of at least so many frames, where a hard switch has one. */
const FADE_FRAMES_MIN = 24;

export interface RealRow {
  readonly plugin: string;
  readonly latencyFrames: number;
  readonly kills: readonly RealHearing[];
}

const turnFirstKnob = async ({ client, product }: FaultStage, id: string): Promise<void> => {
  const { items } = await product.json<{ items: { paramId: number; [key: string]: unknown }[] }>(
    `/api/plugins/${id}/params?from=0`,
  );
  const knob = items.find((item) => item['canSet'] && item['stepCount'] === 0 && !item['isBypass']);
  if (knob) {
    await ok(client, { cmd: 'SET_PARAM', instanceId: id, paramId: knob.paramId, val: KNOB });
  }
};

interface KillAt {
  readonly killMs: number;
  readonly endMs: number;
}

const killOnce = async (stage: FaultStage, id: string): Promise<KillAt> => {
  await ok(stage.client, { cmd: 'RETRY_PLUGIN', instanceId: id });
  const pidOf = (): number => {
    const { hosts, plugins } = stage.state();
    return hosts[plugins[id].hostId]?.pid ?? 0;
  };
  // A busy machine may have found it slow meanwhile.
  await until('it is heard', () => stage.state().plugins[id].status === 'on', BACK_MS_MAX);
  await Bun.sleep(HOLD_MS);
  const pid = pidOf();
  const killMs = monotonicMs();
  process.kill(pid, 'SIGKILL');
  await until(
    'it is back',
    () => ![0, pid].includes(pidOf()) && stage.state().plugins[id].status === 'on',
    BACK_MS_MAX,
  );
  await Bun.sleep(HOLD_MS);
  return { killMs, endMs: monotonicMs() };
};

/**
 * At which frame of its master the engine was at a time: one block comes after the other, and those before
 * the first frame only warm the thread up.
 */
const makeFrameAt = (blockStartsMs: readonly number[], masterFrames: number) => {
  const warmUps = blockStartsMs.length - Math.floor(masterFrames / BLOCK_FRAMES);
  return (ms: number): number =>
    BLOCK_FRAMES * (blockStartsMs.findLastIndex((startMs) => startMs <= ms) - warmUps);
};

const killReal = (plugin: string, kills: number, seed: number): Promise<RealRow> =>
  withCleanup(async (later) => {
    const sound = makeTone(TONE_SECONDS);
    const stage = await setFaultStage(
      { seed, path: 'input', pluginFolder: BUNDLES, env: bundleEnv(), sound },
      later,
    );
    const random = makeRandom(seed);
    const pluginId = await stage.idOf(plugin);
    const id = (await ok(stage.client, { cmd: 'LOAD_VST', slot: 'input', pluginId })).instanceId;
    await until('it is heard', () => stage.state().plugins[id].status === 'on', BACK_MS_MAX);
    await turnFirstKnob(stage, id);
    await Bun.sleep(SETTLE_MS);
    const { latencyFrames } = stage.state().plugins[id];
    const spans: KillAt[] = [];
    for (let kill = 0; kill < kills; kill += 1) {
      spans.push(await killOnce(stage, id));
      await Bun.sleep(SETTLE_MS / 3 + random() * APART_MS_MAX);
    }
    stage.client.close();
    await stage.product.stop();
    const master = readWavFile(stage.masterPath).samples;
    const starts = readBlocks(stage.clockPath).map(({ startMs }) => startMs);
    const frameAt = makeFrameAt(starts, master.length / 2);
    const hear = ({ endMs, killMs }: KillAt) => {
      const span: RealKill = {
        fromFrame: frameAt(killMs),
        endFrame: frameAt(endMs),
      };
      return hearReal(master, sound, BLOCK_FRAMES + latencyFrames, span);
    };
    return { plugin, latencyFrames, kills: spans.map(hear) };
  });

const msOf = (rows: readonly RealRow[], of: (kill: RealHearing) => number | null): number[] =>
  rows.flatMap(({ kills }) => kills.flatMap((kill) => of(kill) ?? []));

const countsOf = (rows: readonly RealRow[]): PartResult['counts'] => {
  const bypass = msOf(rows, ({ bypassMs }) => bypassMs);
  const wet = msOf(rows, ({ wetMs }) => wetMs);
  const all = rows.flatMap(({ kills }) => kills);
  return {
    plugins: rows.length,
    kills: all.length,
    bypassMsP50: percentile(bypass, 0.5),
    bypassMsP95: percentile(bypass, 0.95),
    wetMsP50: percentile(wet, 0.5),
    wetMsP95: percentile(wet, 0.95),
    stepMax: Math.max(0, ...all.map(({ step }) => step)),
    stepBeforeMax: Math.max(0, ...all.map(({ stepBefore }) => stepBefore)),
    hardSwitchMax: Math.max(0, ...all.map(({ apart }) => apart)),
  };
};

export const judgeReal = ({ kills, plugin }: RealRow): string[] => {
  const wet = kills.flatMap(({ wetMs }) => wetMs ?? []);
  return [
    ...kills.flatMap(({ apart, bypassMs, step, stepBefore, wetMs }, index) => {
      const stepMax = 2 * stepBefore + apart / FADE_FRAMES_MIN;
      return [
        ...(apart < 0.01 ? ['with it and without it sound alike: nothing is proved'] : []),
        ...(bypassMs === null ? ['it was never bypassed'] : []),
        ...((bypassMs ?? 0) > BYPASS_MS_MAX ? [`bypassed after ${bypassMs} ms`] : []),
        ...(wetMs === null ? ['it is not heard again'] : []),
        ...(step > stepMax ? [`a step of ${step.toFixed(4)}, at most ${stepMax.toFixed(4)}`] : []),
      ].map((fault) => `${plugin}, kill ${index + 1}: ${fault}`);
    }),
    ...(wet.length > 0 && percentile(wet, 0.95) > WET_P95_MS_MAX
      ? [`${plugin}: heard again after ${percentile(wet, 0.95)} ms (p95)`]
      : []),
  ];
};

export const realPart: Part = async ({ count, keep, only, say, seed }) => {
  const rows: RealRow[] = [];
  const extra: string[] = [];
  const result = reporter('real', () => ({
    counts: countsOf(rows),
    faults: [...rows.flatMap(judgeReal), ...extra],
    rows,
  }));
  if (whatIsMissing() !== '') {
    say(`left out: ${whatIsMissing()} is missing`);
    return result();
  }
  for (const [index, plugin] of REAL.entries()) {
    if (only.length > 0 && !only.some((text) => plugin.includes(text))) continue;
    try {
      const row = await killReal(plugin, count ?? KILLS, seed + index);
      rows.push(row);
      say(`${plugin}: ${JSON.stringify(countsOf([row]))} ${judgeReal(row).join('; ')}`);
    } catch (error) {
      extra.push(`${plugin}: ${error instanceof Error ? error.message : String(error)}`);
      say(extra.at(-1) ?? '');
    }
    keep(result());
  }
  say(JSON.stringify(result().counts));
  return result();
};
