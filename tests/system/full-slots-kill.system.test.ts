/** All slots are full when the ninth is pressed, and the engine dies with the answer: all nine sound. */
import { expect, test } from 'bun:test';
import { type Client, connect, type Json } from '../judge/client.ts';
import { makeFolder, startProduct, until, withCleanup } from '../judge/product.ts';
import { BAR_FRAMES, frameOf, healthOf, killEngine, ok, RATE, waitBars } from '../judge/stage.ts';
import { makeNoise, readWavFile, writeWavFile } from '../judge/wav.ts';
import { nullTest, type Voice } from '../support/null-test.ts';

const SEED = 9_077;
const SLOTS = 8;
const ROUNDING_DBFS = -110;

const press = (client: Client): Promise<Voice & { takeId: string }> =>
  ok(client, { cmd: 'TRIGGER_SLOT', slot: 'auto', bars: 1, quantized: true });

const takesOf = (client: Client): string[] =>
  client.state().slots.map(({ takeId }: Json) => takeId as string);

const layersOf = (client: Client): number =>
  client.state().slots.reduce((sum: number, slot: Json) => sum + Number(slot.layerCount), 0);

test(
  'kill -9 with the answer to a capture for which two loops were merged loses none of them',
  () =>
    withCleanup(async (later) => {
      const [folder, data] = [makeFolder(), makeFolder()];
      const noise = makeNoise(SEED, 150 * RATE);
      writeWavFile(`${folder}/noise.wav`, RATE, noise);
      const masterPath = `${folder}/master.wav`;
      const input = ['--device', 'headless', '--bpm', '240', '--input', `${folder}/noise.wav`];
      const env = { FLOWZONE_RING_SECONDS: '140', FLOWZONE_CRASH_GUARD: 'off' };
      const product = await startProduct([...input, '--output', masterPath], { data, env });
      later(() => product.stop('SIGKILL'));
      const client = await connect(product.url);
      await waitBars(product, 3);
      const voices: (Voice & { takeId: string })[] = [];
      for (let count = 0; count < SLOTS; count += 1) {
        voices.push(await press(client));
        await waitBars(product, 1);
      }
      await until('all saved', () => client.state().slots.every((slot: Json) => slot.saved));
      const before = takesOf(client);
      const { enginePid } = await healthOf(product);
      voices.push(await press(client));
      await killEngine(product, enginePid);

      await until('nine takes in eight slots', () => layersOf(client) === SLOTS + 1);
      const ninth = voices.at(-1)?.takeId ?? '';
      expect(takesOf(client).slice(1)).toEqual([ninth, ...before.slice(2)]);
      await waitBars(product, 1);
      const from = await frameOf(product);
      await waitBars(product, 3);
      const to = (await frameOf(product)) - RATE / 10;
      await ok(client, { cmd: 'UNDO', scope: 'SESSION' });
      await until('all eight again', () => takesOf(client).join() === before.join());
      await product.stop();

      const { samples } = readWavFile(masterPath);
      const all = nullTest(samples, noise, voices, from, to);
      const without = nullTest(samples, noise, voices.toSpliced(1, 1), from, to);
      process.stdout.write(`${JSON.stringify({ ...all, controlDbfs: without.errorDbfs })}\n`);
      expect(all.frames).toBeGreaterThan(BAR_FRAMES);
      expect(all.errorDbfs).toBeLessThan(ROUNDING_DBFS);
      // The control: the second oldest is missed.
      expect(without.errorDbfs).toBeGreaterThan(-30);
    }),
  90_000,
);
