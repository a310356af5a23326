/** Bars of an earlier run, in another session, after a restart: bit-exact. */
import { expect, test } from 'bun:test';
import { connect, type Json } from '../judge/client.ts';
import { makeFolder, startProduct, until, withCleanup } from '../judge/product.ts';
import { BAR_FRAMES, frameOf, healthOf, ok, RATE } from '../judge/stage.ts';
import { makeNoise, readWav, writeWavFile } from '../judge/wav.ts';

const SEED = 4_110;
const FIRST_BARS = 9;

test(
  'what nobody pressed before a restart becomes a loop of a new session',
  () =>
    withCleanup(async (later) => {
      const folder = makeFolder();
      const noise = makeNoise(SEED, 60 * RATE);
      writeWavFile(`${folder}/noise.wav`, RATE, noise);
      const start = async (bpm: string) => {
        const product = await startProduct(
          ['--device', 'headless', '--bpm', bpm, '--input', `${folder}/noise.wav`],
          { data: `${folder}/data`, env: { FLOWZONE_CRASH_GUARD: 'off' } },
        );
        later(() => product.stop('SIGKILL'));
        return product;
      };
      const product = await start('240');
      await until('bars', async () => (await frameOf(product)) > FIRST_BARS * BAR_FRAMES, 30_000);
      await product.stop();

      const next = await start('240');
      const client = await connect(next.url);
      await until('the slots', () => client.state().slots?.length > 0);
      await until('a bar', async () => (await frameOf(next)) > 2 * BAR_FRAMES);
      const { runs } = await next.json<Json>('/api/past');
      expect(runs.map(({ now }: Json) => now)).toEqual([false, true]);
      const [run] = runs;
      expect(run).toMatchObject({ rateHz: RATE, kept: [{ fromFrame: 0 }] });
      expect(run.kept[0].toFrame).toBeGreaterThanOrEqual(FIRST_BARS * BAR_FRAMES);
      expect(Date.now() - run.startedMs).toBeLessThan(120_000);
      expect(run.grids[0]).toMatchObject({ lineFrame: 0, framesPerBeat: BAR_FRAMES / 4 });
      await ok(client, { cmd: 'NEW_SESSION', name: 'Found' });
      const asked = { cmd: 'REACH_BACK', slot: 2, fromBar: 4, bars: 4, runId: run.runId };
      const { fromFrame, takeId, toFrame } = await ok(client, asked);
      expect([fromFrame, toFrame]).toEqual([4 * BAR_FRAMES, 8 * BAR_FRAMES]);
      await until('it is saved', () => client.state().slots[2].saved === true, 20_000);
      const file = await next.get(`/api/takes/${takeId}/audio`);
      const { samples } = readWav(new Uint8Array(await file.arrayBuffer()));
      expect(samples).toEqual(noise.slice(2 * fromFrame, 2 * toFrame));
      // The judge sees one frame of shift.
      expect(samples).not.toEqual(noise.slice(2 * (fromFrame + 1), 2 * (toFrame + 1)));
      const beyond = await client.ask({ ...asked, fromBar: 400 });
      expect(beyond.code).toBe(4011);
      // Seconds later it is the same loop, out of its own files.
      const { enginePid } = await healthOf(next);
      process.kill(enginePid, 'SIGKILL');
      await until('it is back', async () => (await healthOf(next)).enginePid !== enginePid, 20_000);
      await until('it plays', () => client.state().slots[2].takeId === takeId, 20_000);
      expect(client.state().meta.sessionName).toBe('Found');
      await next.stop();
    }),
  120_000,
);
