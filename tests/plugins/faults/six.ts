/** Six real plug-ins of six makers, in the running product: four on slots, two on the input. */
import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Client, connect, type Json } from '../../judge/client.ts';
import { makeFolder, type Product, startProduct, until } from '../../judge/product.ts';
import { BAR_FRAMES, frameOf, ok, RATE } from '../../judge/stage.ts';
import { makeNoise, writeWavFile } from '../../judge/wav.ts';
import { BUNDLES, bundleEnv } from '../sweep/bundles.ts';
import { MARK } from './processes.ts';

export interface SixPlugin {
  readonly bundle: string;
  readonly name: string;
  readonly place: number | 'input';
}

export const SIX: readonly SixPlugin[] = [
  { bundle: 'DragonflyHallReverb', name: 'Dragonfly Hall Reverb', place: 0 },
  { bundle: 'MVerb', name: 'MVerb', place: 1 },
  { bundle: 'again', name: 'AGain VST3', place: 'input' },
  { bundle: 'mda-vst3', name: 'mda Overdrive', place: 2 },
  { bundle: 'lsp-plugins', name: 'Mixer x16 Stereo', place: 'input' },
  { bundle: 'MaGigaverb', name: 'MaGigaverb', place: 3 },
];

export interface SixStage {
  readonly product: Product;
  readonly client: Client;
  readonly mark: string;
  readonly folder: string;
  readonly masterPath: string;
  /** In the order of `SIX`. */
  readonly ids: readonly string[];
}

const LOADED_MS_MAX = 60_000;
const NOISE_SECONDS = 20;

const bundlesIn = (folder: string): string => {
  const target = join(folder, 'vst3');
  mkdirSync(target);
  for (const { bundle } of SIX) {
    cpSync(join(BUNDLES, `${bundle}.vst3`), join(target, `${bundle}.vst3`), { recursive: true });
  }
  return target;
};

export interface SixOptions {
  readonly seed: number;
  readonly blockFrames?: number;
  readonly env?: Readonly<Record<string, string>>;
  /** The master is not written down. */
  readonly isUnheard?: boolean;
  /** Without them there are the same loops. */
  readonly hasPlugins?: boolean;
}

/** All six are heard when it returns. */
export const setSixStage = async (
  { blockFrames = 64, env = {}, hasPlugins = true, isUnheard = false, seed }: SixOptions,
  later: (end: () => unknown) => void,
): Promise<SixStage> => {
  const folder = makeFolder();
  const mark = crypto.randomUUID();
  const input = join(folder, 'noise.wav');
  const masterPath = join(folder, 'master.wav');
  writeWavFile(input, RATE, makeNoise(seed, NOISE_SECONDS * RATE));
  const device = ['--device', 'headless', '--bpm', '240', '--block', String(blockFrames)];
  const output = isUnheard ? [] : ['--output', masterPath];
  const product = await startProduct([...device, '--input', input, ...output], {
    data: join(folder, 'data'),
    env: {
      ...bundleEnv(),
      ...env,
      [MARK]: mark,
      FLOWZONE_CRASH_GUARD: 'off',
      FLOWZONE_PLUGIN_PATH: bundlesIn(folder),
    },
  });
  later(() => product.stop());
  const client = await connect(product.url);
  later(() => client.close());
  await until('two bars', async () => (await frameOf(product)) > 2.2 * BAR_FRAMES);
  for (const { place } of SIX) {
    if (place === 'input') continue;
    await ok(client, { cmd: 'TRIGGER_SLOT', slot: place, quantized: true, bars: 1 });
  }
  const idOf = (name: string) => async () => {
    const { items } = await product.json<Json>('/api/plugins');
    return items.find((item: Json) => item.name === name)?.pluginId as string | undefined;
  };
  const ids: string[] = [];
  for (const { name, place } of hasPlugins ? SIX : []) {
    const pluginId = await until(name, idOf(name), LOADED_MS_MAX);
    ids.push((await ok(client, { cmd: 'LOAD_VST', slot: place, pluginId })).instanceId);
  }
  await until('all six', () => areOn(client, ids), LOADED_MS_MAX);
  return { product, client, mark, folder, masterPath, ids };
};

export const areOn = (client: Client, ids: readonly string[]): boolean =>
  ids.every((id) => client.state()['plugins']?.[id]?.status === 'on');

export const hostPids = (client: Client): number[] =>
  Object.values(client.state()['hosts'] as Record<string, { pid: number }>)
    .map(({ pid }) => pid)
    .filter((pid) => pid > 0);
