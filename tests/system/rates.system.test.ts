/** A session that was played at 44.1 kHz goes on at 48 kHz: what is exported is what was played. */
import { expect, test } from 'bun:test';
import { type Client, connect, type Json } from '../judge/client.ts';
import {
  exported,
  hasJudges,
  largestDifference,
  readersOf,
  samplesOf,
  tapeFrom,
} from '../judge/export.ts';
import { makeFolder, type Product, startProduct, until, withCleanup } from '../judge/product.ts';
import { frameOf, ok } from '../judge/stage.ts';
import { dbfs, writeWavFile } from '../judge/wav.ts';

const [FIRST_HZ, THEN_HZ] = [44_100, 48_000];
const TAPE_SECONDS = 40;
const BEAT_SECONDS = 0.5;
const BAR_SECONDS = 4 * BEAT_SECONDS;
/** What is judged ends before the seam. */
const SEAM_SECONDS = 0.011;
const TONES_HZ = [331.7, 1_217.3, 4_801.9, 9_733.1];
const CLICK_SECONDS = 0.7313;
const OFF_MAX = 1e-4;
const say = (text: string) => process.stdout.write(`${text}\n`);

/** The tape at a time: tones that never come round together, and a click every 0.73 s. */
const tapeAt = (seconds: number, tonesHz = TONES_HZ): number => {
  const tones = tonesHz.reduce((sum, hz) => sum + 0.08 * Math.sin(2 * Math.PI * hz * seconds), 0);
  const sinceClick = seconds - Math.round(seconds / CLICK_SECONDS) * CLICK_SECONDS;
  return tones + 0.3 * Math.exp(-((sinceClick * 16_000) ** 2));
};

/** What the second engine hears. */
const otherAt = (seconds: number): number => tapeAt(seconds, [557.1, 2_113.7]);

const writeTape = (path: string, rateHz: number, sound: typeof otherAt): Float32Array => {
  const tape = Float32Array.from({ length: 2 * TAPE_SECONDS * rateHz }, (_, at) =>
    sound(Math.floor(at / 2) / rateHz),
  );
  writeWavFile(path, rateHz, tape);
  return tape;
};

/** The largest difference from what the tape had, from a second of the export on. */
const offBy = (
  samples: Float32Array,
  [from, to]: readonly [number, number],
  tape: (seconds: number) => number,
): number => {
  let worst = 0;
  for (let frame = Math.ceil(from * THEN_HZ); frame < Math.floor(to * THEN_HZ); frame += 1) {
    const off = Math.abs((samples[2 * frame] ?? NaN) - tape(frame / THEN_HZ));
    worst = Math.max(worst, Number.isNaN(off) ? 1 : off);
  }
  return worst;
};

const exportOf = async (product: Product, client: Client, what: Json) => {
  const { document, paths } = await exported(product, client, {
    what,
    format: 'wav32f',
    stems: false,
  });
  const [path = ''] = paths;
  return { document, path, samples: samplesOf(path) };
};

const riffOf = (product: Product, client: Client) =>
  exportOf(product, client, { riffId: client.state()['history'].head });

test.skipIf(!hasJudges())(
  'a loop, its tail, another window, its own speed, an overdub of it and its past sound as played (needs the judges of sound files)',
  () =>
    withCleanup(async (later) => {
      const folder = makeFolder();
      const start = async (rateHz: number, input: string) => {
        const rate = ['--rate', String(rateHz), '--bpm', '120'];
        const product = await startProduct(['--device', 'headless', ...rate, '--input', input], {
          data: `${folder}/data`,
        });
        later(() => product.stop('SIGKILL'));
        return { product, client: await connect(product.url) };
      };
      const tape = writeTape(`${folder}/first.wav`, FIRST_HZ, tapeAt);
      writeTape(`${folder}/then.wav`, THEN_HZ, otherAt);
      const first = await start(FIRST_HZ, `${folder}/first.wav`);
      const heard = async (seconds: number) => (await frameOf(first.product)) > seconds * FIRST_HZ;
      await until('two bars were heard', () => heard(2 * BAR_SECONDS + 0.1));
      const take = await ok(first.client, {
        cmd: 'TRIGGER_SLOT',
        slot: 0,
        bars: 1,
        quantized: true,
      });
      await until('it is saved', () => first.client.state()['slots'][0].saved === true);
      await until('a bar was heard after it', () => heard(take['toFrame'] / FIRST_HZ + 6));
      const ended = await exportOf(first.product, first.client, { bars: 1 });
      const riffId = first.client.state()['history'].head;
      await ok(first.client, { cmd: 'CLEAR_SLOT', slot: 0 });
      const rolled = await ok(first.client, {
        cmd: 'TRIGGER_SLOT',
        slot: 0,
        bars: 1,
        quantized: false,
      });
      await until('it is saved too', () => first.client.state()['slots'][0].saved === true);
      const rolledId = first.client.state()['history'].head;
      first.client.close();
      await first.product.stop();

      const { client, product } = await start(THEN_HZ, `${folder}/then.wav`);
      await ok(client, { cmd: 'RECALL_RIFF', riffId, when: 'now' });
      expect(client.state()['slots'][0].takeId).toBe(take['takeId']);
      const begin = take['fromFrame'] / FIRST_HZ;
      const end = BAR_SECONDS - SEAM_SECONDS;

      const riff = await riffOf(product, client);
      expect(riff.document['rateHz']).toBe(THEN_HZ);
      expect(riff.samples.length).toBe(2 * BAR_SECONDS * THEN_HZ);
      const off = offBy(riff.samples, [0, end], (at) => tapeAt(begin + at));
      say(`loop: off by ${off} (${dbfs(off)} dBFS)`);
      expect(off).toBeLessThan(OFF_MAX);
      const unscaled = (at: number) => tapeAt(begin + (at * THEN_HZ) / FIRST_HZ);
      expect(offBy(riff.samples, [0, end], unscaled)).toBeGreaterThan(0.1);
      const late = (at: number) => tapeAt(begin + at + 1 / THEN_HZ);
      expect(offBy(riff.samples, [0, end], late)).toBeGreaterThan(100 * OFF_MAX);

      await ok(client, { cmd: 'RECALL_RIFF', riffId: rolledId, when: 'now' });
      const rolling = await riffOf(product, client);
      // It came round when it was pressed: so far behind the line it begins.
      const began = rolled['fromFrame'] / FIRST_HZ;
      const behind = (((began - begin) % BAR_SECONDS) + BAR_SECONDS) % BAR_SECONDS;
      const inBar = (at: number) => tapeAt(began + ((at - behind + BAR_SECONDS) % BAR_SECONDS));
      const spans = [
        [0, Math.max(0, behind - SEAM_SECONDS)],
        [behind, BAR_SECONDS],
      ] as const;
      const offRolling = Math.max(...spans.map((span) => offBy(rolling.samples, span, inBar)));
      say(`pressed off the line: off by ${offRolling} (${dbfs(offRolling)} dBFS)`);
      expect(offRolling).toBeLessThan(OFF_MAX);
      await ok(client, { cmd: 'RECALL_RIFF', riffId, when: 'now' });

      await ok(client, { cmd: 'SET_TAIL', slot: 0, on: true });
      const tail = await riffOf(product, client);
      const both = (at: number) => tapeAt(begin + at) + tapeAt(begin + BAR_SECONDS + at);
      const offTail = offBy(tail.samples, [0, BAR_SECONDS / 2 - SEAM_SECONDS], both);
      say(`with its tail: off by ${offTail} (${dbfs(offTail)} dBFS)`);
      expect(offTail).toBeLessThan(OFF_MAX);
      await ok(client, { cmd: 'SET_TAIL', slot: 0, on: false });

      await ok(client, { cmd: 'ADJUST_LOOP', slot: 0, shiftBeats: 1 });
      const shifted = await riffOf(product, client);
      const offShifted = Math.max(
        offBy(shifted.samples, [BEAT_SECONDS, BAR_SECONDS], (at) => tapeAt(begin + at)),
        offBy(shifted.samples, [0, BEAT_SECONDS - SEAM_SECONDS], (at) =>
          tapeAt(begin + BAR_SECONDS + at),
        ),
      );
      say(`shifted by a beat: off by ${offShifted} (${dbfs(offShifted)} dBFS)`);
      expect(offShifted).toBeLessThan(OFF_MAX);
      await ok(client, { cmd: 'UNDO', scope: 'SESSION' });

      await ok(client, { cmd: 'SET_TEMPO_MODE', slot: 0, mode: 'free' });
      await ok(client, { cmd: 'SET_TEMPO', bpm: 150 });
      const free = await riffOf(product, client);
      const offFree = offBy(free.samples, [0, 1.6], (at) => tapeAt(begin + at));
      say(`at its own speed: off by ${offFree} (${dbfs(offFree)} dBFS)`);
      expect(offFree).toBeLessThan(OFF_MAX);

      await ok(client, { cmd: 'RECALL_RIFF', riffId, when: 'now' });
      const dubbed = await ok(client, {
        cmd: 'TRIGGER_SLOT',
        slot: 0,
        bars: 1,
        quantized: true,
        mode: 'overdub',
      });
      await until('it is one loop', () => client.state()['slots'][0].layerCount === 2);
      const sum = await riffOf(product, client);
      const over = dubbed['fromFrame'] / THEN_HZ;
      const sumAt = (at: number) => 0.95 * tapeAt(begin + at) + otherAt(over + at);
      const offSum = offBy(sum.samples, [0, end], sumAt);
      say(`overdubbed at ${THEN_HZ} Hz: off by ${offSum} (${dbfs(offSum)} dBFS)`);
      expect(offSum).toBeLessThan(OFF_MAX);

      const { fromFrame, toFrame } = take;
      const past = await exportOf(product, client, {
        fromFrame,
        toFrame,
        runId: ended.document['run'],
      });
      const recorded = tapeFrom(tape, past.document['fromFrame'], past.document['frames']);
      expect(past.document).toMatchObject({ fromFrame, toFrame });
      expect(readersOf(past.path).sox).toBe(`${toFrame - fromFrame} ${FIRST_HZ} 2`);
      expect(largestDifference(past.samples, recorded)).toBe(0);
      client.close();
      await product.stop();
    }),
  120_000,
);
