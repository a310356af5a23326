/** A session goes when the player agrees, and comes back to the bit, over restarts. */
import { Database } from 'bun:sqlite';
import { expect, test } from 'bun:test';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Client, connect, type Json } from '../judge/client.ts';
import { type Product, startProduct, until, withCleanup } from '../judge/product.ts';
import { BAR_FRAMES, frameOf, ok, setStage, waitBars } from '../judge/stage.ts';
import { readWavFile } from '../judge/wav.ts';

const SEED = 4_105;

const filesOf = ({ data }: Product, sessionId: string): string[] => {
  const db = new Database(join(data, 'flowzone.db'), { readonly: true });
  const rows = db
    .query(
      `SELECT sha256 FROM take_file JOIN take ON take.id = take_id
       WHERE session_id = ? ORDER BY sha256`,
    )
    .all(sessionId) as { sha256: string }[];
  db.close();
  return rows.map(({ sha256 }) => `${sha256}.wav`);
};

const soundsOf = ({ data }: Product, folder: 'audio' | 'trash', names: readonly string[]) =>
  names.map((name) => {
    const path = join(data, folder, name);
    return existsSync(path) ? readFileSync(path) : null;
  });

const listed = async ({ json }: Product, more = ''): Promise<Json[]> =>
  (await json<Json>(`/api/sessions${more}`)).items;

const takeIn = (client: Client, slot: number): string | null =>
  client.state().slots[slot].takeId ?? null;

/** A bar of the loops, from a bar line that lies a bar ahead. */
const nextBar = async (product: Product): Promise<number> => {
  const from = (Math.floor((await frameOf(product)) / BAR_FRAMES) + 2) * BAR_FRAMES;
  await until('the bar', async () => (await frameOf(product)) > from + 2 * BAR_FRAMES);
  return from;
};

test(
  'removed with consent: its files alone go to the trash, also over a restart; all of it comes back',
  () =>
    withCleanup(async (later) => {
      const { client, masterPath, product } = await setStage(SEED, later);
      const first = client.state().meta.sessionId;
      const { sessionId: second } = await ok(client, { cmd: 'NEW_SESSION', name: 'B' });
      await ok(client, { cmd: 'TRIGGER_SLOT', slot: 5, quantized: true, bars: 1 });
      await waitBars(product, 2);
      const takeId = takeIn(client, 5);
      const barBefore = await nextBar(product);
      const isFiled = () =>
        filesOf(product, second).length === 2 && filesOf(product, first).length === 8;
      await until('windows and rolls of both sessions', isFiled);
      const [kept, going] = [filesOf(product, first), filesOf(product, second)];
      const sounds = soundsOf(product, 'audio', going);
      expect(sounds).not.toContain(null);

      const remove = (riffs: number) => ({ cmd: 'REMOVE_SESSION', sessionId: second, riffs });
      expect(await client.ask(remove(1))).toMatchObject({ type: 'ERROR', code: 4021 });
      await ok(client, { cmd: 'OPEN_SESSION', sessionId: first });
      expect(await client.ask(remove(0))).toMatchObject({ type: 'ERROR', code: 4003 });
      expect(soundsOf(product, 'audio', going)).toEqual(sounds);
      await ok(client, remove(1));
      await until('the trash', () => !soundsOf(product, 'trash', going).includes(null));
      expect(soundsOf(product, 'audio', going)).toEqual([null, null]);
      expect(soundsOf(product, 'audio', kept)).not.toContain(null);
      expect((await listed(product)).map(({ id }) => id)).toEqual([first]);
      await product.stop();
      const { samples } = readWavFile(masterPath);

      const againPath = `${masterPath}-again.wav`;
      const args = ['--device', 'headless', '--output', againPath];
      const next = await startProduct(args, { data: product.data });
      later(() => next.stop('SIGKILL'));
      const again = await connect(next.url);
      await until('the loops', () => again.state().slots?.[0]?.takeId);
      expect((await listed(next)).map(({ id }) => id)).toEqual([first]);
      expect(await listed(next, '?removed=1')).toMatchObject([{ id: second, riffs: 1, takes: 1 }]);
      expect(soundsOf(next, 'trash', going)).toEqual(sounds);
      const open = { cmd: 'OPEN_SESSION', sessionId: second };
      expect(await again.ask(open)).toMatchObject({ type: 'ERROR', code: 4017 });
      await ok(again, { cmd: 'RESTORE_SESSION', sessionId: second });
      await until('the sounds', () => !soundsOf(next, 'audio', going).includes(null));
      expect(soundsOf(next, 'audio', going)).toEqual(sounds);
      await ok(again, open);
      expect(takeIn(again, 5)).toBe(takeId);
      const barAfter = await nextBar(next);
      await next.stop();

      const bar = (from: number) => samples.slice(2 * from, 2 * (from + BAR_FRAMES));
      const { samples: samplesAgain } = readWavFile(againPath);
      const barAgain = (from: number) => samplesAgain.slice(2 * from, 2 * (from + BAR_FRAMES));
      expect(bar(barBefore).some((sample) => sample !== 0)).toBeTrue();
      expect(barAgain(barAfter)).toEqual(bar(barBefore));
      // The judge sees one frame of shift.
      expect(barAgain(barAfter + 1)).not.toEqual(bar(barBefore));
    }),
  120_000,
);
