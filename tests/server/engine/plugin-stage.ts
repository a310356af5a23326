/** A session on the real core whose plug-ins are the fixture's: each halves what goes through it. */
import { afterAll, beforeAll } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { LoadResult } from '../../../protocol/messages.ts';
import type { Place } from '../../../protocol/state.ts';
import { pluginHostPath } from '../../../server/engine/library-path.ts';
import type { PluginClass } from '../../../server/plugins/plugin-class.ts';
import { startScanChild } from '../../../server/plugins/scan-child.ts';
import { canCompile } from '../../plugins/bundle.ts';
import { buildFixture } from '../../plugins/fixture/build.ts';
import { printedSeed } from '../../support/seed.ts';
import { BLOCK_FRAMES } from './stepped.ts';
import { BAR_FRAMES, RAMP_FRAMES, SoundStage } from './sound-stage.ts';

export interface Fixture {
  readonly folder: string;
  readonly path: string;
  readonly classes: readonly PluginClass[];
  /** Of the class with this name. */
  idOf(name: string): string;
  end(): void;
}

/** Any bundle, looked at as the product does. */
export const scanned = async (path: string, folder = ''): Promise<Fixture> => {
  const scan = { hostPath: pluginHostPath(), bundlePath: path, silenceMsMax: 15_000 };
  const outcome = await startScanChild(scan).outcome;
  if (outcome.t !== 'classes') throw new Error(JSON.stringify(outcome));
  const { classes } = outcome;
  return {
    folder,
    path,
    classes,
    idOf(name) {
      const found = classes.find((each) => each.name === name);
      if (!found) throw new Error(`no class ${name}`);
      return found.pluginId;
    },
    end: () => {
      if (folder !== '') rmSync(folder, { recursive: true });
    },
  };
};

export const makeFixture = async (): Promise<Fixture> => {
  const folder = mkdtempSync(join(tmpdir(), 'flowzone-fixture-'));
  return await scanned(await buildFixture(folder), folder);
};

/** Of the tests of one file: it is there when they run, if it can be built. */
export const fixtureOfFile = (): (() => Fixture) => {
  let fixture: Fixture;
  beforeAll(async () => {
    if (canCompile()) fixture = await makeFixture();
  });
  afterAll(() => {
    if (canCompile()) fixture.end();
  });
  return () => fixture;
};

/** It offers the fixture's classes. */
export const pluginStage = ({ classes, path }: Fixture): SoundStage => {
  const stage = new SoundStage(printedSeed(), { hasPlugins: true });
  const name = basename(path, '.vst3');
  const bundle = { path, folder: 0, name, classes, isConfirmed: true, refusal: null };
  stage.session.onPlugins({ t: 'bundle', bundle });
  return stage;
};

/** A host is a process: it gets the time that a device would give it. */
const BLOCK_MS = 4;

export const play = async (stage: SoundStage, frames: number): Promise<void> => {
  const end = stage.frame + frames;
  while (stage.frame < end) {
    await stage.step(BLOCK_FRAMES);
    await Bun.sleep(BLOCK_MS);
  }
};

/** A bar without the ramps of what was done before it: its first frame, and the one after its last. */
export const aBar = async (stage: SoundStage): Promise<[number, number]> => {
  await play(stage, RAMP_FRAMES);
  const from = stage.frame;
  await play(stage, BAR_FRAMES);
  return [from, stage.frame];
};

export const load = async (stage: SoundStage, slot: Place, pluginId: string): Promise<string> => {
  const result = await stage.askDisk({ cmd: 'LOAD_VST', slot, pluginId });
  return (result as LoadResult).instanceId;
};

/** A voice at a gain, between two frames: the share of frames at which it is exactly that. */
export const shareHeard = (
  heard: Float32Array,
  expected: (frame: number, side: number) => number,
  gain: number,
  [fromFrame, toFrame]: readonly [number, number],
): number => {
  let hits = 0;
  for (let frame = fromFrame; frame < toFrame; frame += 1) {
    const isHit = [0, 1].every((side) => {
      const is = heard[2 * frame + side] ?? NaN;
      return Math.abs(is - gain * expected(frame, side)) < 1e-6;
    });
    if (isHit) hits += 1;
  }
  return hits / (toFrame - fromFrame);
};
