/** Makes the core listen: adopts what a dead engine left, or begins a run of its own. */
import { join } from 'node:path';
import { CONFIG_FLAGS } from '../../protocol/abi.ts';
import { ERRORS } from '../../protocol/errors.ts';
import { wallClock } from '../clock.ts';
import type { FlowZoneConfig } from '../config.ts';
import { wordsOfId } from '../session/core/ids.ts';
import { type DeviceChoice, deviceChoices, standIn } from './device.ts';
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
  /**
   * The device has another rate than the ring of the run: a stand-in goes on with that, and makes way when
   * all that is in it is safe.
   */
  readonly makesWay: boolean;
}

export interface StartCoreOptions {
  readonly libraryPath: string;
  readonly config: FlowZoneConfig;
  readonly bpm: number;
  /** A run that did not end in order; its capture ring may be there. */
  readonly openRunId: string | null;
  newRunId(): string;
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

/** The engine that goes on with the ring of that run; null when there is none, or none that can be read. */
const adopt = (options: StartCoreOptions, device: DeviceChoice, runId: string): FlowCore | null => {
  const core = create(options, device, runId, true);
  if (core.status().adopted !== 0) return core;
  core.destroy();
  return null;
};

/** As `adopt`, by a stand-in where the device has another rate. */
const adoptAnyhow = (options: StartCoreOptions, device: DeviceChoice, runId: string) => {
  try {
    return { core: adopt(options, device, runId), device, makesWay: false };
  } catch (error) {
    if (!isCode(error, ERRORS.ERR_RING_OTHER)) throw error;
    return { core: adopt(options, standIn, runId), device: standIn, makesWay: true };
  }
};

/** A run's frames begin at 0, so a ring that is not there any more means a new run. */
const createForRun = (options: StartCoreOptions, device: DeviceChoice): StartedCore => {
  const { openRunId } = options;
  if (openRunId !== null) {
    const { core, ...how } = adoptAnyhow(options, device, openRunId);
    if (core !== null) return { ...how, core, runId: openRunId, isAdopted: true };
  }
  const runId = options.newRunId();
  const core = create(options, device, runId, false);
  return { core, device, runId, isAdopted: false, makesWay: false };
};

/** Throws FlowCoreError when no device can be had. */
export const startCore = (options: StartCoreOptions): StartedCore => {
  const choices = deviceChoices(options.config);
  for (const [index, device] of choices.entries()) {
    let made: StartedCore | null = null;
    try {
      made = createForRun(options, device);
      made.core.start();
      return made;
    } catch (error) {
      made?.core.destroy();
      if (!isCode(error, ERRORS.ERR_DEVICE_OPEN) || index === choices.length - 1) throw error;
    }
  }
  throw new FlowCoreError(ERRORS.ERR_DEVICE_OPEN.code, '');
};
