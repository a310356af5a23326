/** The real core in virtual time: a device that is stepped. */
import { CONFIG_FLAGS, DEVICE_KIND } from '../../../protocol/abi.ts';
import { type EngineConfig, FlowCore } from '../../../server/engine/flow-core.ts';
import { libraryPath } from '../../../server/engine/library-path.ts';

export const RATE_HZ = 48_000;
export const BLOCK_FRAMES = 128;

/** A stepped engine that listens; what is left out is nothing, and source 0 alone is heard. */
export const startStepped = (config: Partial<Omit<EngineConfig, 'abiVersion'>>): FlowCore => {
  const core = FlowCore.create(libraryPath(), {
    sampleRateHz: RATE_HZ,
    blockFrames: BLOCK_FRAMES,
    slotCount: 8,
    sourceCount: 1,
    deviceKind: DEVICE_KIND.stepped,
    flags: 0,
    ringSecondsMax: 40,
    overflowBlocksMax: 0,
    bpm: 240,
    runId: [1, 2, 3, 4],
    ringName: '',
    inputPath: '',
    outputPath: '',
    logPath: '',
    pluginHostPath: '',
    statePath: '',
    inputDevice: '',
    outputDevice: '',
    spoolPath: '',
    secondSpoolPath: '',
    audioPath: '',
    ...config,
  });
  core.start();
  return core;
};

export interface SteppedOptions {
  readonly logPath?: string;
  /** Heard in place of the demo player, and monitored; its pairs are sources. */
  readonly inputPath?: string;
}

/** With the demo player, nothing on disk. */
export const makeSteppedCore = (
  bpm = 240,
  slotCount = 8,
  { logPath = '', inputPath = '' }: SteppedOptions = {},
): FlowCore => {
  const { demoPlayer, deviceSources, monitor, noDisk } = CONFIG_FLAGS;
  const flags = noDisk | (inputPath === '' ? demoPlayer : monitor | deviceSources);
  return startStepped({ bpm, slotCount, flags, inputPath, logPath });
};
