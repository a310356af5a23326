/** What is heard through a real plug-in, in a real host, on the real core. */
import { describe, expect, test } from 'bun:test';
import { GAIN, GAIN_DEFAULT } from '../../plugins/fixture/build.ts';
import { canCompile } from '../../plugins/bundle.ts';
import { aBar, fixtureOfFile, load, play, pluginStage, shareHeard } from './plugin-stage.ts';
import { BAR_FRAMES, type Press, RAMP_FRAMES, type SoundStage } from './sound-stage.ts';

/** A host that the system left waiting for a moment is heard again after eight good blocks. */
const MOST = 0.8;
const NONE = 0.01;
const TEST_MS = 120_000;
const PROBES = [1000, 9000, 17_000];

const fixture = fixtureOfFile();

/** What the loop says at a frame of the timeline; its seam is not like the noise. */
const loopSays = (stage: SoundStage, { fromFrame, toFrame }: Press) => {
  const length = toFrame - fromFrame;
  return (frame: number, side: number) => {
    const at = (((frame - fromFrame) % length) + length) % length;
    return stage.noise[2 * (fromFrame + at) + side] ?? NaN;
  };
};

/** A slot with a plug-in, paused, whose gain the player turned then. */
const turnedInPause = async (pluginName: string) => {
  const stage = pluginStage(fixture());
  await stage.step(2 * BAR_FRAMES + 200);
  const press = await stage.press(0, 1);
  const id = await load(stage, 0, fixture().idOf(pluginName));
  await aBar(stage);
  await stage.ask({ cmd: 'PAUSE' });
  await play(stage, RAMP_FRAMES);
  await stage.ask({ cmd: 'SET_PARAM', instanceId: id, paramId: GAIN, val: 0.25 });
  return { stage, press, id };
};

/** PLAY begins a bar: the last one is whole, wherever the loop stands in it. */
const shareAtAnyPlace = (stage: SoundStage, { fromFrame, toFrame }: Press, gain: number) => {
  const heard = stage.end();
  const length = toFrame - fromFrame;
  const from = heard.length / 2 - BAR_FRAMES;
  const says = (shift: number) => (frame: number, side: number) =>
    stage.noise[2 * (fromFrame + ((frame - from + shift) % length)) + side] ?? NaN;
  let best = 0;
  for (let shift = 0; shift < length; shift += 1) {
    const share = (first: number, frames: number) =>
      shareHeard(heard, says(shift), gain, [from + first, from + first + frames]);
    // A block that came late is no proof of a place, nor against it.
    if (PROBES.some((first) => share(first, 4) === 1)) best = Math.max(best, share(0, BAR_FRAMES));
  }
  return best;
};

describe.skipIf(!canCompile())('turned while the music is paused', () => {
  test(
    'it is heard from PLAY on, be it at once or after a while',
    async () => {
      for (const pauseFrames of [0, 48_000]) {
        const { stage, press } = await turnedInPause('Well');
        await play(stage, pauseFrames);
        await stage.ask({ cmd: 'PLAY' });
        await play(stage, 2 * BAR_FRAMES);
        expect(shareAtAnyPlace(stage, press, 0.25)).toBeGreaterThan(MOST);
      }
    },
    TEST_MS,
  );

  test(
    'it is heard after PLAY also when the process was killed meanwhile',
    async () => {
      const { stage, press, id } = await turnedInPause('Well');
      // A state is told of it, and has not got it.
      await play(stage, 2 * 48_000);
      const pid = stage.core.plugins.pluginHosts()[0]?.pid ?? 0;
      process.kill(pid, 'SIGKILL');
      await stage.playUntil('another process', () => {
        const [host] = stage.core.plugins.pluginHosts();
        return host !== undefined && host.pid > 0 && host.pid !== pid;
      });
      await stage.ask({ cmd: 'PLAY' });
      await stage.playUntil('it is heard', () => stage.session.state.plugins[id]?.status === 'on');
      await play(stage, 3 * BAR_FRAMES);
      expect(shareAtAnyPlace(stage, press, 0.25)).toBeGreaterThan(MOST);
    },
    TEST_MS,
  );
});

describe.skipIf(!canCompile())('heard', () => {
  test(
    'a loop goes through its plug-in, UNDO of its removal brings it back with its state',
    async () => {
      const stage = pluginStage(fixture());
      const { state } = stage.session;
      expect(state.inputChain).toEqual([]);
      await stage.step(2 * BAR_FRAMES + 200);
      const press = await stage.press(0, 1);
      const dry = await aBar(stage);
      const id = await load(stage, 0, fixture().idOf('Well'));
      const wet = await aBar(stage);
      await stage.ask({ cmd: 'SET_PARAM', instanceId: id, paramId: GAIN, val: 0.25 });
      await stage.playUntil('a state', () => stage.states.has(id));
      const turned = await aBar(stage);
      await stage.ask({ cmd: 'UNLOAD_PLUGIN', instanceId: id });
      const removed = await aBar(stage);
      // So long that it is not kept for UNDO any more.
      await stage.step(11 * 48_000);
      await stage.playUntil(
        'its host is gone',
        () => stage.core.plugins.pluginHosts().length === 0,
      );
      await stage.ask({ cmd: 'UNDO', scope: 'SESSION' });
      await stage.playUntil('it is back', () => stage.session.state.plugins[id]?.status === 'on');
      const back = await aBar(stage);
      const says = loopSays(stage, press);
      const heard = stage.end();
      const share = (gain: number, window: [number, number]) =>
        shareHeard(heard, says, gain, window);
      const figures = {
        dry: share(1, dry),
        wet: share(GAIN_DEFAULT, wet),
        turned: share(0.25, turned),
        removed: share(1, removed),
        back: share(0.25, back),
      };
      process.stderr.write(`${JSON.stringify(figures)}\n`);
      for (const each of Object.values(figures)) expect(each).toBeGreaterThan(MOST);
      // What was not turned would be found.
      expect(share(1, wet)).toBeLessThan(1 - MOST);
      expect(share(GAIN_DEFAULT, back)).toBeLessThan(NONE);
    },
    TEST_MS,
  );

  test(
    'what the player plays is captured as it came out of its plug-in, on the grid',
    async () => {
      const stage = pluginStage(fixture());
      await load(stage, 'input', fixture().idOf('Well'));
      await play(stage, 2 * BAR_FRAMES - (stage.frame % BAR_FRAMES) + 200);
      const press = await stage.press(0, 1);
      const bar = await aBar(stage);
      const says = loopSays(stage, press);
      const heard = stage.end();
      expect(shareHeard(heard, says, GAIN_DEFAULT, bar)).toBeGreaterThan(MOST);
      // A frame beside its place is another sound.
      const beside = (frame: number, side: number) => says(frame + 1, side);
      expect(shareHeard(heard, beside, GAIN_DEFAULT, bar)).toBeLessThan(NONE);
    },
    TEST_MS,
  );

  test(
    'a plug-in that crashes is told, restarted and heard again, and its loop goes on',
    async () => {
      const stage = pluginStage(fixture());
      await stage.step(2 * BAR_FRAMES + 200);
      const press = await stage.press(0, 1);
      const id = await load(stage, 0, fixture().idOf('Crash'));
      await aBar(stage);
      const from = stage.frame;
      await stage.ask({ cmd: 'SET_PARAM', instanceId: id, paramId: 2, val: 1 });
      await stage.playUntil('it is told', () => stage.notices.includes(3001));
      const is = () => stage.session.state.plugins[id];
      await stage.playUntil('it is back', () => is()?.status === 'on' && is()?.retries === 1);
      const end = stage.frame;
      const wet = await aBar(stage);
      expect(stage.session.state.alerts).toEqual({});
      const says = loopSays(stage, press);
      const heard = stage.end();
      expect(shareHeard(heard, says, GAIN_DEFAULT, wet)).toBeGreaterThan(MOST);
      const audible = heard.slice(2 * from, 2 * end).filter((sample) => sample !== 0).length;
      expect(audible / (2 * (end - from))).toBeGreaterThan(0.99);
    },
    TEST_MS,
  );
});
