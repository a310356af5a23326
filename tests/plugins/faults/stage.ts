/** The running product on noise, with a plug-in of the fixture where a row of the fault table wants it. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { connect, type Client, type Json } from '../../judge/client.ts';
import { makeFolder, type Product, startProduct, until } from '../../judge/product.ts';
import { BAR_FRAMES, frameOf, ok, RATE } from '../../judge/stage.ts';
import { makeNoise, writeWavFile } from '../../judge/wav.ts';
import { clockEnv } from './block-clock.ts';
import type { Path } from './modes.ts';

/** Of the device. */
export const BLOCK_FRAMES = 64;
const NOISE_SECONDS = 30;
/** Looked at by a child, and told. */
const LISTED_MS_MAX = 30_000;
/** A slot is played from its own buffer by then. */
const BAKED_BARS = 2;

export interface FaultStage {
  readonly product: Product;
  readonly client: Client;
  readonly noise: Float32Array;
  readonly folder: string;
  readonly masterPath: string;
  readonly clockPath: string;
  /** A bar of the loop, dry, in frames of the master; of the slot path. */
  readonly dryBar: { readonly fromFrame: number; readonly toFrame: number } | null;
  /** What the take in the slot was made of. */
  readonly window: { readonly fromFrame: number; readonly toFrame: number } | null;
  state(): Json;
  frame(): Promise<number>;
  idOf(name: string): Promise<string>;
}

export interface StageOptions {
  readonly seed: number;
  readonly path: Path;
  /** Where plug-ins are looked for; empty = nowhere. */
  readonly pluginFolder: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly blockFrames?: number;
  /** Without the clock nothing is preloaded. */
  readonly isTimed?: boolean;
  /** What goes in, in place of noise; begun anew at its end. */
  readonly sound?: Float32Array;
}

const waitFrames = async (stage: Pick<FaultStage, 'frame'>, frames: number): Promise<number> => {
  const end = (await stage.frame()) + frames;
  await until('time', async () => (await stage.frame()) >= end, 60_000);
  return end;
};

/** Starts it; on the slot path a bar of the noise plays in slot 0, else the input is monitored. */
export const setFaultStage = async (
  {
    blockFrames = BLOCK_FRAMES,
    env = {},
    isTimed = true,
    path,
    pluginFolder,
    seed,
    sound,
  }: StageOptions,
  later: (end: () => unknown) => void,
): Promise<FaultStage> => {
  const folder = makeFolder();
  const noise = sound ?? makeNoise(seed, NOISE_SECONDS * RATE);
  const [input, masterPath, clockPath] = ['noise.wav', 'master.wav', 'blocks'].map((name) =>
    join(folder, name),
  ) as [string, string, string];
  writeWavFile(input, RATE, noise);
  mkdirSync(join(folder, 'data'));
  const device = ['--device', 'headless', '--bpm', '240', '--block', String(blockFrames)];
  const product = await startProduct([...device, '--input', input, '--output', masterPath], {
    data: join(folder, 'data'),
    env: { ...(isTimed ? clockEnv(clockPath) : {}), ...env, FLOWZONE_PLUGIN_PATH: pluginFolder },
  });
  later(() => product.stop());
  const client = await connect(product.url);
  later(() => client.close());
  const base = {
    product,
    client,
    noise,
    folder,
    masterPath,
    clockPath,
    state: () => client.state(),
    frame: () => frameOf(product),
    async idOf(name: string): Promise<string> {
      return await until(
        `the class ${name}`,
        async () => {
          const { items } = await product.json<Json>('/api/plugins');
          return items.find((item: Json) => item.name === name)?.pluginId as string | undefined;
        },
        LISTED_MS_MAX,
      );
    },
  };
  if (path === 'input') {
    await ok(client, { cmd: 'SET_INPUT', source: 0, monitor: true });
    return { ...base, dryBar: null, window: null };
  }
  await until('two bars', async () => (await base.frame()) > 2.2 * BAR_FRAMES);
  const window = await ok(client, { cmd: 'TRIGGER_SLOT', slot: 0, quantized: true, bars: 1 });
  const fromFrame = Math.ceil(await waitFrames(base, BAKED_BARS * BAR_FRAMES));
  await waitFrames(base, BAR_FRAMES + RATE / 10);
  return { ...base, dryBar: { fromFrame, toFrame: fromFrame + BAR_FRAMES }, window };
};
