/** FlowZone on noise with one loop that plays, a page that watches, and a mark on all its processes. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Json } from '../../judge/client.ts';
import { makeFolder, type Product, startProduct, until } from '../../judge/product.ts';
import { BAR_FRAMES, RATE } from '../../judge/stage.ts';
import { makeNoise, writeWavFile } from '../../judge/wav.ts';
import { type Mutation, mutantEnv } from '../../faults/stand/mutant.ts';
import { MARK } from '../../plugins/faults/processes.ts';
import { openPage, type Page } from './page.ts';

const NOISE_SECONDS = 20;
const FIRST_BARS = 2.2;
const MS = 60_000;

export interface Health {
  readonly frame: number;
  readonly xruns: number;
  readonly blocks: number;
  readonly enginePid: number;
  readonly gatewayPid: number;
  readonly process: { readonly atMs: number };
}

export interface Stage {
  readonly product: Product;
  readonly page: Page;
  readonly mark: string;
  readonly masterPath: string;
  /** From here on each bar of the master is as the one before. */
  readonly playingFrom: number;
  /** From exec to ready. */
  readonly startMs: number;
  /** What its processes were given beside the usual. */
  readonly env: Readonly<Record<string, string>>;
  health(): Promise<Health>;
  /** How often the launcher logged this. */
  logged(event: string): number;
}

export interface StageOptions {
  readonly seed: number;
  readonly plants?: readonly Mutation[];
  /** Where plug-ins are looked for; empty = nowhere. */
  readonly pluginFolder?: string;
}

let serial = 0;

export const setStage = async (
  { plants = [], pluginFolder = '', seed }: StageOptions,
  later: (end: () => unknown) => void,
): Promise<Stage> => {
  const folder = makeFolder();
  const mark = `outage-${process.pid}-${(serial += 1)}`;
  const [input, masterPath] = [join(folder, 'noise.wav'), join(folder, 'master.wav')];
  writeWavFile(input, RATE, makeNoise(seed, NOISE_SECONDS * RATE));
  const env = { [MARK]: mark, ...(plants.length > 0 && mutantEnv(...plants)) };
  const start = performance.now();
  const sound = ['--device', 'headless', '--bpm', '240', '--input', input, '--output', masterPath];
  const product = await startProduct(sound, {
    env: { ...env, FLOWZONE_CRASH_GUARD: 'off', FLOWZONE_PLUGIN_PATH: pluginFolder },
  });
  const startMs = performance.now() - start;
  later(() => product.stop('SIGKILL'));
  const page = openPage(product.url);
  later(() => page.close());
  const health = () =>
    until(
      'health',
      async () => {
        const told = await product.json<Json>('/api/health').catch(() => null);
        return told?.frame !== undefined && (told as Health);
      },
      MS,
    );
  const frameIs = (frame: number) => until('time', async () => (await health()).frame > frame, MS);
  await frameIs(FIRST_BARS * BAR_FRAMES);
  const body = { cmd: 'TRIGGER_SLOT', slot: 0, quantized: true, bars: 1 };
  const pressed = await product.get('/api/commands', {
    method: 'POST',
    body: JSON.stringify(body),
  });
  if (!pressed.ok) throw new Error(`no loop: ${await pressed.text()}`);
  await until('it is saved', () => page.state()['slots']?.[0].saved === true, MS);
  // The bar in which it came in is not like the others.
  const playingFrom = (await health()).frame + 2 * BAR_FRAMES;
  await frameIs(playingFrom);
  return {
    product,
    page,
    mark,
    masterPath,
    playingFrom,
    startMs,
    env,
    health,
    logged: (event) =>
      readFileSync(join(product.data, 'logs', 'launcher.jsonl'), 'utf8')
        .split('\n')
        .filter((line) => line.includes(`"event":"${event}"`)).length,
  };
};
