/** The past as loops in the running product: after the ring came round, a kill, and a new run. */
import { expect, test } from 'bun:test';
import { type Client, connect, type Json } from '../judge/client.ts';
import { makeFolder, type Product, startProduct, until, withCleanup } from '../judge/product.ts';
import { BAR_FRAMES, frameOf, healthOf, killEngine, ok, RATE } from '../judge/stage.ts';
import { makeNoise, readWav, writeWavFile } from '../judge/wav.ts';

const SEED = 4011;
const RING_SECONDS = 6;

/** Samples of the take that are not those of the noise from this frame on. */
const wrongSamples = async (
  product: Product,
  noise: Float32Array,
  { fromFrame, takeId, toFrame }: Json,
): Promise<number> => {
  const file = await product.get(`/api/takes/${takeId}/audio`);
  const { samples } = readWav(new Uint8Array(await file.arrayBuffer()));
  const played = noise.subarray(2 * fromFrame, 2 * toFrame);
  if (samples.length !== played.length) return Math.max(samples.length, played.length);
  return samples.reduce((count, sample, at) => (sample === played[at] ? count : count + 1), 0);
};

const past = async (
  client: Client,
  name: string,
  slot: number,
  fields: Json,
  source: object,
): Promise<Json> => {
  const result = await ok(client, { cmd: name, slot, ...fields, ...source });
  await until('it is saved', () => client.state().slots[slot].saved === true, 20_000);
  return result;
};

const reachedFrame = (product: Product, frame: number) =>
  until(
    `frame ${frame}`,
    async () => (await frameOf(product)) > frame,
    (frame / RATE) * 1000 + 30_000,
  );

test(
  'bars the ring has lost, bars of before a kill, and those of a run before are bit-exact',
  () =>
    withCleanup(async (later) => {
      const folder = makeFolder();
      const noise = makeNoise(SEED, 120 * RATE);
      writeWavFile(`${folder}/noise.wav`, RATE, noise);
      const start = async () => {
        const product = await startProduct(
          ['--device', 'headless', '--bpm', '240', '--input', `${folder}/noise.wav`],
          {
            data: `${folder}/data`,
            env: { FLOWZONE_RING_SECONDS: String(RING_SECONDS), FLOWZONE_CRASH_GUARD: 'off' },
          },
        );
        later(() => product.stop('SIGKILL'));
        const client = await connect(product.url);
        await until('the slots are there', () => client.state().slots?.length > 0);
        return { product, client };
      };
      const judged: Json[] = [];
      const judge = async (what: string, product: Product, take: Json) => {
        const wrong = await wrongSamples(product, noise, take);
        judged.push({ what, frames: take.toFrame - take.fromFrame, wrong });
        expect(`${what}: ${wrong}`).toBe(`${what}: 0`);
      };

      const { client, product } = await start();
      await reachedFrame(product, 4 * BAR_FRAMES);
      await client.ask({ cmd: 'SET_TEMPO', bpm: 150 });
      await reachedFrame(product, (RING_SECONDS + 6) * RATE);
      const old = await past(client, 'REACH_BACK', 0, { fromBar: 1, bars: 2 }, {});
      expect(old).toMatchObject({ fromFrame: BAR_FRAMES, toFrame: 3 * BAR_FRAMES });
      await judge('bars the ring has lost', product, old);
      const tuned = await past(client, 'ADJUST_LOOP', 0, { shiftBeats: -1.5 }, {});
      expect(tuned.fromFrame).toBe(BAR_FRAMES - 1.5 * (BAR_FRAMES / 4));
      await judge('shifted by 1.5 beats', product, tuned);

      const { enginePid, frame: killedAt } = await healthOf(product);
      await killEngine(product, enginePid, 20_000);
      await until(
        'the loop is back',
        () => client.state().slots[0].takeId === tuned.takeId,
        20_000,
      );
      const again = await past(client, 'REACH_BACK', 1, { fromBar: 0, bars: 1 }, {});
      expect(again).toMatchObject({ fromFrame: 0, toFrame: BAR_FRAMES });
      await judge('a bar of before the kill', product, again);
      // At 150 bpm a bar has 76,800 frames; the one in which nobody listened is not offered.
      await reachedFrame(product, (await frameOf(product)) + 4 * RATE);
      const barFrames = 76_800;
      const found: number[] = [];
      for (let bar = 5; bar < 40 && found.length === 0; bar += 1) {
        const answer = await client.ask({ cmd: 'REACH_BACK', slot: 2, fromBar: bar, bars: 1 });
        if (answer.type !== 'OK') found.push(bar, answer.code);
        else expect(answer.result.toFrame - answer.result.fromFrame).toBe(barFrames);
      }
      expect(found[1]).toBe(4011);
      const refused = client.state();
      expect(refused.slots[2].takeId).not.toBeNull();
      const lastTake = await product.json<Json>(`/api/takes/${refused.slots[2].takeId}`);
      expect(lastTake.toFrame).toBeLessThanOrEqual(killedAt + RATE);
      expect(lastTake.toFrame + barFrames).toBeGreaterThan(killedAt);
      judged.push({ what: 'the bar of the kill', killedAt, refusedBar: found[0] });
      await product.stop();

      const next = await start();
      await until('it is back', () => next.client.state().slots[0].takeId === tuned.takeId, 20_000);
      const longer = await past(next.client, 'ADJUST_LOOP', 0, { bars: 1, shiftBeats: 2 }, {});
      expect(longer.toFrame).toBe(tuned.toFrame + 2 * (BAR_FRAMES / 4));
      await judge('of the run before', next.product, longer);
      await next.client.ask({ cmd: 'CLEAR_SLOT', slot: 0 });
      const back = await next.client.ask({ cmd: 'RESTORE_TAKE', slot: 0, takeId: old.takeId });
      expect(back.type).toBe('OK');
      expect(next.client.state().slots[0].takeId).toBe(old.takeId);
      process.stdout.write(`${JSON.stringify({ seed: SEED, judged })}\n`);
      await next.product.stop();
    }),
  120_000,
);
