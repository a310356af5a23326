/**
 * What was played through the input's plug-ins, and what was played into them with the same plug-ins on the
 * slot: one taken from the other leaves nothing.
 */
import { describe, expect, test } from 'bun:test';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Place } from '../../../protocol/state.ts';
import { canCompile } from '../../plugins/bundle.ts';
import { GAIN } from '../../plugins/fixture/build.ts';
import { BUNDLES } from '../../plugins/sweep/bundles.ts';
import {
  aBar,
  type Fixture,
  fixtureOfFile,
  load,
  play,
  pluginStage,
  scanned,
} from './plugin-stage.ts';
import { BAR_FRAMES } from './sound-stage.ts';

const TEST_MS = 120_000;
const NULL_DB = -110;
const TURNED = 0.7;
/** Of the real one. */
const DRIVE = 0;
/** The slot is played from its own buffer, through the plug-in, by then. */
const BAKED_BARS = 3;
const REAL = join(BUNDLES, 'mda-vst3.vst3');
const fixture = fixtureOfFile();

type Window = readonly [number, number];

/** Around the seam: it is made of what was before the window, and of that each side has its own. */
const SEAM_FRAMES = 960;

const phaseOf = (frame: number, fromFrame: number): number =>
  (((frame - fromFrame) % BAR_FRAMES) + BAR_FRAMES) % BAR_FRAMES;

/** The one bar less the other, at equal places in the loop that begins at `loopFrame`, below the first. */
const leftDb = (
  heard: Float32Array,
  [from, to]: Window,
  [otherFrom]: Window,
  loopFrame: number,
): number => {
  let [left, all] = [0, 0];
  for (let frame = from; frame < to; frame += 1) {
    const phase = phaseOf(frame, loopFrame);
    if (phase < SEAM_FRAMES || phase >= BAR_FRAMES - SEAM_FRAMES) continue;
    const other = otherFrom + phaseOf(frame, otherFrom);
    for (const side of [0, 1]) {
      const is = heard[2 * frame + side] ?? Number.NaN;
      left += (is - (heard[2 * other + side] ?? Number.NaN)) ** 2;
      all += is ** 2;
    }
  }
  return 10 * Math.log10(left / all + 1e-30);
};

const nullTest = async (bundle: Fixture, name: string, paramId: number) => {
  const stage = pluginStage(bundle);
  const loaded = async (place: Place) => {
    const instanceId = await load(stage, place, bundle.idOf(name));
    await stage.ask({ cmd: 'SET_PARAM', instanceId, paramId, val: TURNED });
    return instanceId;
  };
  const onInput = await loaded('input');
  await play(stage, 2 * BAR_FRAMES - (stage.frame % BAR_FRAMES) + 600);
  const { fromFrame, takeId } = await stage.press(0, 1);
  const wet = await aBar(stage);
  await stage.playUntil('a dry side', () => stage.takes.drySide(takeId) !== undefined);
  await stage.ask({ cmd: 'UNLOAD_PLUGIN', instanceId: onInput });
  await stage.askDisk({ cmd: 'RESTORE_TAKE', slot: 0, takeId, which: 'dry' });
  const dry = await aBar(stage);
  await loaded(0);
  await play(stage, BAKED_BARS * BAR_FRAMES);
  const again = await aBar(stage);
  const heard = stage.end();
  const figures = {
    name,
    left: leftDb(heard, wet, again, fromFrame),
    control: leftDb(heard, wet, dry, fromFrame),
  };
  process.stderr.write(`${JSON.stringify(figures)}\n`);
  return figures;
};

describe.skipIf(!canCompile())('dry take and chain, less the wet take', () => {
  test(
    'of a plug-in that is late',
    async () => {
      const { control, left } = await nullTest(fixture(), 'Latency', GAIN);
      expect(left).toBeLessThan(NULL_DB);
      expect(control).toBeGreaterThan(-12);
    },
    TEST_MS,
  );

  test.skipIf(!existsSync(REAL))(
    'of a real one',
    async () => {
      const { control, left } = await nullTest(await scanned(REAL), 'mda Overdrive', DRIVE);
      expect(left).toBeLessThan(NULL_DB);
      expect(control).toBeGreaterThan(-12);
    },
    TEST_MS,
  );
});
