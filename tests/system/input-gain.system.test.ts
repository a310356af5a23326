/** A pair that is turned down is softer in the sum, and itself in its own takes; also after a kill. */
import { expect, test } from 'bun:test';
import { type Client, connect, type Json } from '../judge/client.ts';
import { makeFolder, type Product, startProduct, until, withCleanup } from '../judge/product.ts';
import { killEngine, ok, RATE, waitBars } from '../judge/stage.ts';
import { makeNoise, readWav, writeWavFile } from '../judge/wav.ts';

const SEED = 2_006;
const CHANNELS = 4;
const PAIR = 2;
const [FIRST_DB, SECOND_DB] = [-6, 4.5];

/** The factor as the engine holds it: Float32. */
const factorOf = (db: number): number => Math.fround(10 ** (db / 20));

/** Samples of the take that are what `pairs` of the noise played, added up, each times its factor. */
const sameSamples = (
  samples: Float32Array,
  noise: Float32Array,
  fromFrame: number,
  pairs: Readonly<Record<number, number>>,
): number =>
  samples.reduce((same, sample, at) => {
    const place = CHANNELS * (fromFrame + Math.floor(at / 2)) + (at % 2);
    const meant = Object.entries(pairs).reduce((sum, [pair, factor]) => {
      const played = noise[place + 2 * (Number(pair) - 1)] ?? Number.NaN;
      return Math.fround(sum + Math.fround(played * factor));
    }, 0);
    return sample === meant ? same + 1 : same;
  }, 0);

/** Captures the last bar of a source and reads its file. */
const capture = async (product: Product, client: Client, slot: number, source: number) => {
  // A whole bar with the gain as it is now.
  await waitBars(product, 2);
  const press = { cmd: 'TRIGGER_SLOT', slot, quantized: true, bars: 1, source };
  const take: Json = await ok(client, press);
  await until('saved', () => client.state().slots[slot].saved === true, 20_000);
  const file = await product.get(`/api/takes/${take.takeId}/audio`);
  const { samples } = readWav(new Uint8Array(await file.arrayBuffer()));
  expect(samples).toHaveLength(2 * (take.toFrame - take.fromFrame));
  return { samples, fromFrame: take.fromFrame as number };
};

test(
  'pair 2 at −6 dB is in the sum, also after a kill -9; its own takes are as it came in',
  () =>
    withCleanup(async (later) => {
      const folder = makeFolder();
      const noise = makeNoise(SEED, 2 * 120 * RATE);
      writeWavFile(`${folder}/noise.wav`, RATE, noise, CHANNELS);
      const product = await startProduct(
        ['--device', 'headless', '--bpm', '240', '--input', `${folder}/noise.wav`],
        { data: `${folder}/data`, env: { FLOWZONE_CRASH_GUARD: 'off' } },
      );
      later(() => product.stop('SIGKILL'));
      const client = await connect(product.url);
      later(() => client.close());
      await until('the slots are there', () => client.state().slots?.length > 0);
      const setGain = async (gainDb: number) => {
        await ok(client, { cmd: 'SET_INPUT', source: PAIR, gainDb });
        expect(client.state().sources[PAIR].gainDb).toBe(gainDb);
      };
      const judge = async (
        slot: number,
        source: number,
        right: Readonly<Record<number, number>>,
        ignored: Readonly<Record<number, number>>,
      ) => {
        const { fromFrame, samples } = await capture(product, client, slot, source);
        expect(sameSamples(samples, noise, fromFrame, right)).toBe(samples.length);
        // What an ignored gain would have left is another sound: the judge sees it.
        expect(sameSamples(samples, noise, fromFrame, ignored)).toBeLessThan(samples.length / 100);
      };

      await setGain(FIRST_DB);
      const factor = factorOf(FIRST_DB);
      const [mixed, untouched] = [
        { 1: 1, [PAIR]: factor },
        { 1: 1, [PAIR]: 1 },
      ];
      await judge(0, 0, mixed, untouched);
      await judge(1, PAIR, { [PAIR]: 1 }, { [PAIR]: factor });
      await judge(2, 1, { 1: 1 }, { 1: factor });

      await killEngine(product, product.ready.enginePid, 20_000);
      await until('the gain is back', () => client.state().sources[PAIR].gainDb === FIRST_DB);
      await judge(3, 0, mixed, untouched);

      await setGain(SECOND_DB);
      await judge(4, 0, { 1: 1, [PAIR]: factorOf(SECOND_DB) }, mixed);
    }),
  120_000,
);
