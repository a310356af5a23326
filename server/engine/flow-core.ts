/**
 * The typed handle of libFlowCore: what the engine process calls.
 *
 * Buffers belong to this side; every call is short enough for the poll loop except `create`, `start`
 * and `stop`.
 */
import type { Pointer } from 'bun:ffi';
import { ERRORS } from '../../protocol/errors.ts';
import { LIMITS } from '../../protocol/limits.ts';
import type { CorePlugins } from '../session/core/plugins.ts';
import type { CoreExport } from '../session/core/port.ts';
import { type Calls, check, openLibrary, refusal } from './core-library.ts';
import { corePluginsOf } from './core-plugins.ts';
import {
  ABI,
  CommandRecordBytes,
  type CommandRecord,
  type EngineConfig,
  EngineConfigBytes,
  type EngineStatus,
  EngineStatusBytes,
  type EventRecord,
  EventRecordBytes,
  ExportFileBytes,
  ExportJobBytes,
  LoopFileBytes,
  readEngineStatus,
  readEventRecord,
  readReplayReport,
  type RenderPart,
  RenderPartBytes,
  type RenderRecipe,
  RenderRecipeBytes,
  type ReplayReport,
  ReplayReportBytes,
  type ReplayRequest,
  ReplayRequestBytes,
  type TakeRange,
  TakeRangeBytes,
  type TakeSource,
  TakeSourceBytes,
  writeCommandRecord,
  writeEngineConfig,
  writeExportFile,
  writeExportJob,
  writeLoopFile,
  writeRenderPart,
  writeRenderRecipe,
  writeReplayRequest,
  writeTakeRange,
  writeTakeSource,
} from './flow-core.generated.ts';

export type {
  EngineConfig,
  EngineStatus,
  ReplayReport,
  ReplayRequest,
} from './flow-core.generated.ts';

const EVENTS_PER_CALL = 256;
const MASTER_FRAMES_MAX = 4096;

/** An engine that was created; `start` makes it listen, `destroy` ends it. */
export class FlowCore {
  readonly #calls: Calls;
  readonly #handle: Pointer;
  readonly plugins: CorePlugins;
  readonly #events = new Uint8Array(EVENTS_PER_CALL * EventRecordBytes);
  readonly #eventView = new DataView(this.#events.buffer);
  readonly #commands = new Uint8Array(LIMITS.groupCountMax * CommandRecordBytes);
  readonly #commandView = new DataView(this.#commands.buffer);
  readonly #status = new Uint8Array(EngineStatusBytes);
  readonly #statusView = new DataView(this.#status.buffer);
  readonly #features = new Uint8Array(LIMITS.featureBytesMax);
  readonly #master = new Float32Array(2 * MASTER_FRAMES_MAX);
  readonly #masterFirst = new Float64Array(1);
  readonly #source = new Uint8Array(TakeSourceBytes);
  readonly #sourceView = new DataView(this.#source.buffer);
  readonly #range = new Uint8Array(TakeRangeBytes);
  readonly #rangeView = new DataView(this.#range.buffer);
  readonly #recipe = new Uint8Array(RenderRecipeBytes);
  readonly #recipeView = new DataView(this.#recipe.buffer);
  readonly #parts = new Uint8Array(LIMITS.renderPartsMax * RenderPartBytes);
  readonly #partView = new DataView(this.#parts.buffer);

  private constructor(calls: Calls, handle: Pointer) {
    this.#calls = calls;
    this.#handle = handle;
    this.plugins = corePluginsOf(calls, handle);
  }

  /** Throws FlowCoreError. */
  static create(libraryPath: string, config: Omit<EngineConfig, 'abiVersion'>): FlowCore {
    const calls = openLibrary(libraryPath);
    const record = new Uint8Array(EngineConfigBytes);
    writeEngineConfig(new DataView(record.buffer), 0, { ...config, abiVersion: ABI.version });
    const handleOut = new BigUint64Array(1);
    check(calls, calls.fz_engine_create(record, handleOut));
    return new FlowCore(calls, Number(handleOut[0]) as Pointer);
  }

  /** Repeats a log on an engine of its own, as fast as it goes. Throws FlowCoreError. */
  static replay(libraryPath: string, request: ReplayRequest): ReplayReport {
    const calls = openLibrary(libraryPath);
    const asked = new Uint8Array(ReplayRequestBytes);
    writeReplayRequest(new DataView(asked.buffer), 0, request);
    const report = new Uint8Array(ReplayReportBytes);
    check(calls, calls.fz_log_replay(asked, report));
    return readReplayReport(new DataView(report.buffer), 0);
  }

  /** Another thread's view of an engine that exists; used for its counters alone. */
  static attach(libraryPath: string, handle: number): FlowCore {
    return new FlowCore(openLibrary(libraryPath), handle as Pointer);
  }

  get handle(): number {
    return this.#handle;
  }

  start(): void {
    check(this.#calls, this.#calls.fz_engine_start(this.#handle));
  }

  /** Blocks for up to 2 s, for the disk; called again, for up to 2 s more. */
  stop(): void {
    check(this.#calls, this.#calls.fz_engine_stop(this.#handle));
  }

  /** Kept: what is owed stays for the next engine to adopt; in part: some of it was private memory. */
  destroy(): 'over' | 'kept' | 'keptInPart' {
    const end = this.#calls.fz_engine_destroy(this.#handle);
    if (end === 0) return 'over';
    return end === 2 ? 'keptInPart' : 'kept';
  }

  /** One group; 0 or the error code. */
  send(commands: readonly Partial<CommandRecord>[]): number {
    if (commands.length > LIMITS.groupCountMax) return ERRORS.ERR_COMMAND_BOUNDS.code;
    for (const [index, command] of commands.entries()) {
      writeCommandRecord(this.#commandView, index * CommandRecordBytes, command);
    }
    return refusal(this.#calls.fz_engine_send(this.#handle, this.#commands, commands.length));
  }

  /** Everything since the last call, oldest first. */
  poll(): EventRecord[] {
    const events: EventRecord[] = [];
    for (;;) {
      const count = this.#calls.fz_engine_poll(this.#handle, this.#events, EVENTS_PER_CALL);
      for (let index = 0; index < count; index += 1) {
        events.push(readEventRecord(this.#eventView, index * EventRecordBytes));
      }
      if (count < EVENTS_PER_CALL) return events;
    }
  }

  status(): EngineStatus {
    this.#calls.fz_engine_status(this.#handle, this.#status);
    return readEngineStatus(this.#statusView);
  }

  /** The newest frame not yet seen, valid until the next call, or null. */
  features(): Uint8Array | null {
    const bytes = this.#calls.fz_engine_features(
      this.#handle,
      this.#features,
      this.#features.length,
    );
    return bytes > 0 ? this.#features.subarray(0, bytes) : null;
  }

  /** Somebody listens to the master elsewhere, or nobody any more. */
  followMaster(isOn: boolean): void {
    this.#calls.fz_master_follow(this.#handle, isOn ? 1 : 0);
  }

  /** What has come since the last call, at most 4096 frames, valid until the next one. */
  readMaster(): { samples: Float32Array; first: number } {
    const frames = this.#calls.fz_master_read(
      this.#handle,
      this.#master,
      MASTER_FRAMES_MAX,
      this.#masterFirst,
    );
    const [first = 0] = this.#masterFirst;
    return { samples: this.#master.subarray(0, 2 * Math.max(0, frames)), first };
  }

  now(): number {
    return this.#calls.fz_engine_now(this.#handle);
  }

  /** The store holds this take: its intent need not survive a crash. */
  takeSaved(id: readonly number[]): void {
    this.#calls.fz_take_saved(this.#handle, Uint32Array.from(id));
  }

  /** Device kind stepped only: renders `frames` frames now. */
  step(frames: number): void {
    check(this.#calls, this.#calls.fz_engine_step(this.#handle, frames));
  }

  /** 0 or the error code; answered by a takeLoaded event. */
  loadTake(source: TakeSource): number {
    writeTakeSource(this.#sourceView, 0, source);
    return refusal(this.#calls.fz_take_load(this.#handle, this.#source));
  }

  /** 0 or the error code; answered by a takeLoaded event. */
  keepTake(range: TakeRange): number {
    writeTakeRange(this.#rangeView, 0, range);
    return refusal(this.#calls.fz_take_keep(this.#handle, this.#range));
  }

  /** 0 or the error code; answered by a takeLoaded event with the recipe's id. */
  renderTake(
    recipe: Pick<RenderRecipe, 'id' | 'frames' | 'framesPerBeat'>,
    parts: readonly Omit<RenderPart, 'flags'>[],
  ): number {
    if (parts.length > LIMITS.renderPartsMax) return ERRORS.ERR_COMMAND_BOUNDS.code;
    writeRenderRecipe(this.#recipeView, 0, { ...recipe, partCount: parts.length });
    for (const [index, part] of parts.entries()) {
      writeRenderPart(this.#partView, index * RenderPartBytes, part);
    }
    return refusal(this.#calls.fz_take_render(this.#handle, this.#recipe, this.#parts));
  }

  /** 0 or the error code; answered by a loopFile event. */
  fileLoop(id: readonly number[], folder: string): number {
    const request = new Uint8Array(LoopFileBytes);
    writeLoopFile(new DataView(request.buffer), 0, { id, folder });
    return refusal(this.#calls.fz_loop_file(this.#handle, request));
  }

  /** Names the stretching library by its bytes; 0 = none. */
  get stretcherMark(): number {
    return this.#calls.fz_stretcher_mark();
  }

  /** Bit 1 << format for each EXPORT_FORMAT that can be written here. */
  exportFormats(): number {
    return this.#calls.fz_export_formats();
  }

  /** 0 or the error code; told by job events. */
  startExport(job: CoreExport): number {
    const record = new Uint8Array(ExportJobBytes);
    writeExportJob(new DataView(record.buffer), 0, {
      ...job,
      fileCount: job.files.length,
      partCount: job.parts.length,
      gapCount: job.gaps.length,
    });
    const about = new TextEncoder().encode(job.about);
    return refusal(
      this.#calls.fz_export_start(
        this.#handle,
        record,
        exportFiles(job),
        exportParts(job),
        exportGaps(job),
        about.length === 0 ? new Uint8Array(1) : about,
        about.length,
      ),
    );
  }

  cancelExport(job: number): number {
    return refusal(this.#calls.fz_export_cancel(this.#handle, job));
  }
}

const ALL_TRACKS = 0xff_ff_ff_ff;
const GAP_NUMBERS = 2;

const exportFiles = (job: CoreExport): Uint8Array => {
  const bytes = new Uint8Array(Math.max(1, job.files.length) * ExportFileBytes);
  const view = new DataView(bytes.buffer);
  for (const [index, { about, ending, track }] of job.files.entries()) {
    writeExportFile(view, index * ExportFileBytes, { track: track ?? ALL_TRACKS, ending, about });
  }
  return bytes;
};

const exportParts = (job: CoreExport): Uint8Array => {
  const bytes = new Uint8Array(Math.max(1, job.parts.length) * RenderPartBytes);
  const view = new DataView(bytes.buffer);
  for (const [index, part] of job.parts.entries()) {
    writeRenderPart(view, index * RenderPartBytes, part);
  }
  return bytes;
};

const exportGaps = ({ gaps }: CoreExport): Float64Array => {
  const numbers = gaps.flatMap(({ fromFrame, toFrame }) => [fromFrame, toFrame]);
  return Float64Array.from(numbers.length === 0 ? Array(GAP_NUMBERS).fill(0) : numbers);
};
