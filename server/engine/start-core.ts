/** Makes the core listen: adopts what a dead engine left, or begins a run of its own. */
import { join } from 'node:path';
import { CONFIG_FLAGS } from '../../protocol/abi.ts';
import { ERRORS } from '../../protocol/errors.ts';
import { wallClock } from '../clock.ts';
import type { FlowZoneConfig } from '../config.ts';
import { wordsOfId } from '../session/core/ids.ts';
import { type DeviceChoice, deviceChoices, silent } from './device.ts';
import { FlowCoreError } from './core-library.ts';
import { FlowCore } from './flow-core.ts';
import { pluginHostPath } from './library-path.ts';
import { secondSpoolOf } from './second-folder.ts';

export interface StartedCore {
  readonly core: FlowCore;
  readonly device: DeviceChoice;
  /** 32 hex digits; names the spool's folder. */
  readonly runId: string;
  /** The grid and the look-back of the run go on. */
  readonly isAdopted: boolean;
}

export interface StartCoreOptions {
  readonly libraryPath: string;
  readonly config: FlowZoneConfig;
  readonly bpm: number;
  /** A run that did not end in order; its capture ring may be there. */
  readonly openRunId: string | null;
  newRunId(): string;
  /**
   * The ring of a run could not be gone on with, as the device has another rate or other sources now. Its
   * sound is in the files of the run, all of it or what the disk took.
   */
  onWrittenOut(runId: string, isWhole: boolean): void;
}

/** Each engine writes a log of its own; empty = none. */
const logPathOf = ({ logFolder }: FlowZoneConfig): string => {
  if (logFolder === null) return '';
  const at = new Date(wallClock()).toISOString().replaceAll(':', '-');
  return join(logFolder, `${at}-${process.pid}`);
};

const create = (options: StartCoreOptions, device: DeviceChoice, runId: string, adopt: boolean) => {
  const { config } = options;
  return FlowCore.create(options.libraryPath, {
    sampleRateHz: config.rateHz,
    blockFrames: config.blockFrames,
    slotCount: config.slotCount,
    sourceCount: 1,
    deviceKind: device.deviceKind,
    flags: device.flags | CONFIG_FLAGS.deviceSources | (adopt ? CONFIG_FLAGS.adoptRing : 0),
    ringSecondsMax: config.ringSecondsMax,
    overflowBlocksMax: config.overflowBlocksMax,
    bpm: options.bpm,
    runId: wordsOfId(runId),
    ringName: config.ringName,
    inputPath: config.inputPath ?? '',
    outputPath: config.outputPath ?? '',
    logPath: logPathOf(config),
    spoolPath: join(config.dataFolder, 'spool', runId),
    secondSpoolPath: secondSpoolOf(config, runId),
    audioPath: join(config.dataFolder, 'audio'),
    pluginHostPath: config.safe === null ? pluginHostPath() : '',
    statePath: join(config.dataFolder, 'states'),
    inputDevice: config.inputDevice ?? '',
    outputDevice: config.outputDevice ?? '',
  });
};

const isCode = (error: unknown, { code }: { code: number }): boolean =>
  error instanceof FlowCoreError && error.code === code;

/** Nothing is heard or played by it: what the ring of that run holds goes to its files. */
const writeOut = (options: StartCoreOptions, runId: string): void => {
  const core = create(options, silent, runId, true);
  let isDone = false;
  try {
    core.start();
    core.stop();
  } finally {
    isDone = core.destroy();
  }
  options.onWrittenOut(runId, isDone);
};

/** The engine of that run's ring; null when that is not there or of another shape. */
const adopt = (options: StartCoreOptions, device: DeviceChoice, runId: string) => {
  try {
    const core = create(options, device, runId, true);
    if (core.status().adopted !== 0) return core;
    core.destroy();
  } catch (error) {
    if (!isCode(error, ERRORS.ERR_RING_OTHER)) throw error;
    writeOut(options, runId);
  }
  return null;
};

/** A run's frames begin at 0, so a ring that is not there any more means a new run. */
const createForRun = (options: StartCoreOptions, device: DeviceChoice) => {
  if (options.openRunId !== null) {
    const core = adopt(options, device, options.openRunId);
    if (core !== null) return { core, runId: options.openRunId, isAdopted: true };
  }
  const runId = options.newRunId();
  return { core: create(options, device, runId, false), runId, isAdopted: false };
};

/** Throws FlowCoreError when no device can be had. */
export const startCore = (options: StartCoreOptions): StartedCore => {
  const choices = deviceChoices(options.config);
  for (const [index, device] of choices.entries()) {
    let made: ReturnType<typeof createForRun> | null = null;
    try {
      made = createForRun(options, device);
      made.core.start();
      return { device, ...made };
    } catch (error) {
      made?.core.destroy();
      if (!isCode(error, ERRORS.ERR_DEVICE_OPEN) || index === choices.length - 1) throw error;
    }
  }
  throw new FlowCoreError(ERRORS.ERR_DEVICE_OPEN.code, '');
};
