/** The stage for kills: the product at 240 bpm on noise, four one-bar loops playing. */
import { readdirSync, readFileSync } from 'node:fs';
import { type Client, connect, type Json } from './client.ts';
import { percentile } from './percentile.ts';
import { makeFolder, type Product, startProduct, until } from './product.ts';
import { makeNoise, writeWavFile } from './wav.ts';

export const RATE = 48_000;
export const BAR_FRAMES = 4 * 2 * Math.round((30 * RATE) / 240);
export const LOOPS = 4;

export interface Stage {
  readonly product: Product;
  readonly client: Client;
  readonly takes: { takeId: string; fromFrame: number; toFrame: number }[];
  readonly masterPath: string;
  readonly playingFrom: number;
}

export const healthOf = (product: Product): Promise<Json> => product.json('/api/health');
export const frameOf = async (product: Product): Promise<number> => (await healthOf(product)).frame;

/** Until so many bars at 240 bpm have gone by. */
export const waitBars = async (product: Product, bars: number): Promise<void> => {
  const end = (await frameOf(product)) + bars * BAR_FRAMES;
  await until('the next bars', async () => (await frameOf(product)) > end);
};

/** The result of a command that must succeed. */
export const ok = async (client: Client, command: Json): Promise<Json> => {
  const answer = await client.ask(command);
  if (answer.type !== 'OK') throw new Error(`${command.cmd}: ${JSON.stringify(answer)}`);
  return answer.result;
};

/** kill -9, at once; ends when the next engine answers. */
export const killEngine = async (
  product: Product,
  enginePid: number,
  limitMs?: number,
): Promise<void> => {
  process.kill(enginePid, 'SIGKILL');
  const isBack = async () => {
    const answer = await product.get('/api/health');
    return answer.ok && ((await answer.json()) as Json).enginePid !== enginePid;
  };
  await until('another engine', isBack, limitMs);
};

const hasEnded = (task: string): boolean => {
  try {
    return /^\d+ \(.*\) [ZX]/.test(readFileSync(`${task}/stat`, 'utf8'));
  } catch {
    return true;
  }
};

/** Until its last thread is over: one that waits for a disk keeps files and their locks. */
export const isAlive = (pid: number): boolean => {
  const folder = `/proc/${pid}/task`;
  try {
    return !readdirSync(folder).every((thread) => hasEnded(`${folder}/${thread}`));
  } catch {
    return false;
  }
};

/** Starts the product at 240 bpm on noise and makes four one-bar loops that play. */
export const setStage = async (
  seed: number,
  later: (end: () => unknown) => void,
): Promise<Stage> => {
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
    { env: { FLOWZONE_RING_SECONDS: '140', FLOWZONE_CRASH_GUARD: 'off' } },
  );
  later(() => product.stop('SIGKILL'));
  const client = await connect(product.url);
  await until('three bars were heard', async () => (await frameOf(product)) > 3 * BAR_FRAMES);
  const takes: Stage['takes'] = [];
  for (let slot = 0; slot < LOOPS; slot += 1) {
    const answer = await client.ask({ cmd: 'TRIGGER_SLOT', slot, quantized: true, bars: 1 });
    takes.push(answer.result);
    await waitBars(product, 1);
  }
  await until('all saved', () =>
    client
      .state()
      .slots.slice(0, LOOPS)
      .every((slot: Json) => slot.saved),
  );
  return { product, client, takes, masterPath, playingFrom: (await frameOf(product)) + BAR_FRAMES };
};

export const summary = (values: number[]) => ({
  p50: Math.round(percentile(values, 0.5)),
  p95: Math.round(percentile(values, 0.95)),
  max: Math.round(Math.max(...values)),
});
