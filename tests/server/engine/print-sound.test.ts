/** What a real plug-in makes of a loop, merged into another one and exported. */
import { describe, expect, test } from 'bun:test';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readWavFile } from '../../judge/wav.ts';
import { wordsOfId } from '../../../server/session/core/ids.ts';
import { GAIN, GAIN_DEFAULT } from '../../plugins/fixture/build.ts';
import { canCompile } from '../../plugins/bundle.ts';
import { aBar, fixtureOfFile, load, play, pluginStage } from './plugin-stage.ts';
import { BAR_FRAMES } from './sound-stage.ts';

const TEST_MS = 180_000;
const NONE = 0.01;
const MOST = 0.95;

const fixture = fixtureOfFile();

/** The share of frames at which two sounds are as far apart as rounding puts them. */
const share = (
  [from, to]: readonly [number, number],
  is: (frame: number) => number,
  should: (frame: number) => number,
): number => {
  let hits = 0;
  for (let frame = from; frame < to; frame += 1) {
    if (Math.abs(is(frame) - should(frame)) < 1e-5) hits += 1;
  }
  return hits / (to - from);
};

describe.skipIf(!canCompile())('printed', () => {
  test(
    'a merge of a plain loop and one through a plug-in sounds as both did; an export holds it',
    async () => {
      const stage = pluginStage(fixture());
      await stage.step(2 * BAR_FRAMES + 200);
      const first = await stage.press(0, 1);
      await stage.step(BAR_FRAMES);
      const second = await stage.press(1, 1);
      const id = await load(stage, 1, fixture().idOf('Latency'));
      await stage.ask({ cmd: 'SET_PARAM', instanceId: id, paramId: GAIN, val: 0.25 });
      await play(stage, BAR_FRAMES);
      const { head } = stage.session.state.history;
      const exported = (await stage.askDisk({
        cmd: 'EXPORT',
        what: { riffId: head },
        format: 'wav32f',
        stems: true,
      })) as { jobId: string };
      const job = () => stage.session.state.jobs[exported.jobId];
      await stage.playUntil('the export', () => job()?.state !== 'running');
      expect(job()).toMatchObject({ state: 'done', code: 0 });
      const folder = join(stage.folder, 'exports', job()?.folder ?? '');
      const stem = readdirSync(folder).find((name) => name.includes('slot 2')) ?? '';
      const { samples } = readWavFile(join(folder, stem));
      await stage.askDisk({ cmd: 'MERGE_SLOTS', from: [0, 1], to: 0 });
      // What the merge made is in memory; nothing else is called so.
      const takeId = stage.session.state.slots[0]?.takeId ?? '';
      const { plugins } = stage.core;
      expect(plugins.keepPrint(wordsOfId(takeId))).toBe(0);
      expect(plugins.keepPrint(wordsOfId(crypto.randomUUID()))).toBe(2009);
      expect(stage.session.state.slots[1]?.takeId).toBeNull();
      expect(stage.session.state.slots[1]?.pluginChain).toEqual([id]);
      const window = await aBar(stage);
      await stage.ask({ cmd: 'UNDO', scope: 'SESSION' });
      expect(stage.session.state.slots[1]?.takeId).toBe(second.takeId);
      const { noise } = stage;
      const heard = stage.end();
      const loopAt = (of: { fromFrame: number }, frame: number) => {
        const at = (((frame - of.fromFrame) % BAR_FRAMES) + BAR_FRAMES) % BAR_FRAMES;
        return noise[2 * (of.fromFrame + at)] ?? NaN;
      };
      const both = (gain: number) => (frame: number) =>
        loopAt(first, frame) + gain * loopAt(second, frame);
      const is = (frame: number) => heard[2 * frame] ?? NaN;
      const stemAt = (frame: number) => samples[2 * frame] ?? NaN;
      const frames = samples.length / 2;
      const figures = {
        merged: share(window, is, both(0.25)),
        exported: share([0, frames], stemAt, (frame) => 0.25 * loopAt(second, frame)),
      };
      process.stderr.write(`${JSON.stringify(figures)}\n`);
      // All but the seams.
      expect(figures.merged).toBeGreaterThan(MOST);
      expect(figures.exported).toBeGreaterThan(MOST);
      for (const gain of [0, 1, GAIN_DEFAULT]) {
        expect(share(window, is, both(gain))).toBeLessThan(NONE);
      }
    },
    TEST_MS,
  );
});
