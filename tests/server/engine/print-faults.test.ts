/** Prints of real plug-ins in which something goes wrong, or that nobody wants any more. */
import { describe, expect, test } from 'bun:test';
import { GAIN, NOW } from '../../plugins/fixture/build.ts';
import { canCompile } from '../../plugins/bundle.ts';
import { aBar, fixtureOfFile, load, play, pluginStage } from './plugin-stage.ts';
import { BAR_FRAMES, type Press, type SoundStage } from './sound-stage.ts';

const TEST_MS = 120_000;
const MOST = 0.95;
const GAIN_SET = 0.25;

const fixture = fixtureOfFile();

interface Setting {
  readonly stage: SoundStage;
  readonly plain: Press;
  readonly through: Press;
  readonly instanceId: string;
}

/** Slot 1 plays as it is, slot 2 at a quarter through a plug-in. */
const setting = async (name: string): Promise<Setting> => {
  const stage = pluginStage(fixture());
  await stage.step(2 * BAR_FRAMES + 200);
  const plain = await stage.press(0, 1);
  await stage.step(BAR_FRAMES);
  const through = await stage.press(1, 1);
  const instanceId = await load(stage, 1, fixture().idOf(name));
  await stage.ask({ cmd: 'SET_PARAM', instanceId, paramId: GAIN, val: GAIN_SET });
  await play(stage, BAR_FRAMES);
  return { stage, plain, through, instanceId };
};

const merge = (stage: SoundStage) => stage.send({ cmd: 'MERGE_SLOTS', from: [0, 1], to: 0 });

const job = (stage: SoundStage) => Object.values(stage.session.state.jobs)[0];

const printing = (stage: SoundStage) =>
  Object.values(stage.session.state.hosts).find(({ name }) => name.startsWith('Printing'));

/** Plays the merge for a bar and ends; the share of frames at which it is both, at their places. */
const shareMerged = async ({ plain, stage, through }: Setting, late = 0): Promise<number> => {
  const [from, to] = await aBar(stage);
  const { noise } = stage;
  const heard = stage.end();
  const loopAt = (of: Press, frame: number) => {
    const at = (((frame - of.fromFrame) % BAR_FRAMES) + BAR_FRAMES) % BAR_FRAMES;
    return noise[2 * (of.fromFrame + at)] ?? NaN;
  };
  let hits = 0;
  for (let frame = from; frame < to; frame += 1) {
    const both = loopAt(plain, frame) + GAIN_SET * loopAt(through, frame - late);
    if (Math.abs((heard[2 * frame] ?? NaN) - both) < 1e-5) hits += 1;
  }
  return hits / (to - from);
};

describe.skipIf(!canCompile())('a print', () => {
  test(
    'whose process is killed in the middle is whole all the same',
    async () => {
      const set = await setting('Well');
      const { stage } = set;
      const reqId = merge(stage);
      await stage.playUntil('half of it', () => (job(stage)?.progress ?? 0) > 0.4);
      const pid = printing(stage)?.pid ?? 0;
      expect(pid).toBeGreaterThan(0);
      process.kill(pid, 'SIGKILL');
      await stage.playUntil('the merge', () => stage.session.state.slots[1]?.takeId === null);
      await stage.answerTo(reqId);
      expect(stage.session.state.alerts).toEqual({});
      expect(await shareMerged(set)).toBeGreaterThan(MOST);
    },
    TEST_MS,
  );

  test(
    'of a plug-in that has got later since it was loaded lies in its place',
    async () => {
      const set = await setting('Latency');
      const { instanceId, stage } = set;
      await stage.ask({ cmd: 'SET_PARAM', instanceId, paramId: NOW, val: 1 });
      await stage.playUntil('the latency', () => {
        const frames = stage.session.state.plugins[instanceId]?.latencyFrames ?? 0;
        return frames > 256;
      });
      await stage.askDisk({ cmd: 'MERGE_SLOTS', from: [0, 1], to: 0 });
      expect(await shareMerged(set)).toBeGreaterThan(MOST);
    },
    TEST_MS,
  );

  test(
    'is cancelled while it plays: nothing has changed, and its process is gone',
    async () => {
      const set = await setting('Well');
      const { stage } = set;
      const { head } = stage.session.state.history;
      const reqId = merge(stage);
      await stage.playUntil('some of it', () => (job(stage)?.progress ?? 0) > 0.1);
      const [jobId = ''] = Object.keys(stage.session.state.jobs);
      await stage.ask({ cmd: 'CANCEL_JOB', jobId });
      await stage.playUntil('its end', () => job(stage) === undefined);
      await expect(stage.answerTo(reqId)).rejects.toThrow('4031');
      await stage.playUntil('the end of its process', () => printing(stage) === undefined);
      expect(stage.session.state.history.head).toBe(head);
      // The next one is as ever.
      await stage.askDisk({ cmd: 'MERGE_SLOTS', from: [0, 1], to: 0 });
      expect(await shareMerged(set)).toBeGreaterThan(MOST);
    },
    TEST_MS,
  );

  test(
    'is no end of an engine that waits for it',
    async () => {
      const { stage } = await setting('Well');
      merge(stage);
      await stage.playUntil('some of it', () => (job(stage)?.progress ?? 0) > 0.1);
      const begun = performance.now();
      const share = job(stage)?.progress ?? 1;
      stage.end();
      // All of it takes more than half a second.
      expect([share < 0.9, performance.now() - begun < 500]).toEqual([true, true]);
    },
    TEST_MS,
  );
});
