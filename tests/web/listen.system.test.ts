/** The page plays the master of the real product: what its sound card would get is the file of the engine. */
import { expect, test } from 'bun:test';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { FEATURE_MAGIC } from '../../protocol/features.ts';
import { SOUND_MAGIC } from '../../protocol/sound.ts';
import { connect } from '../judge/client.ts';
import { makeFolder, startProduct, until, withCleanup } from '../judge/product.ts';
import { RATE } from '../judge/stage.ts';
import { makeNoise, readWavFile, writeWavFile } from '../judge/wav.ts';
import { launchBrowser, openPage } from '../support/browser.ts';
import { DESKTOP } from '../support/page-stand.ts';
import { wholeBar } from '../support/whole-bar.ts';

const SEED = 91;
const LISTEN_MS = Number(process.env['FZ_LISTEN_MS'] ?? 6000);
const RUN_SAMPLES = 2 * RATE;
const FULL_SCALE = 32_767;

/** Stands between everything and the loudspeaker, and keeps what passes, left and right in turn. */
const keepWhatIsHeard = (page: Page) =>
  page.addInitScript(() => {
    const heard: number[] = [];
    Object.assign(window, { heard });
    const plug = AudioNode.prototype.connect as (this: AudioNode, to: AudioNode) => AudioNode;
    const taps = new WeakMap<BaseAudioContext, ScriptProcessorNode>();
    const tapOf = (context: BaseAudioContext) => {
      const known = taps.get(context);
      if (known) return known;
      const tap = context.createScriptProcessor(4096, 2, 2);
      tap.addEventListener('audioprocess', ({ inputBuffer, outputBuffer }) => {
        for (let side = 0; side < 2; side++) {
          outputBuffer.copyToChannel(inputBuffer.getChannelData(side), side);
        }
        const [left, right] = [inputBuffer.getChannelData(0), inputBuffer.getChannelData(1)];
        for (const [at, sample] of left.entries()) heard.push(sample, right[at] ?? 0);
      });
      taps.set(context, tap);
      plug.call(tap, context.destination);
      return tap;
    };
    AudioNode.prototype.connect = function (this: AudioNode, to: AudioNode) {
      const isLast = to instanceof AudioDestinationNode;
      return plug.call(this, isLast ? tapOf(this.context) : to);
    } as typeof AudioNode.prototype.connect;
  });

/** Counts what comes: pieces of the master, and feature frames. */
const watchLine = (page: Page) => {
  const seen = { pieces: 0, frames: 0 };
  page.on('websocket', (socket) =>
    socket.on('framereceived', ({ payload }) => {
      if (typeof payload === 'string') return;
      const magic = payload.readUInt32LE(0);
      if (magic === SOUND_MAGIC) seen.pieces += 1;
      if (magic === FEATURE_MAGIC) seen.frames += 1;
    }),
  );
  return {
    seen,
    frames(count: number) {
      const from = seen.frames;
      return until('feature frames', () => seen.frames >= from + count);
    },
  };
};

const steps = (samples: ArrayLike<number>): Int32Array =>
  Int32Array.from(samples, (sample) => Math.round(sample * FULL_SCALE));

/** The longest stretch of `heard` that is in `master` as it is, to a step of 16 bits. */
const longestRun = (heard: Int32Array, master: Int32Array): number => {
  const places = new Map<number, number[]>();
  for (let at = 0; at < master.length; at += 1) {
    const value = master[at] ?? 0;
    if (Math.abs(value) < 100) continue;
    const known = places.get(value);
    if (known) known.push(at);
    else places.set(value, [at]);
  }
  let longest = 0;
  for (let start = 0; start < heard.length; ) {
    let best = 0;
    for (const place of places.get(heard[start] ?? 0) ?? []) {
      let length = 0;
      while (start + length < heard.length && heard[start + length] === master[place + length]) {
        length += 1;
      }
      best = Math.max(best, length);
    }
    longest = Math.max(longest, best);
    start += Math.max(1, best);
  }
  return longest;
};

test('the judge finds a run, and one step beside it ends it', () => {
  const noise = steps(makeNoise(SEED, 4000));
  const heard = noise.slice(1000, 3000);
  expect(longestRun(heard, noise)).toBe(2000);
  heard[1200] = (heard[1200] ?? 0) + 1;
  expect(longestRun(heard, noise)).toBe(1200);
});

test(
  'what the page sounds is the master, bit for bit of sixteen, and stops with the switch',
  () =>
    withCleanup(async (later) => {
      const folder = makeFolder();
      writeWavFile(join(folder, 'noise.wav'), RATE, makeNoise(SEED, 20 * RATE), 2);
      const master = join(folder, 'master.wav');
      const files = ['--input', join(folder, 'noise.wav'), '--output', master];
      const product = await startProduct(['--device', 'headless', '--bpm', '240', ...files], {
        data: join(folder, 'data'),
      });
      later(() => product.stop());
      const browser = await launchBrowser();
      later(() => browser.close());
      const client = await connect(product.url);
      later(() => client.close());
      const opened = await openPage(browser, product.url, { viewport: DESKTOP });
      const { faults, page } = opened;
      await keepWhatIsHeard(page);
      const line = watchLine(page);
      await page.reload();
      const pad = page.locator('[data-pad="0"][aria-disabled="false"]');
      await pad.waitFor();
      await wholeBar(page);
      await page.locator('[data-zone]').first().click();
      await until('a loop', () => client.state().slots[0]?.state === 'PLAYING');
      await page.getByRole('button', { name: 'Bar line, latency, metronome' }).click();
      await page.getByRole('button', { name: 'Listen here' }).click();
      await page.locator('[data-ear]').waitFor();
      await page.waitForTimeout(LISTEN_MS);
      const dropouts = await page.locator('[data-ear]').getAttribute('data-ear');
      const said = await page.locator('[data-ear]').textContent();
      await page.getByRole('button', { name: 'Stop the sound on this page' }).click();
      expect(await page.locator('[data-ear]').count()).toBe(0);
      // What was on its way has come, and then nothing more does.
      await line.frames(15);
      const { pieces } = line.seen;
      await line.frames(15);
      expect(pieces).toBeGreaterThan(0);
      expect(line.seen.pieces).toBe(pieces);
      const heard = await page.evaluate(() => (window as unknown as { heard: number[] }).heard);
      expect(faults.filter((fault) => !fault.includes('ScriptProcessor'))).toEqual([]);
      await product.stop();
      const { samples } = readWavFile(master);
      const longest = longestRun(steps(heard), steps(samples));
      process.stdout.write(
        `${JSON.stringify({ heardSamples: heard.length, longest, dropouts, said })}\n`,
      );
      expect(longest).toBeGreaterThan(RUN_SAMPLES);
    }),
  120_000,
);
