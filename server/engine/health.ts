/** Figures about the engine process: for /api/health and for the `system` part of the state. */
import { availableParallelism } from 'node:os';
import { DISK_STATE, type DiskStateName } from '../../protocol/abi.ts';
import { LIMITS } from '../../protocol/limits.ts';
import type { EngineHealth, HistogramFigures } from '../../protocol/link.ts';
import type { AppState } from '../../protocol/state.ts';
import { ownProcess } from '../telemetry/own-process.ts';
import type { EngineStatus } from './flow-core.ts';

const BYTES_PER_MB = 1_048_576;
/** Of one source: two channels of Float32. */
const FRAME_BYTES = 8;

/** Its name, of a number that FlowCore gave. */
export const diskStateOf = (state: number): DiskStateName => {
  if (state === DISK_STATE.critical) return 'critical';
  return state === DISK_STATE.slow ? 'slow' : 'ok';
};

const rounded = (value: number, digits: number): number =>
  Math.round(value * 10 ** digits) / 10 ** digits;

/** What is not durable yet, of what ring and overflow can hold. */
const usageOf = ({ framesQueued, framesWritten, bufferFrames }: EngineStatus): number =>
  rounded(Math.min(1, (framesQueued + framesWritten) / Math.max(1, bufferFrames)), 3);

const spoolSyncOf = ({ syncCounts, syncSeconds }: EngineStatus): HistogramFigures => ({
  bounds: LIMITS.diskBoundsSeconds,
  counts: syncCounts,
  sum: syncSeconds,
});

const processOf = (atMs: number): EngineHealth['process'] => ({
  atMs,
  cpuMs: ownProcess.cpuMs(),
  memoryBytes: ownProcess.memoryBytes(),
});

export const healthOf = (
  status: EngineStatus,
  about: Pick<EngineHealth, 'mode' | 'epoch' | 'device' | 'keeper'> & {
    times: Omit<EngineHealth['times'], 'spoolSync'>;
  },
): EngineHealth => ({
  ...about,
  times: { ...about.times, spoolSync: spoolSyncOf(status) },
  enginePid: process.pid,
  blocks: status.blocks,
  xruns: status.xruns,
  frame: status.frame,
  rateHz: status.sampleRateHz,
  blockFrames: status.blockFrames,
  load: status.load,
  loopBytes: status.loopBytes,
  disk: {
    state: diskStateOf(status.diskState),
    backlogFrames: status.framesQueued,
    backlogBytes: status.framesQueued * status.sourceCount * FRAME_BYTES,
    gapFrames: status.framesGap,
    framesIn: status.framesIn,
    framesDurable: status.framesDurable,
    framesWritten: status.framesWritten,
    framesQueued: status.framesQueued,
    overflowBytes: status.overflowBytes,
    isSecondFolder: status.isSecondFolder !== 0,
    bufferUsage: usageOf(status),
  },
  process: processOf(status.nowMs),
});

/** CPU since the call before, of all cores. */
export const makeSystemOf = (now: () => number) => {
  const cores = availableParallelism();
  let lastMs = now();
  let lastCpuMs = ownProcess.cpuMs();
  return (status: EngineStatus): AppState['system'] => {
    const ms = now();
    const cpuMs = ownProcess.cpuMs();
    const cpuLoad = (cpuMs - lastCpuMs) / Math.max(0.001, ms - lastMs) / cores;
    lastMs = ms;
    lastCpuMs = cpuMs;
    return {
      cpuLoad: rounded(cpuLoad, 3),
      audioLoad: rounded(status.load, 3),
      diskBufferUsage: usageOf(status),
      memoryUsageMB: Math.round(ownProcess.memoryBytes() / BYTES_PER_MB),
      xruns: status.xruns,
      gapFrames: status.framesGap,
      isSecondFolder: status.isSecondFolder !== 0,
    };
  };
};
