/**
 * The judge of kills: four loops play, processes die, and the recorded master tells what was heard.
 *
 *   bun tests/judge/kill.ts [--long] [--seed N]
 */
import { readFileSync } from 'node:fs';
import { type Client, connect, type Json } from './client.ts';
import { makeFolder, startProduct, until, type Product } from './product.ts';
import { makeNoise, makeRandom, readWavFile, writeWavFile } from './wav.ts';

const RATE = 48_000;
export const BAR_FRAMES = 4 * 2 * Math.round((30 * RATE) / 240);
const LOOPS = 4;

export interface Stage {
  readonly product: Product;
  readonly client: Client;
  readonly takes: { takeId: string; fromFrame: number; toFrame: number }[];
  readonly masterPath: string;
  readonly playingFrom: number;
}

export const healthOf = (product: Product): Promise<Json> => product.json('/api/health');
const frameOf = async (product: Product): Promise<number> => (await healthOf(product)).frame;

export const isAlive = (pid: number): boolean => {
  try {
    return !/^\d+ \(.*\) [ZX]/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
};

/** Starts the product at 240 bpm on noise and makes four one-bar loops that play. */
export const setStage = async (seed: number, env: Record<string, string> = {}): Promise<Stage> => {
  const folder = makeFolder();
  writeWavFile(`${folder}/noise.wav`, RATE, makeNoise(seed, 150 * RATE));
  const masterPath = `${folder}/master.wav`;
  const product = await startProduct(
    [
      '--device',
      'headless',
      '--bpm',
      '240',
      '--input',
      `${folder}/noise.wav`,
      '--output',
      masterPath,
    ],
    { env: { FLOWZONE_RING_SECONDS: '140', FLOWZONE_CRASH_GUARD: 'off', ...env } },
  );
  const client = await connect(product.url);
  await until('three bars were heard', async () => (await frameOf(product)) > 3 * BAR_FRAMES);
  const takes: Stage['takes'] = [];
  for (let slot = 0; slot < LOOPS; slot += 1) {
    const answer = await client.ask({ cmd: 'TRIGGER_SLOT', slot, quantized: true, bars: 1 });
    takes.push(answer.result);
    const next = (await frameOf(product)) + BAR_FRAMES;
    await until('the next bar', async () => (await frameOf(product)) > next);
  }
  await until('all saved', () =>
    client
      .state()
      .slots.slice(0, LOOPS)
      .every((slot: Json) => slot.saved),
  );
  return { product, client, takes, masterPath, playingFrom: (await frameOf(product)) + BAR_FRAMES };
};

/** Frames of the master that differ from the frame one bar before: 0 while four one-bar loops play on. */
export const breaksIn = (master: Float32Array, fromFrame: number, toFrame: number): number => {
  let breaks = 0;
  for (let at = 2 * fromFrame; at < 2 * toFrame; at += 1) {
    if (master[at] !== master[at - 2 * BAR_FRAMES]) breaks += 1;
  }
  return breaks;
};

const percentile = (values: number[], part: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * part))] ??
  0;
const summary = (values: number[]) => ({
  p50: Math.round(percentile(values, 0.5)),
  p95: Math.round(percentile(values, 0.95)),
  max: Math.round(Math.max(...values)),
});

/** Kills or stops the gateway `times` times while loops play. */
export const judgeGatewayKills = async (
  times: number,
  signal: 'SIGKILL' | 'SIGSTOP',
  seed: number,
) => {
  const random = makeRandom(seed);
  const stage = await setStage(seed);
  const portBack: number[] = [];
  const clientBack: number[] = [];
  for (let count = 0; count < times; count += 1) {
    await Bun.sleep(200 + random() * 300);
    const { gatewayPid } = await healthOf(stage.product);
    const client = await connect(stage.product.url);
    const start = performance.now();
    process.kill(gatewayPid, signal);
    await until(
      'the port answers again',
      async () => {
        try {
          const health = await fetch(new URL('/api/health', stage.product.url), {
            signal: AbortSignal.timeout(250),
          });
          return ((await health.json()) as Json).gatewayPid !== gatewayPid;
        } catch {
          return false;
        }
      },
      15_000,
    );
    portBack.push(performance.now() - start);
    const again = await until(
      'a client is live',
      () => connect(stage.product.url).catch(() => undefined),
      15_000,
    );
    clientBack.push(performance.now() - start);
    again.close();
    client.close();
  }
  const health = await until('two more bars', async () => {
    const answer = await healthOf(stage.product);
    return answer.frame > stage.playingFrom + 2 * BAR_FRAMES && answer;
  });
  await stage.product.stop();
  const master = readWavFile(stage.masterPath).samples;
  return {
    signal,
    times,
    seed,
    portBackMs: summary(portBack),
    clientBackMs: summary(clientBack),
    xruns: health.xruns,
    framesJudged: health.frame - stage.playingFrom,
    framesBroken: breaksIn(master, stage.playingFrom, health.frame),
  };
};

/** Kills the engine process `times` times; what was lost, and when it sounded again. */
export const judgeEngineKills = async (times: number, seed: number) => {
  const random = makeRandom(seed);
  const stage = await setStage(seed);
  const backMs: number[] = [];
  const seen = new Set<number>();
  let takesLost = 0;
  let framesStart = 0;
  for (let count = 0; count < times; count += 1) {
    await Bun.sleep(800 + random() * 500);
    const press = await stage.client.ask({
      cmd: 'TRIGGER_SLOT',
      slot: 4 + (count % 4),
      quantized: false,
      bars: 1,
    });
    const { enginePid, frame } = await healthOf(stage.product);
    framesStart = frame;
    const start = performance.now();
    process.kill(enginePid, 'SIGKILL');
    await until(
      'another engine counts blocks',
      async () => {
        const answer = await stage.product.get('/api/health');
        const health = (await answer.json()) as Json;
        return (
          answer.ok &&
          health.enginePid !== enginePid &&
          health.blocks > 0 &&
          health.frame > framesStart
        );
      },
      15_000,
    );
    backMs.push(performance.now() - start);
    await until(
      'the loops are back',
      () =>
        stage.client
          .state()
          .slots.slice(0, LOOPS)
          .every((slot: Json) => slot.state === 'PLAYING'),
      15_000,
    );
    const { takeId } = press.result;
    const isBack = async () =>
      stage.client.state().slots[4 + (count % 4)].takeId === takeId &&
      (await stage.product.get(`/api/takes/${takeId}`)).ok;
    await until('the last take', isBack, 3000).catch(() => {
      takesLost += 1;
    });
  }
  for (const message of stage.client.messages)
    if (message.type === 'NOTICE') seen.add(message.code);
  const { enginePid, gatewayPid } = await healthOf(stage.product);
  await stage.product.stop();
  const orphans = [enginePid, gatewayPid].filter(isAlive).length;
  return {
    times,
    seed,
    takesLost,
    backMs: summary(backMs),
    noticesSeen: [...seen],
    orphans,
    stage,
  };
};

/**
 * Phase error after the last restart: the four loops of the master against where the grid says they
 * are, in frames. 0 when the master at frame f equals the sum of the takes at their phases.
 */
export const phaseErrorFrames = (
  master: Float32Array,
  takes: { fromFrame: number; samples: Float32Array }[],
  atFrame: number,
  searchFrames: number,
): number => {
  const window = 256;
  for (let error = 0; error <= searchFrames; error += 1) {
    for (const sign of error === 0 ? [1] : [1, -1]) {
      let same = true;
      for (let at = 0; at < window && same; at += 1) {
        const sum = takes.reduce((total, take) => {
          const length = take.samples.length / 2;
          const position =
            (((atFrame + at + sign * error - take.fromFrame) % length) + length) % length;
          return total + (take.samples[2 * position] ?? 0);
        }, 0);
        same = Math.abs((master[2 * (atFrame + at)] ?? 9) - sum) < 1e-6;
      }
      if (same) return sign * error;
    }
  }
  return Number.NaN;
};

if (import.meta.main) {
  const times = process.argv.includes('--long') ? 20 : 3;
  const seed = Number(process.argv[process.argv.indexOf('--seed') + 1]) || 77;
  for (const signal of ['SIGKILL', 'SIGSTOP'] as const) {
    process.stdout.write(`${JSON.stringify(await judgeGatewayKills(times, signal, seed))}\n`);
  }
  const { stage, ...report } = await judgeEngineKills(Math.max(3, times / 2), seed);
  process.stdout.write(`${JSON.stringify({ ...report, log: stage.product.log().length })}\n`);
}
