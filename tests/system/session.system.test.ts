/** Promises 6 and 7: 2,000 random commands against a small model; undo to the root, redo to the tip. */
import { expect, test } from 'bun:test';
import { type Client, connect, type Json } from '../judge/client.ts';
import { SessionModel } from '../judge/model.ts';
import { makeFolder, startProduct, until } from '../judge/product.ts';
import { makeNoise, makeRandom, readWavFile, writeWavFile } from '../judge/wav.ts';

const SEED = 2_023;
const COMMANDS = 2000;
const RATE = 48_000;
/** /api/health tells a frame that may be a quarter of a second old. */
const HEALTH_FRAMES = RATE / 2;

const makeStep = (client: Client, model: SessionModel, random: () => number) => {
  const pick = (count: number) => Math.floor(random() * count);
  const ok = async (command: Json): Promise<Json> => {
    const answer = await client.ask(command);
    if (answer['type'] !== 'OK')
      throw new Error(`${JSON.stringify(command)} → ${JSON.stringify(answer)}`);
    return answer;
  };
  const steps: Record<string, () => Promise<void>> = {
    volume: async () => {
      const slot = pick(8);
      const val = pick(101) / 100;
      await ok({ cmd: 'SET_VOL', slot, val });
      model.setVolume(slot, val);
    },
    mute: async () => {
      const slot = pick(8);
      const muted = random() < 0.5;
      await ok({ cmd: 'MUTE_SLOT', slot, muted });
      model.mute(slot, muted);
    },
    solo: async () => {
      const slot = pick(8);
      const soloed = random() < 0.3;
      await ok({ cmd: 'SOLO_SLOT', slot, soloed });
      model.solo(slot, soloed);
    },
    capture: async () => {
      const slot = pick(8);
      const answer = await ok({ cmd: 'TRIGGER_SLOT', slot, quantized: false, bars: 1 });
      model.capture(slot, (answer['result'] as Json)['takeId']);
    },
    clear: async () => {
      const slot = pick(8);
      if (model.slots[slot]?.take === null) {
        expect((await client.ask({ cmd: 'CLEAR_SLOT', slot }))['code']).toBe(4002);
        return;
      }
      await ok({ cmd: 'CLEAR_SLOT', slot });
      model.clear(slot);
    },
    undo: async () => {
      const answer = await client.ask({ cmd: 'UNDO', scope: 'SESSION' });
      expect(answer['code']).toBe(model.canUndo ? undefined : 4005);
      model.undo();
    },
    redo: async () => {
      const answer = await client.ask({ cmd: 'REDO', scope: 'SESSION' });
      expect(answer['code']).toBe(model.canRedo ? undefined : 4006);
      model.redo();
    },
    stale: async () => {
      const answer = await client.ask({
        cmd: 'UNDO',
        scope: 'SESSION',
        ifHead: '00000000-0000-4000-8000-000000000000',
      });
      expect(answer['code']).toBe(4003);
    },
  };
  const names = [
    'volume',
    'volume',
    'mute',
    'mute',
    'solo',
    'capture',
    'capture',
    'clear',
    'undo',
    'undo',
    'redo',
    'stale',
  ];
  return () => steps[names[pick(names.length)] ?? 'volume']?.();
};

const content = (state: Json) =>
  state['slots'].map((slot: Json) => [slot['takeId'], slot['originBeat'], slot['lengthBeats']]);

test('2,000 random commands: the model, two clients and /api/state agree; undo to silence, redo to the tip', async () => {
  process.stdout.write(`seed ${SEED}\n`);
  const random = makeRandom(SEED);
  const folder = makeFolder();
  writeWavFile(`${folder}/noise.wav`, RATE, makeNoise(SEED, 150 * RATE));
  const product = await startProduct(
    [
      '--device',
      'headless',
      '--bpm',
      '300',
      '--input',
      `${folder}/noise.wav`,
      '--output',
      `${folder}/master.wav`,
    ],
    { env: { FLOWZONE_RATE_LIMIT: 'off', FLOWZONE_RING_SECONDS: '140' } },
  );
  const [client, other] = [await connect(product.url), await connect(product.url)];
  const frameNow = async () => (await product.json<{ frame: number }>('/api/health')).frame;
  await until('two bars were heard', async () => (await frameNow()) > 2 * RATE);
  const model = new SessionModel(8);
  const step = makeStep(client, model, random);
  for (let count = 0; count < COMMANDS; count += 1) {
    await step();
    if (count % 100 === 99) expect(model.differences(client.state())).toEqual([]);
  }

  const agree = async () => {
    const answer = await product.json<Json>('/api/state');
    await until('both clients at the revision', () =>
      [client, other].every((each) => each.state()['meta'].revisionId >= answer['revId']),
    );
    return answer;
  };
  const before = await agree();
  expect(model.differences(before['data'])).toEqual([]);
  for (const each of [client, other]) {
    expect(model.differences(each.state())).toEqual([]);
    expect(each.fullStates()).toBe(1);
    expect(each.resyncs()).toBe(0);
  }

  const soundAt = await frameNow();
  let undone = 0;
  while ((await client.ask({ cmd: 'UNDO', scope: 'SESSION' }))['type'] === 'OK') undone += 1;
  expect(undone).toBe(model.depth);
  const silentFrom = (await frameNow()) + HEALTH_FRAMES;
  await until('half a second of silence', async () => (await frameNow()) > silentFrom + RATE / 2);
  const silentTo = await frameNow();
  for (let count = 0; count < undone; count += 1) {
    expect((await client.ask({ cmd: 'REDO', scope: 'SESSION' }))['type']).toBe('OK');
  }
  const after = await agree();
  expect(content(after['data'])).toEqual(content(before['data']));
  const loudFrom = (await frameNow()) + HEALTH_FRAMES;
  await until('half a second of sound', async () => (await frameNow()) > loudFrom + RATE / 2);
  await product.stop();

  const master = readWavFile(`${folder}/master.wav`).samples;
  const peak = (from: number, to: number) =>
    master.subarray(2 * from, 2 * to).reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
  expect(peak(silentFrom, silentTo)).toBe(0);
  const audible = before['data'].slots.some(
    (slot: Json) => slot['audible'] && slot['takeId'] !== null && slot['volume'] > 0,
  );
  if (audible) expect(peak(loudFrom, loudFrom + RATE / 2)).toBeGreaterThan(0);
  process.stdout.write(
    `${JSON.stringify({ seed: SEED, commands: COMMANDS, undone, revId: after['revId'], soundAt, peakAfterUndo: peak(silentFrom, silentTo) })}\n`,
  );
}, 240_000);

test('the model notices a lost mute and a wrong take', () => {
  const model = new SessionModel(1);
  model.capture(0, 'a');
  const state = { slots: [{ takeId: 'a', volume: 1, muted: false, soloed: false, audible: true }] };
  expect(model.differences(state)).toEqual([]);
  model.mute(0, true);
  expect(model.differences(state).length).toBe(2);
  model.undo();
  expect(model.differences(state).length).toBeGreaterThan(0);
});
