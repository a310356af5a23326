/** The real core in virtual time: a stepped device with the demo player, nothing on disk. */
import { CONFIG_FLAGS, DEVICE_KIND } from '../../../protocol/abi.ts';
import { FlowCore } from '../../../server/engine/flow-core.ts';
import { libraryPath } from '../../../server/engine/library-path.ts';

export const RATE_HZ = 48_000;
export const BLOCK_FRAMES = 128;

export interface SteppedOptions {
  readonly logPath?: string;
  /** Heard in place of the demo player, and monitored; its pairs are sources. */
  readonly inputPath?: string;
}

export const makeSteppedCore = (
  bpm = 240,
  slotCount = 8,
  { logPath = '', inputPath = '' }: SteppedOptions = {},
): FlowCore => {
  const { demoPlayer, deviceSources, monitor, noDisk } = CONFIG_FLAGS;
  const core = FlowCore.create(libraryPath(), {
    sampleRateHz: RATE_HZ,
    blockFrames: BLOCK_FRAMES,
    slotCount,
    sourceCount: 1,
    deviceKind: DEVICE_KIND.stepped,
    flags: noDisk | (inputPath === '' ? demoPlayer : monitor | deviceSources),
    ringSecondsMax: 40,
    bpm,
    runId: [1, 2, 3, 4],
    ringName: '',
    inputPath,
    outputPath: '',
    logPath,
    spoolPath: '',
    audioPath: '',
  });
  core.start();
  return core;
};
