/** FlowZone is killed, and comes back on a JACK server of another rate: what is in memory is saved first. */
import { expect, test } from 'bun:test';
import { closeSync, openSync, readdirSync, readFileSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { connect, type Json } from '../judge/client.ts';
import { missingPrograms, startJack } from '../judge/jack.ts';
import { makeFolder, type Product, startProduct, until, withCleanup } from '../judge/product.ts';
import { ringPath } from '../judge/rings.ts';

const HEADER_BYTES = 58;
const BYTES_PER_FRAME = 8;
const DEVICE_MS_MAX = 20_000;
/** The numbers of the ring's two anchors; 0 = none. */
const ANCHOR_BYTES = [128, 256];
const missing = missingPrograms();

/** The ninth word of a ring: one past the newest frame. */
const newestFrame = (ring: string) => Number(readFileSync(ring).readBigUInt64LE(64));

const spooledFrames = (run: string): number =>
  readdirSync(run)
    .filter((name) => name.endsWith('.wav'))
    .reduce(
      (sum, name) => sum + (statSync(join(run, name)).size - HEADER_BYTES) / BYTES_PER_FRAME,
      0,
    );

const kill = async (product: Product): Promise<void> => {
  const { enginePid, gatewayPid, pid } = product.ready;
  for (const each of [pid, gatewayPid, enginePid]) process.kill(each, 'SIGKILL');
  await product.stop();
};

/** FlowZone at 44.1 kHz with a press in slot 3, killed. */
const killedAt44100 = async (data: string) => {
  const before = await startProduct(['--device', 'headless', '--rate', '44100'], { data });
  const ring = ringPath(data);
  const player = await connect(before.url);
  await until('three seconds were heard', () => newestFrame(ring) > 3 * 44_100);
  await player.ask({ cmd: 'TRIGGER_SLOT', slot: 2, quantized: false, bars: 1 });
  await until('the press is in its slot', () => player.state().slots[2].takeId !== null);
  const { takeId } = player.state().slots[2];
  await kill(before);
  const [runId = ''] = readdirSync(join(data, 'spool'));
  return { ring, takeId, run: join(data, 'spool', runId) };
};

/** Codes that the player was told by the way, by name. */
const toldOf = (data: string): string[] =>
  readFileSync(join(data, 'logs', 'engine.jsonl'), 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Json)
    .filter(({ event }) => event === 'notice')
    .map(({ codeName }) => codeName as string);

/** On a JACK server of 48 kHz, when that is what plays. */
const startOnJack = async (data: string, later: (end: () => unknown) => void) => {
  const jack = await startJack();
  later(jack.stop);
  const product = await startProduct(['--device', 'jack'], { data, env: jack.env });
  later(() => product.stop());
  const health = () => product.json<Json>('/api/health').catch(() => null);
  const isJack = async () => (await health())?.device === 'jack';
  await until('the device plays', isJack, DEVICE_MS_MAX);
  return product;
};

test.skipIf(missing.length > 0)(
  'a press and the sound that wait in memory at the rate before are saved, then the device plays',
  () =>
    withCleanup(async (later) => {
      const data = makeFolder();
      const { ring, run, takeId } = await killedAt44100(data);
      const heard = newestFrame(ring);
      expect(toldOf(data)).not.toContain('ERR_RING_OTHER');
      const after = await startOnJack(data, later);
      expect(spooledFrames(run)).toBeGreaterThanOrEqual(heard);
      expect(readdirSync(join(data, 'spool'))).toHaveLength(2);
      const client = await connect(after.url);
      await until('the loop is back', () => client.state().slots[2].saved === true);
      expect(client.state().slots[2].takeId).toBe(takeId);
      // It was told while the other device stood in, and is over.
      expect(toldOf(data)).toContain('ERR_RING_OTHER');
      expect(Object.keys(client.state().alerts)).not.toContain('1024');
    }),
  60_000,
);

test.skipIf(missing.length > 0)(
  'of a ring that cannot be gone on with nothing is begun anew in the files of its run',
  () =>
    withCleanup(async (later) => {
      const data = makeFolder();
      const { ring, run } = await killedAt44100(data);
      const bytes = openSync(ring, 'r+');
      for (const anchor of ANCHOR_BYTES) writeSync(bytes, new Uint8Array(8), 0, 8, anchor);
      closeSync(bytes);
      const files = readdirSync(run);
      await startOnJack(data, later);
      expect(readdirSync(run)).toEqual(files);
    }),
  60_000,
);
