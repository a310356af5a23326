/** A capture through a real plug-in keeps what was played into it, and either can be had back. */
import { describe, expect, test } from 'bun:test';
import { join } from 'node:path';
import { BLOCK_FRAMES } from './stepped.ts';
import { readWavFile } from '../../judge/wav.ts';
import { GAIN_DEFAULT } from '../../plugins/fixture/build.ts';
import { canCompile } from '../../plugins/bundle.ts';
import { aBar, fixtureOfFile, load, play, pluginStage, shareHeard } from './plugin-stage.ts';
import { BAR_FRAMES } from './sound-stage.ts';

const MOST = 0.8;
const NONE = 0.01;
const TEST_MS = 120_000;
/** Of the fixture's class. */
const LATENCY_FRAMES = 256;

const fixture = fixtureOfFile();

describe.skipIf(!canCompile())('dry and wet of one press', () => {
  test(
    'cover the same music, to the frame; RESTORE_TAKE chooses and UNDO goes back',
    async () => {
      const stage = pluginStage(fixture());
      await load(stage, 'input', fixture().idOf('Latency'));
      await play(stage, 2 * BAR_FRAMES - (stage.frame % BAR_FRAMES) + 600);
      const { fromFrame, takeId, toFrame } = await stage.press(0, 1);
      const wet = await aBar(stage);
      await stage.playUntil('a dry side', () => stage.takes.drySide(takeId) !== undefined);
      const dryId = stage.takes.drySide(takeId)?.takeId ?? '';
      await stage.askDisk({ cmd: 'RESTORE_TAKE', slot: 0, takeId, which: 'dry' });
      expect(stage.session.state.slots[0]?.takeId).toBe(dryId);
      const dry = await aBar(stage);
      await stage.ask({ cmd: 'UNDO', scope: 'SESSION' });
      const back = await aBar(stage);
      const sha = stage.takes.info(dryId)?.sha256;
      const { samples } = readWavFile(join(stage.folder, 'audio', `${sha}.wav`));
      // The bar as it was played, before it was late.
      const late = BLOCK_FRAMES + LATENCY_FRAMES;
      const played = stage.noise.slice(2 * (fromFrame - late), 2 * (toFrame - late));
      const { noise } = stage;
      const heard = stage.end();
      expect((fromFrame - late) % BAR_FRAMES).toBe(0);
      expect(samples).toEqual(played);
      const says = (frame: number, side: number) => {
        const at = (((frame - fromFrame + late) % BAR_FRAMES) + BAR_FRAMES) % BAR_FRAMES;
        return noise[2 * (fromFrame - late + at) + side] ?? NaN;
      };
      const share = (gain: number, window: [number, number]) =>
        shareHeard(heard, says, gain, window);
      const figures = {
        wet: share(GAIN_DEFAULT, wet),
        dry: share(1, dry),
        back: share(GAIN_DEFAULT, back),
      };
      process.stderr.write(`${JSON.stringify(figures)}\n`);
      for (const each of Object.values(figures)) expect(each).toBeGreaterThan(MOST);
      expect(share(GAIN_DEFAULT, dry)).toBeLessThan(NONE);
      const beside = (frame: number, side: number) => says(frame + 1, side);
      expect(shareHeard(heard, beside, 1, dry)).toBeLessThan(NONE);
    },
    TEST_MS,
  );

  test(
    'what no plug-in changed has no dry side, and RESTORE_TAKE says so',
    async () => {
      const stage = pluginStage(fixture());
      const instanceId = await load(stage, 'input', fixture().idOf('Well'));
      await stage.ask({ cmd: 'UNLOAD_PLUGIN', instanceId });
      await play(stage, 3 * BAR_FRAMES);
      const { takeId } = await stage.press(0, 1);
      await stage.playUntil('it is on disk', () => stage.takes.isDurable(takeId));
      const { takes } = stage;
      const asked = stage.askDisk({ cmd: 'RESTORE_TAKE', slot: 0, takeId, which: 'dry' });
      expect(await asked.catch(String)).toContain('4029');
      stage.end();
      expect(takes.drySide(takeId)).toBeUndefined();
    },
    TEST_MS,
  );
});
