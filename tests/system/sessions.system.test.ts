/** Sessions in the running product: there and back to the bit, over a restart, and killed on the way. */
import { expect, test } from 'bun:test';
import { type Client, connect, type Json } from '../judge/client.ts';
import { type Product, startProduct, until, withCleanup } from '../judge/product.ts';
import {
  BAR_FRAMES,
  frameOf,
  healthOf,
  killEngine,
  LOOPS,
  ok,
  setStage,
  waitBars,
} from '../judge/stage.ts';
import { makeRandom, readWavFile } from '../judge/wav.ts';

const SEED = 4_104;
const KILLS = 12;

/** What the slots play and how, and where the loops lie relative to the first. */
const heard = (state: Json): Json[] => {
  const origins = state.slots.flatMap((slot: Json) => (slot.takeId ? [slot.originBeat] : []));
  return state.slots.map(({ takeId, bars, volume, pan, muted, name, originBeat }: Json) => ({
    takeId,
    bars,
    volume,
    pan,
    muted,
    name,
    originBeat: takeId ? originBeat - Math.min(...origins) : 0,
  }));
};

const openedSession = (product: Product): Promise<string> =>
  product.json<Json>('/api/state').then(({ data }) => data.meta.sessionId);

/** A bar of the master, from a bar line that lies a bar ahead. */
const nextBar = async (product: Product): Promise<number> => {
  const from = (Math.floor((await frameOf(product)) / BAR_FRAMES) + 2) * BAR_FRAMES;
  await until('the bar', async () => (await frameOf(product)) > from + 2 * BAR_FRAMES);
  return from;
};

const timed = async (act: () => Promise<unknown>): Promise<number> => {
  const from = performance.now();
  await act();
  return performance.now() - from;
};

const arranged = async (client: Client): Promise<void> => {
  await ok(client, { cmd: 'SET_VOL', slot: 1, val: 0.5 });
  await ok(client, { cmd: 'SET_PAN', slot: 2, val: -0.5 });
  await ok(client, { cmd: 'RENAME_SLOT', slot: 0, name: 'Bass' });
};

test(
  'A with loops, B new and recorded, A again: the same to the bit; a restart opens the last',
  () =>
    withCleanup(async (later) => {
      const { client, masterPath, product } = await setStage(SEED, later);
      await arranged(client);
      const first = client.state().meta.sessionId;
      await ok(client, { cmd: 'RENAME_SESSION', name: 'A' });
      const [before, barBefore] = [heard(client.state()), await nextBar(product)];
      const { sessionId: second } = await ok(client, { cmd: 'NEW_SESSION', name: 'B' });
      expect(client.state().slots.map(({ takeId }: Json) => takeId)).toEqual(Array(8).fill(null));
      const silent = await nextBar(product);
      await ok(client, { cmd: 'TRIGGER_SLOT', slot: 0, quantized: true, bars: 1 });
      await waitBars(product, 1);
      const ofSecond = heard(client.state());
      await ok(client, { cmd: 'OPEN_SESSION', sessionId: first });
      expect(heard(client.state())).toEqual(before);
      expect(client.state().slots[0].originBeat % 4).toBe(0);
      const barAfter = await nextBar(product);
      await ok(client, { cmd: 'UNDO', scope: 'SESSION' });
      expect(client.state().slots[LOOPS - 1].takeId).toBeNull();
      await ok(client, { cmd: 'REDO', scope: 'SESSION' });
      await ok(client, { cmd: 'OPEN_SESSION', sessionId: second });
      expect(heard(client.state())).toEqual(ofSecond);
      await until('all saved', () => client.state().slots[0].saved);
      const { items } = await product.json<Json>('/api/sessions');
      expect(items).toMatchObject([
        { id: second, name: 'B', open: true, riffs: 1, takes: 1 },
        { id: first, name: 'A', open: false, riffs: LOOPS, takes: LOOPS },
      ]);
      await product.stop();

      const { samples } = readWavFile(masterPath);
      const bar = (from: number) => samples.slice(2 * from, 2 * (from + BAR_FRAMES));
      expect(bar(barBefore).some((sample) => sample !== 0)).toBeTrue();
      expect(bar(silent).every((sample) => sample === 0)).toBeTrue();
      expect(bar(barAfter)).toEqual(bar(barBefore));
      // The judge sees one frame of shift.
      expect(bar(barAfter + 1)).not.toEqual(bar(barBefore));

      const next = await startProduct(['--device', 'headless'], { data: product.data });
      later(() => next.stop('SIGKILL'));
      const again = await connect(next.url);
      await until('the last session', () => again.state().slots?.[0]?.takeId);
      expect(again.state().meta).toMatchObject({ sessionId: second, sessionName: 'B' });
      expect(heard(again.state())).toEqual(ofSecond);
      await ok(again, { cmd: 'OPEN_SESSION', sessionId: first });
      expect(heard(again.state())).toEqual(before);
      await next.stop();
    }),
  120_000,
);

test(
  `killed ${KILLS} times while switching: one of both, whole`,
  () =>
    withCleanup(async (later) => {
      process.stdout.write(`seed ${SEED}\n`);
      const random = makeRandom(SEED);
      const { client, product } = await setStage(SEED, later);
      await arranged(client);
      const first = client.state().meta.sessionId;
      const contents = new Map<string, Json[]>([[first, heard(client.state())]]);
      const { sessionId: second } = await ok(client, { cmd: 'NEW_SESSION', name: 'B' });
      await waitBars(product, 1);
      await ok(client, { cmd: 'TRIGGER_SLOT', slot: 5, quantized: true, bars: 1 });
      await until('saved', () => client.state().slots[5].saved);
      contents.set(second, heard(client.state()));
      const switchMs = await timed(() => ok(client, { cmd: 'OPEN_SESSION', sessionId: first }));
      const seen = { left: 0, entered: 0 };
      for (let kill = 0; kill < KILLS; kill += 1) {
        const [from, { enginePid }] = [await openedSession(product), await healthOf(product)];
        const to = from === first ? second : first;
        client.send({ cmd: 'OPEN_SESSION', sessionId: to });
        await Bun.sleep(random() * 2 * switchMs);
        await killEngine(product, enginePid, 20_000);
        const is = await openedSession(product);
        seen[is === from ? 'left' : 'entered'] += 1;
        const whole = contents.get(is);
        const state = () => product.json<Json>('/api/state').then(({ data }) => data);
        await until('the loops', async () => {
          const slots: Json[] = (await state()).slots;
          return slots.filter(({ takeId }) => takeId).length === (is === first ? LOOPS : 1);
        });
        expect(heard(await state())).toEqual(whole ?? []);
      }
      process.stdout.write(`${JSON.stringify({ seed: SEED, kills: KILLS, ...seen })}\n`);
      expect(seen.left).toBeGreaterThan(0);
      expect(seen.entered).toBeGreaterThan(0);
      await product.stop();
    }),
  180_000,
);
