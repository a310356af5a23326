/**
 * Messages between the gateway and the engine process, on `RUN/link.sock`.
 *
 * A message is: u32 length of what follows (little endian), u8 kind (0 JSON, 1 binary), payload. The
 * gateway listens, the engine connects and speaks first with `hello`, then `full`. Binary messages are
 * feature frames as in `features.ts`; an unsent one is replaced by the next.
 */
import type { DiskStateName } from './abi-kinds.ts';
import type { SessionCommand } from './commands.ts';
import type { Message, PatchOp } from './messages.ts';
import type { AppState, RiffRow } from './state.ts';

export const LINK_JSON = 0;
export const LINK_BINARY = 1;
export const LINK_HEADER_BYTES = 5;

/** How often something took how long: `counts[i]` up to `bounds[i]` seconds, the last one above all. */
export interface HistogramFigures {
  bounds: readonly number[];
  counts: readonly number[];
  sum: number;
}

/** What `GET /api/health` says of the engine; sent four times a second. */
export interface EngineHealth {
  mode: 'NORMAL' | 'SAFE';
  epoch: string;
  enginePid: number;
  blocks: number;
  xruns: number;
  frame: number;
  device: string;
  rateHz: number;
  blockFrames: number;
  load: number;
  /** Sound of loops in memory; what was undone stays as long as there is room. */
  loopBytes: number;
  disk: {
    state: DiskStateName;
    backlogFrames: number;
    /** The same of all sources. */
    backlogBytes: number;
    gapFrames: number;
    framesIn: number;
    framesDurable: number;
    framesWritten: number;
    framesQueued: number;
    /** Memory of the second buffer in use; the first is the ring. */
    overflowBytes: number;
    /** The recording goes on there: the data folder takes nothing. */
    isSecondFolder: boolean;
    /** 0…1 of both buffers. */
    bufferUsage: number;
  };
  /** What looks after the files tells; null until it has begun. */
  keeper: {
    checkedFiles: number;
    files: number;
    damagedTakes: number;
    roundEndedMs: number | null;
    lastBackupMs: number | null;
  } | null;
  /** Of the engine process. */
  process: {
    /** Engine time of these figures. */
    atMs: number;
    /** CPU since it began. */
    cpuMs: number;
    memoryBytes: number;
  };
  times: {
    /** From the end of a window until the loop was told to be saved. */
    commitDurable: HistogramFigures;
    /** Until a write of the session file was synced. */
    sessionSync: HistogramFigures;
    /** Until a write of the recording was synced. */
    spoolSync: HistogramFigures;
  };
}

/** A take heard in a derived loop: at frame k of that its frame startFrames + k × ratio, round its end. */
export interface TakeLayer {
  takeId: string;
  startFrames: number;
  ratio: number;
  gainLeft: number;
  gainRight: number;
}

/** A key that went down or up, in frames of the take; those that were down before it are at 0. */
export interface TakeNote {
  frame: number;
  instanceId: string;
  note: number;
  velocity: number;
  on: boolean;
}

/** What a take is and where its bytes are; the gateway reads them from disk itself. */
export interface TakeInfo {
  id: string;
  source: number;
  fromFrame: number;
  toFrame: number;
  rateHz: number;
  bars: number;
  bpm: number;
  originBeat: number;
  lengthBeats: number;
  offsetFrames: number;
  sha256: string | null;
  saved: boolean;
  tainted: boolean;
  acrossChange: boolean;
  /** The take that holds what was played before the plug-ins of the input; null = they changed nothing. */
  dryTakeId: string | null;
  /** Keys of instruments that are heard in it, in order. */
  notes: readonly TakeNote[];
  /**
   * Own file once materialised, otherwise the spool folder whose segments hold the window. A derived
   * one is made of other takes and has no bytes of its own.
   */
  location:
    | { kind: 'file'; path: string }
    | { kind: 'spool'; folder: string }
    | { kind: 'derived'; layers: TakeLayer[] };
}

/** A session as `GET /api/sessions` lists it. */
export interface SessionRow {
  id: string;
  name: string;
  /** Wall clock, Unix ms. */
  createdMs: number;
  /** When something was last done in it, or it was opened. */
  usedMs: number;
  riffs: number;
  takes: number;
  /** Of its takes' files. */
  bytes: number;
  /** Of all its takes, as long as they were played. */
  durationMs: number;
  open: boolean;
  /** Since when it can be brought back only, Unix ms; null = it is there. */
  removedMs: number | null;
}

/** What is kept of a run of the engine, whether anybody pressed or not; see `GET /api/past`. */
export interface PastRun {
  runId: string;
  /** It goes on. */
  now: boolean;
  rateHz: number;
  /** Wall clock of its frame 0, Unix ms. */
  startedMs: number;
  /** Frames on disk, oldest first; without what was declared lost. */
  kept: { fromFrame: number; toFrame: number }[];
  /** How many frames were declared lost; a gap that still grows is none of them. */
  gapFrames: number;
  /** Which grid held from which frame on: a bar line, its beat and bar, and how wide beats are. */
  grids: {
    fromFrame: number;
    lineFrame: number;
    lineBeat: number;
    lineBar: number;
    framesPerBeat: number;
    beatsPerBar: number;
  }[];
}

/** A plug-in that is offered, as `GET /api/plugins` lists it. */
export interface PluginRow {
  /** The same on every computer. */
  pluginId: string;
  name: string;
  vendor: string;
  version: string;
  kind: 'effect' | 'instrument';
  /** As its maker files it, the most general first. */
  categories: readonly string[];
  /** Path of the bundle it lies in. */
  bundle: string;
  /** A process has seen it; until then its bundle says so. */
  isConfirmed: boolean;
  /** Plug-ins of one group share a process; see `plugins/groups.json`. */
  group: string;
}

/** A parameter of a plug-in that is loaded. Values are 0…1. */
export interface ParamRow {
  paramId: number;
  title: string;
  units: string;
  /** The value as the plug-in writes it. */
  text: string;
  value: number;
  defaultValue: number;
  /** 0 = continuous, 1 = a switch, n = n + 1 values. */
  stepCount: number;
  /** What a player may set; others are shown. */
  canSet: boolean;
  isBypass: boolean;
  /** Not meant for players. */
  isHidden: boolean;
}

/** A bundle of which nothing is offered. */
export interface RefusedBundle {
  bundle: string;
  name: string;
  /** Why; see `errors.ts`. */
  code: number;
  /** A sentence, and what the system says of it. */
  reason: string;
}

/** Questions that are not commands: they change nothing and are answered once. */
export type LinkQuery =
  | { kind: 'past' }
  | { kind: 'plugins' }
  /** Fresh: as the plug-in tells them now, which takes a moment; the first ones always are. */
  | { kind: 'params'; instanceId: string; from: number; isFresh: boolean }
  | { kind: 'sessions'; before?: string; limit: number; removed?: boolean }
  | { kind: 'take'; takeId: string }
  | { kind: 'riffs'; before?: string; limit: number; marked?: boolean; q?: string };

export type LinkQueryResult =
  | { kind: 'past'; runs: PastRun[] }
  | { kind: 'plugins'; revision: number; items: PluginRow[]; refused: RefusedBundle[] }
  /** Null when there is no such plug-in; `next` = where the following page begins. */
  | { kind: 'params'; params: { items: ParamRow[]; next: number | null } | null }
  | { kind: 'sessions'; items: SessionRow[]; next: string | null }
  | { kind: 'take'; take: TakeInfo | null }
  | { kind: 'riffs'; items: RiffRow[]; next: string | null };

/** Gateway → engine process. */
export type ToEngine =
  | { t: 'command'; clientId: string; loopback: boolean; command: SessionCommand }
  | { t: 'ping'; clientId: string; t0: number; reqId?: string }
  | { t: 'client'; clientId: string; joined: boolean; address: string }
  | { t: 'resync' }
  /** Somebody plays the master on a page, or nobody any more. */
  | { t: 'listen'; on: boolean }
  | { t: 'query'; id: number; query: LinkQuery };

/** Engine process → gateway. An `answer` follows the patch that contains its effect. */
export type ToGateway =
  | { t: 'hello'; epoch: string; protocol: string; enginePid: number }
  | { t: 'full'; epoch: string; data: AppState }
  | { t: 'patch'; epoch: string; fromRev: number; revId: number; ops: PatchOp[] }
  | { t: 'answer'; clientId: string; message: Message }
  | { t: 'notice'; message: Message }
  | { t: 'pong'; clientId: string; t0: number; t1: number; reqId?: string }
  | { t: 'health'; health: EngineHealth }
  | { t: 'result'; id: number; result: LinkQueryResult | { kind: 'error'; code: number } };
