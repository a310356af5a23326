/** Loops made of loops outlive what made them: every process is killed, and the same sum is heard. */
import { expect, test } from 'bun:test';
import { type Client, connect, type Json } from '../judge/client.ts';
import { makeFolder, type Product, startProduct, until, withCleanup } from '../judge/product.ts';
import { BAR_FRAMES, frameOf, healthOf, killEngine, ok, RATE, waitBars } from '../judge/stage.ts';
import { makeNoise, readWavFile, writeWavFile } from '../judge/wav.ts';
import { nullTest, type Voice } from '../support/null-test.ts';

const SEED = 4_077;
const ROUNDING_DBFS = -110;

const press = (client: Client, slot: number, bars: number, mode: string): Promise<Voice> =>
  ok(client, { cmd: 'TRIGGER_SLOT', slot, bars, quantized: true, mode });

const slotsOf = (client: Client): Json[] =>
  client.state().slots.map(({ bars, layerCount, tail, takeId, tempoMode }: Json) => ({
    bars,
    layerCount,
    tail,
    takeId,
    tempoMode,
  }));

const allSaved = (client: Client): boolean =>
  client.state().slots.every((slot: Json) => slot.takeId === null || slot.saved);

/** An overdub, a merge and a tail; what should be heard of them. */
const perform = async (product: Product, client: Client): Promise<Voice[]> => {
  const below = await press(client, 0, 2, 'replace');
  await waitBars(product, 1);
  const over = await press(client, 0, 1, 'overdub');
  const low = await press(client, 1, 1, 'replace');
  await waitBars(product, 1);
  const high = await press(client, 2, 1, 'replace');
  await ok(client, { cmd: 'SET_VOL', slot: 1, val: 0.5 });
  await ok(client, { cmd: 'MERGE_SLOTS', from: [1, 2], to: 2 });
  const tailed = await press(client, 3, 1, 'replace');
  await ok(client, { cmd: 'SET_TAIL', slot: 3, on: true });
  const tail: Voice = {
    fromFrame: tailed.toFrame,
    toFrame: tailed.toFrame + BAR_FRAMES,
    phase: -tailed.fromFrame,
    gainAt: (at) => Math.min(1, (BAR_FRAMES - at - 0.5) / (BAR_FRAMES / 2)),
  };
  const lowered = { left: 0.95, right: 0.95 };
  return [{ ...below, ...lowered }, over, { ...low, left: 0.5, right: 0.5 }, high, tailed, tail];
};

/** The engine dies with the answer to an overdub; the next one lays the take over all the same. */
const killInOverdub = async (product: Product, client: Client): Promise<Voice> => {
  const { enginePid } = await healthOf(product);
  const third = await press(client, 0, 1, 'overdub');
  await killEngine(product, enginePid);
  await until('three takes in one loop', () => client.state().slots[0].layerCount === 3);
  await until('all saved', () => allSaved(client));
  return third;
};

/** Over one stretch, and with one loop a frame beside its place. */
const judge = (
  masterPath: string,
  noise: Float32Array,
  voices: Voice[],
  [from, to]: readonly number[],
) => {
  const { samples } = readWavFile(masterPath);
  const [first, ...others] = voices;
  const beside = first ? [{ ...first, phase: 1 - first.fromFrame }, ...others] : [];
  const result = nullTest(samples, noise, voices, from ?? 0, to ?? 0);
  const control = nullTest(samples, noise, beside, from ?? 0, to ?? 0);
  process.stdout.write(`${JSON.stringify({ ...result, controlDbfs: control.errorDbfs })}\n`);
  expect(result.frames).toBeGreaterThan(BAR_FRAMES / 2);
  expect(result.errorDbfs).toBeLessThan(ROUNDING_DBFS);
  expect(control.errorDbfs).toBeGreaterThan(-30);
};

test(
  'an overdub, a merge and a tail sound the same after kill -9 of everything',
  () =>
    withCleanup(async (later) => {
      const [folder, data] = [makeFolder(), makeFolder()];
      const noise = makeNoise(SEED, 150 * RATE);
      writeWavFile(`${folder}/noise.wav`, RATE, noise);
      const masterPath = `${folder}/master.wav`;
      const input = ['--device', 'headless', '--bpm', '240', '--input', `${folder}/noise.wav`];
      const start = async () => {
        const env = { FLOWZONE_RING_SECONDS: '140', FLOWZONE_CRASH_GUARD: 'off' };
        const product = await startProduct([...input, '--output', masterPath], { data, env });
        later(() => product.stop('SIGKILL'));
        return { product, client: await connect(product.url) };
      };
      const first = await start();
      await until('four bars', async () => (await frameOf(first.product)) > 4 * BAR_FRAMES);
      const voices = await perform(first.product, first.client);
      await waitBars(first.product, 4);
      await until('all saved', () => allSaved(first.client));
      const before = (await frameOf(first.product)) - 2 * BAR_FRAMES;
      const killed = before + BAR_FRAMES;

      const third = await killInOverdub(first.product, first.client);
      const slots = slotsOf(first.client);
      const { enginePid, gatewayPid } = await healthOf(first.product);
      for (const pid of [first.product.ready.pid, enginePid, gatewayPid]) {
        process.kill(pid, 'SIGKILL');
      }
      await first.product.stop('SIGKILL');

      const next = await start();
      expect(slotsOf(next.client)).toEqual(slots);
      // The tail and the finished overdub come a moment after the loops.
      await waitBars(next.product, 5);
      const back = (await frameOf(next.product)) - RATE / 10;
      await waitBars(next.product, 3);
      const end = (await frameOf(next.product)) - RATE / 10;
      await next.product.stop();
      judge(masterPath, noise, voices, [before, killed]);
      const [below, over, ...others] = voices;
      const lowered = [below, over].flatMap((voice) => {
        const gain = 0.95 * (voice?.left ?? 1);
        return voice ? [{ ...voice, left: gain, right: gain }] : [];
      });
      judge(masterPath, noise, [...lowered, third, ...others], [back, end]);
    }),
  90_000,
);
