/**
 * What the session knows of the core: records that go in, records that come out, a clock.
 *
 * The same fields as the records of `protocol/abi.ts`; engine/main.ts connects both.
 */
import type { CorePlugins } from './plugins.ts';

export interface CoreCommand {
  readonly kind: number;
  readonly token: number;
  readonly slot: number;
  readonly flags: number;
  /** 0 = at the next block. */
  readonly atFrame: number;
  /** Engine time in ms of the hand's movement; 0 = when it reaches the core. */
  readonly atMs: number;
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
  readonly id: readonly number[];
  readonly other: readonly number[];
}

export interface CoreEvent {
  readonly kind: number;
  readonly token: number;
  readonly slot: number;
  readonly code: number;
  readonly flags: number;
  readonly detail: number;
  /** Of a capture. */
  readonly sourceIndex: number;
  readonly frame: number;
  readonly fromFrame: number;
  readonly toFrame: number;
  readonly beat: number;
  readonly beatFrac: number;
  readonly framesPerBeat: number;
  readonly originBeat: number;
  readonly lengthBeats: number;
  readonly offsetFrames: number;
  readonly value: number;
  readonly value2: number;
  readonly id: readonly number[];
  readonly sha: readonly number[];
}

export interface CoreTakeSource {
  readonly id: readonly number[];
  readonly fromFrame: number;
  readonly toFrame: number;
  readonly framesPerBeat: number;
  readonly preFrames: number;
  readonly sampleRateHz: number;
  readonly origin: number;
  /** Bits of TAKE_FLAGS. */
  readonly flags: number;
  readonly sourceIndex: number;
  readonly path: string;
  /** From a file: its rolls. From the spool: the window's file, whose name its frames must keep. */
  readonly rollsPath: string;
}

/** Frames of the past that shall become a take. */
export interface CoreTakeRange {
  readonly id: readonly number[];
  /** Bits of RANGE_FLAGS. */
  readonly flags: number;
  readonly fromFrame: number;
  readonly toFrame: number;
  readonly framesPerBeat: number;
  readonly barFrames: number;
  readonly sampleRateHz: number;
  readonly sourceIndex: number;
  /** The spool of the run whose frames these are. */
  readonly spoolPath: string;
  /** Files of an older take of that run and source, and its window; empty = there is none. */
  readonly takePath: string;
  readonly takeRollsPath: string;
  readonly takeFromFrame: number;
  readonly takeToFrame: number;
  readonly takePreFrames: number;
}

/** A loop to be made of loops that are in memory. */
export interface CoreRenderRecipe {
  readonly id: readonly number[];
  readonly frames: number;
  readonly framesPerBeat: number;
}

export interface CoreRenderPart {
  readonly id: readonly number[];
  /** A value of RENDER_MODE. */
  readonly mode: number;
  readonly startFrames: number;
  readonly gainLeft: number;
  readonly gainRight: number;
}

/** Files to be made on a worker; of a riff when there are parts, else of a range of a run. */
export interface CoreExport {
  readonly job: number;
  /** A value of EXPORT_FORMAT. */
  readonly format: number;
  readonly fromFrame: number;
  readonly toFrame: number;
  readonly framesPerBeat: number;
  readonly folder: string;
  readonly name: string;
  /** Folder of an ended run's segments; empty = this run. */
  readonly spool: string;
  readonly files: readonly CoreExportFile[];
  readonly parts: readonly CoreExportPart[];
  readonly gaps: readonly { readonly fromFrame: number; readonly toFrame: number }[];
  /** Members of a JSON object. */
  readonly about: string;
}

export interface CoreExportFile {
  /** Number of a part or source; null = the sum of all. */
  readonly track: number | null;
  readonly ending: string;
  /** Members of a JSON object. */
  readonly about: string;
}

export interface CoreExportPart extends CoreRenderPart {
  /** Bits of RENDER_FLAGS. */
  readonly flags: number;
}

/** Where the music is; as fresh as the last poll. */
export interface CoreGrid {
  readonly frame: number;
  readonly beat: number;
  readonly beatFrac: number;
  readonly framesPerBeat: number;
  readonly barPhase: number;
  /** A beat on which a bar begins. */
  readonly barBeat: number;
}

export interface CorePort extends CorePlugins {
  /** One group: 0, or the error code when none of it was taken. */
  send(commands: readonly CoreCommand[]): number;
  /** 0, or the error code; the end is a takeLoaded event. */
  loadTake(source: CoreTakeSource): number;
  /**
   * 0, or the error code; the end is a takeLoaded event, then those of a take on its way to disk. Aside:
   * those of its files, or takeLoaded with the code why there is none.
   */
  keepTake(range: CoreTakeRange): number;
  /** 0, or the error code; the end is a takeLoaded event with the recipe's id. */
  renderTake(recipe: CoreRenderRecipe, parts: readonly CoreRenderPart[]): number;
  /** 0, or the error code; the end is a loopFile event. */
  fileLoop(id: readonly number[], folder: string): number;
  /** Bit 1 << format for each EXPORT_FORMAT that can be written here. */
  exportFormats(): number;
  /** 0, or the error code; told by job events. */
  startExport(job: CoreExport): number;
  /** 0, or the error code of a job that is not known. */
  cancelExport(job: number): number;
  /** The store holds the row of this take. */
  takeSaved(id: readonly number[]): void;
  /** Milliseconds since engine start. */
  now(): number;
  grid(): CoreGrid;
}
