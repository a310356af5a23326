/**
 * The judge of captures: real sound in, presses at random moments, and every claim checked from the
 * files alone. Imports nothing of the product.
 *
 *   bun tests/judge/capture.ts [--long] [--seed N] [--music FILE.wav]
 */
import { connect, type Client, type Json } from './client.ts';
import { makeFolder, startProduct, until, type Product } from './product.ts';
import {
  dbfs,
  findTake,
  makeNoise,
  makeRandom,
  readWav,
  readWavFile,
  writeWavFile,
} from './wav.ts';

export interface CaptureTrial {
  readonly bpm: number;
  readonly seed: number;
  readonly noiseSeconds: number;
  readonly ringSeconds: number;
  readonly presses: number;
  readonly bars: readonly number[];
  readonly repeats: number;
  /** A Float32 stereo WAV to play instead of noise; music may stand in more than one place. */
  readonly musicPath?: string;
}

export interface Press {
  readonly slot: number;
  readonly bars: number;
  readonly quantized: boolean;
  readonly takeId: string;
  readonly fromFrame: number;
  readonly toFrame: number;
  readonly pressFrame: number;
}

export interface CaptureReport {
  readonly takes: number;
  readonly bitExact: number;
  readonly atTheRightBar: number;
  readonly residualDbfs: number;
  readonly framesJudged: number;
  readonly repeatsJudged: number;
  readonly faults: string[];
}

const RATE = 48_000;
const SEAM_FRAMES = Math.round(0.01 * RATE);

/** The window looper.md promises for a press at `press` on a grid that began at frame 0. */
export const expectedWindow = (press: Press, bpm: number): { from: number; to: number } => {
  const bar = 4 * 2 * Math.round((30 * RATE) / bpm);
  if (!press.quantized) return { from: press.pressFrame - press.bars * bar, to: press.pressFrame };
  const early = Math.min(bar / 4, RATE / 2);
  const passed = Math.floor(press.pressFrame / bar) * bar;
  const to = press.pressFrame >= passed + bar - early ? passed + bar : passed;
  return { from: to - press.bars * bar, to };
};

const frameNow = async (product: Product): Promise<number> =>
  (await product.json<{ frame: number }>('/api/health')).frame;

const pressOnce = async (
  client: Client,
  slot: number,
  bars: number,
  quantized: boolean,
): Promise<Press> => {
  const answer = await client.ask({ cmd: 'TRIGGER_SLOT', slot, bars, quantized });
  if (answer['type'] !== 'OK') throw new Error(`refused: ${JSON.stringify(answer)}`);
  return { ...(answer['result'] as Json), quantized } as unknown as Press;
};

interface TakeTrial {
  readonly product: Product;
  readonly input: Float32Array;
  readonly bpm: number;
  readonly isMusic: boolean;
  readonly faults: string[];
}

/** A press into the same slot that came before the window had ended cuts the take there. */
const judgeTake = async (
  { product, input, bpm, isMusic, faults }: TakeTrial,
  press: Press,
  next: Press | undefined,
): Promise<{ samples: Float32Array; exact: boolean; right: boolean }> => {
  const info = await until(`take ${press.takeId} in /api/takes`, async () => {
    const answer = await product.get(`/api/takes/${press.takeId}`);
    return answer.ok && ((await answer.json()) as Json);
  });
  const bytes = new Uint8Array(
    await (await product.get(`/api/takes/${press.takeId}/audio`)).arrayBuffer(),
  );
  const take = readWav(bytes);
  const places = findTake(input, take.samples);
  const want = expectedWindow(press, bpm);
  const inputFrames = input.length / 2;
  const exact = take.frames > 0 && (isMusic ? places.length > 0 : places.length === 1);
  const right =
    exact &&
    places.includes(want.from % inputFrames) &&
    info['fromFrame'] === want.from &&
    (next !== undefined && next.pressFrame < want.to
      ? info['toFrame'] <= want.to
      : info['toFrame'] === want.to) &&
    take.frames === info['toFrame'] - want.from;
  if (!exact) faults.push(`take of press ${press.pressFrame}: found ${places.length} times`);
  else if (!right) {
    faults.push(
      `press ${press.pressFrame} (${press.bars} bars, quantized ${press.quantized}): found at ${places[0]}, ` +
        `claimed ${String(info['fromFrame'])}…${String(info['toFrame'])}, expected ${want.from}…${want.to}`,
    );
  }
  return { samples: take.samples, exact, right };
};

/**
 * Largest difference between the recorded master and the sum of the takes at their phases, from
 * `fromFrame` to the end, leaving out every slot's seam.
 */
export const judgeMaster = (
  output: Float32Array,
  fromFrame: number,
  toFrame: number,
  playing: { press: Press; samples: Float32Array }[],
): { residual: number; judged: number } => {
  let residual = 0;
  let judged = 0;
  for (let frame = fromFrame; frame < toFrame; frame += 1) {
    let left = 0;
    let right = 0;
    let inSeam = false;
    for (const { press, samples } of playing) {
      const length = samples.length / 2;
      const at = (((frame - press.fromFrame) % length) + length) % length;
      inSeam ||= at >= length - SEAM_FRAMES - 1;
      left += samples[2 * at] ?? 0;
      right += samples[2 * at + 1] ?? 0;
    }
    if (inSeam) continue;
    judged += 1;
    residual = Math.max(
      residual,
      Math.abs((output[2 * frame] ?? 9) - left),
      Math.abs((output[2 * frame + 1] ?? 9) - right),
    );
  }
  return { residual, judged };
};

export const judgeCaptures = async (trial: CaptureTrial): Promise<CaptureReport> => {
  const random = makeRandom(trial.seed);
  const folder = makeFolder();
  const input = trial.musicPath
    ? readWavFile(trial.musicPath).samples
    : makeNoise(trial.seed, trial.noiseSeconds * RATE);
  writeWavFile(`${folder}/input.wav`, RATE, input);
  const product = await startProduct(
    [
      '--device',
      'headless',
      '--input',
      `${folder}/input.wav`,
      '--output',
      `${folder}/master.wav`,
      '--bpm',
      String(trial.bpm),
    ],
    { env: { FLOWZONE_RING_SECONDS: String(trial.ringSeconds) } },
  );
  const faults: string[] = [];
  const latest = new Map<number, Press>();
  const all: Press[] = [];
  const client = await connect(product.url);
  const barFrames = 4 * 2 * Math.round((30 * RATE) / trial.bpm);
  const longest = Math.max(...trial.bars);
  await until(
    'enough was played',
    async () => (await frameNow(product)) > (longest + 1) * barFrames,
    120_000,
  );

  for (let count = 0; count < trial.presses; count += 1) {
    await Bun.sleep(random() * 1500);
    const slot = Math.floor(random() * 8);
    const bars = trial.bars[Math.floor(random() * trial.bars.length)] ?? 1;
    const press = await pressOnce(client, slot, bars, random() < 0.5);
    latest.set(slot, press);
    all.push(press);
  }

  const judged = new Map<string, { samples: Float32Array; exact: boolean; right: boolean }>();
  const takeTrial = {
    product,
    input,
    bpm: trial.bpm,
    isMusic: trial.musicPath !== undefined,
    faults,
  };
  for (const [index, press] of all.entries()) {
    const next = all.slice(index + 1).find(({ slot }) => slot === press.slot);
    judged.set(press.takeId, await judgeTake(takeTrial, press, next));
  }

  const settled = Math.max(...all.map((press) => Math.max(press.toFrame, press.pressFrame))) + RATE;
  const longestPlaying = Math.max(
    ...[...latest.values()].map((press) => press.toFrame - press.fromFrame),
  );
  const end = settled + trial.repeats * longestPlaying;
  await until(
    'the repeats were played',
    async () => (await frameNow(product)) > end + RATE,
    1_200_000,
  );
  await product.stop();

  const master = readWavFile(`${folder}/master.wav`);
  const playing = [...latest.values()].map((press) => ({
    press,
    samples: judged.get(press.takeId)?.samples ?? new Float32Array(2),
  }));
  const { residual, judged: framesJudged } = judgeMaster(master.samples, settled, end, playing);
  return {
    takes: all.length,
    bitExact: [...judged.values()].filter((take) => take.exact).length,
    atTheRightBar: [...judged.values()].filter((take) => take.right).length,
    residualDbfs: dbfs(residual),
    framesJudged,
    repeatsJudged: trial.repeats,
    faults,
  };
};

if (import.meta.main) {
  const long = process.argv.includes('--long');
  const seed = Number(process.argv[process.argv.indexOf('--seed') + 1]) || 20_261_123;
  const music = process.argv.indexOf('--music');
  const musicPath = music > 0 ? process.argv[music + 1] : undefined;
  for (const bpm of [120, 90]) {
    const report = await judgeCaptures({
      bpm,
      seed: seed + bpm,
      noiseSeconds: long ? 720 : 150,
      ringSeconds: long ? 0 : 140,
      presses: long ? 24 : 8,
      bars: long ? [1, 2, 4, 8] : [1, 2],
      repeats: long ? 16 : 2,
      ...(musicPath !== undefined && { musicPath }),
    });
    process.stdout.write(`${JSON.stringify({ bpm, seed: seed + bpm, ...report })}\n`);
    if (report.faults.length > 0 || report.residualDbfs > -120) process.exitCode = 1;
  }
}
