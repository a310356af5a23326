/** The real core in virtual time: a stepped device with the demo player, nothing on disk. */
import { CONFIG_FLAGS, DEVICE_KIND } from '../../../protocol/abi.ts';
import { FlowCore } from '../../../server/engine/flow-core.ts';
import { libraryPath } from '../../../server/engine/library-path.ts';

export const RATE_HZ = 48_000;
export const BLOCK_FRAMES = 128;

export const makeSteppedCore = (bpm = 240, slotCount = 8): FlowCore => {
  const core = FlowCore.create(libraryPath(), {
    sampleRateHz: RATE_HZ,
    blockFrames: BLOCK_FRAMES,
    slotCount,
    sourceCount: 1,
    deviceKind: DEVICE_KIND.stepped,
    flags: CONFIG_FLAGS.demoPlayer | CONFIG_FLAGS.noDisk,
    ringSecondsMax: 40,
    bpm,
    runId: [1, 2, 3, 4],
    ringName: '',
    inputPath: '',
    outputPath: '',
    spoolPath: '',
    audioPath: '',
  });
  core.start();
  return core;
};
