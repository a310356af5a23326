/** Requests to the store worker and its answers; plain data that can be posted. */
import type { PastRun, SessionRow, TakeNote } from '../../../protocol/link.ts';
import type { Hurt } from '../runs/damage.ts';
import type { GridEpoch } from '../runs/grid-epochs.ts';
import type { CachedSound } from '../sounds/sound-cache.ts';
import type { LatencyProfile, LatencyTrim } from '../time/latency.ts';
import type { StoredPlugin } from '../chains/stored-plugin.ts';
import type { DoomedSegment, SpoolQuestion, SpoolUse } from '../retention/sweep.ts';
import type { Riff } from '../riffs/riff.ts';
import type { TakeFile } from '../takes/take-safety.ts';
import type { DrySide, Take } from '../takes/takes.ts';

export type HeadCause = 'COMMIT' | 'UNDO' | 'REDO' | 'RECALL';

export interface HeadStep {
  readonly from: string;
  readonly to: string;
  readonly cause: HeadCause;
  readonly moveId: string;
}

/** Mixer and settings as last left; written behind. */
export interface MixDocument {
  readonly slots: readonly {
    readonly gain: number;
    readonly pan: number;
    readonly muted: boolean;
    readonly soloed: boolean;
    readonly name: string;
  }[];
  readonly bpm: number;
  readonly meter: { readonly beats: number; readonly unit: number };
  readonly metronome: { readonly on: boolean; readonly gainDb: number; readonly standby?: boolean };
  readonly loopBars: number;
  /** By the device's name: what is right for one card may feed another one its own output. */
  readonly inputs?: Readonly<
    Record<string, readonly { readonly gainDb: number; readonly monitor: boolean }[]>
  >;
}

/** Written in the order they were asked for; each can be repeated without a second effect. */
export type StoreWrite =
  /** The session to go on with, made unless it is there. */
  | { kind: 'firstSession'; sessionId: string; name: string; atMs: number; openId: string }
  | {
      kind: 'beginRun';
      runId: string;
      sessionId: string;
      rateHz: number;
      atMs: number;
      gridShift: number;
      /** From this frame on all its damage is written; what an earlier engine of the run said holds. */
      listedFrom?: number;
    }
  | { kind: 'endRun'; runId: string; atMs: number }
  | { kind: 'take'; sessionId: string; take: Take }
  | {
      kind: 'riff';
      sessionId: string;
      riff: Riff;
      takes: readonly Take[];
      gridShift: number;
      moveId: string;
      /** Of its takes: there with it, or not at all. */
      files?: readonly TakeFile[];
      /** In the same commit the head goes back: the riff stands beside the present. */
      back?: HeadStep;
    }
  | {
      kind: 'head';
      sessionId: string;
      from: string;
      to: string;
      cause: HeadCause;
      gridShift: number;
      atMs: number;
      moveId: string;
    }
  | { kind: 'takeFile'; file: TakeFile }
  /** What is kept of a take beside what was heard. */
  | {
      kind: 'dry';
      sessionId: string;
      takeId: string;
      take: Take;
      notes: readonly TakeNote[];
      files?: readonly TakeFile[];
    }
  | { kind: 'takeTainted'; takeId: string }
  /** What it lacks of files cannot be had. */
  | { kind: 'settled'; takeId: string }
  /** A run of no engine: what was found is of it. */
  | { kind: 'foundRun'; runId: string; sessionId: string; rateHz: number }
  /** Files in `audio` that belong to no take and are not what their names promise. */
  | { kind: 'torn'; sha256s: readonly string[]; atMs: number }
  | { kind: 'cache'; sound: CachedSound }
  | { kind: 'uncache'; soundId: string; rateHz: number }
  | {
      kind: 'segment';
      runId: string;
      firstFrame: number;
      toFrame: number | null;
      crc: number | null;
    }
  | { kind: 'gap'; runId: string; fromFrame: number; toFrame: number; reason: number }
  | { kind: 'hurt'; runId: string; hurt: Hurt & { source: number } }
  | { kind: 'epoch'; runId: string; epoch: GridEpoch }
  | { kind: 'plugin'; sessionId: string; plugin: StoredPlugin }
  /** The newest state that has a file; the one before it is kept, too. */
  | { kind: 'pluginState'; instanceId: string; sha256: string; atMs: number }
  | { kind: 'pluginBypass'; instanceId: string; bypassed: boolean }
  | { kind: 'gridShift'; sessionId: string; gridShift: number }
  | { kind: 'latency'; profile: LatencyProfile }
  | { kind: 'latencyTrim'; trim: LatencyTrim }
  | { kind: 'mix'; sessionId: string; mix: MixDocument }
  /** Null takes it off. */
  | { kind: 'mark'; sessionId: string; riffId: string; label: string | null }
  | { kind: 'sessionName'; sessionId: string; name: string }
  /** Made and open from now on; an empty riff is its root. */
  | {
      kind: 'newSession';
      sessionId: string;
      name: string;
      root: Riff;
      gridShift: number;
      atMs: number;
      moveId: string;
      openId: string;
    }
  | { kind: 'removeSession'; sessionId: string; atMs: number }
  | { kind: 'restoreSession'; sessionId: string; atMs: number }
  | { kind: 'openSession'; sessionId: string; gridShift: number; atMs: number; openId: string };

export type StoreRead =
  | { kind: 'open'; dataFolder: string; atMs: number; newSessionName: string }
  | { kind: 'session'; sessionId: string }
  | { kind: 'sessions'; before?: string; limit: number; removed?: boolean; nowMs: number }
  | { kind: 'sessionFate'; sessionId: string }
  | { kind: 'run'; runId: string }
  | { kind: 'past' }
  | ({ kind: 'spoolUse' } & SpoolQuestion)
  /** Removes files, and is not asked again by itself: the next look finds what is left. */
  | ({ kind: 'forget'; segments: readonly DoomedSegment[] } & Pick<SpoolQuestion, 'runId'>)
  | { kind: 'riffs'; sessionId: string; afterSeq: number }
  | { kind: 'takes'; sessionId: string; afterRow: number }
  /** Takes of all sessions that lack a file. */
  | ({ kind: 'unfiled' } & UnfiledQuestion)
  /** What the recording holds of the window of a take. */
  | { kind: 'lateSound'; take: Take }
  | { kind: 'moves'; sessionId: string; afterSeq: number }
  | { kind: 'plugins'; sessionId: string; afterRow: number }
  | { kind: 'marks'; sessionId: string; afterRow: number }
  | { kind: 'gaps'; runId: string }
  | { kind: 'cached'; afterRow: number }
  | { kind: 'close'; atMs: number };

export type StoreRequest = StoreWrite | StoreRead;

const READS: { [K in StoreRead['kind']]: true } = {
  open: true,
  session: true,
  sessions: true,
  sessionFate: true,
  run: true,
  past: true,
  spoolUse: true,
  forget: true,
  riffs: true,
  takes: true,
  unfiled: true,
  lateSound: true,
  moves: true,
  plugins: true,
  marks: true,
  gaps: true,
  cached: true,
  close: true,
};

/** It changes nothing, and is not asked again by itself. */
export const isRead = (request: StoreRequest): request is StoreRead => request.kind in READS;

/** Frames of a run that are nowhere: they were missed, or nobody listened. */
export interface Gap {
  readonly fromFrame: number;
  readonly toFrame: number;
}

/** A session without its riffs and takes. */
export interface StoredSession {
  readonly sessionId: string;
  readonly sessionName: string;
  /** Null for a session that was just made. */
  readonly head: { readonly riffId: string; readonly gridShift: number } | null;
  readonly mix: MixDocument | null;
}

/** What was done to a session file that could not be read, or had lost what was committed. */
export interface MendedStore {
  /** Why; a file that could be read has only lost commits. */
  readonly why: string;
  /** Where the unreadable file lies now; null = it could be read. */
  readonly asidePath: string | null;
  /** Of the backup that stands in its place; null = none. */
  readonly backupAtMs: number | null;
  /** Commits that came back out of the journal. */
  readonly replayedCount: number;
  /** Commits that are missing. */
  readonly missingCount: number;
}

/** How many riffs it holds, and whether it is there. */
export type SessionFate = Pick<SessionRow, 'riffs' | 'removedMs'>;

/** What is known to be damaged of a run. */
export interface StoredDamage {
  readonly hurts: readonly Hurt[];
  /** From this frame on these are all; null = nobody knows. */
  readonly listedFrom: number | null;
}

/** The session that was open last, and what concerns no session; the damage is that of its run. */
export interface OpenedStore extends StoredSession, StoredDamage {
  readonly sqliteVersion: string;
  /** Of a newer FlowZone: what is written is refused. */
  readonly isReadOnly: boolean;
  /** What happened to the file since it was last open; null = nothing. */
  readonly mended: MendedStore | null;
  /** A run that was not ended in order: its capture ring may still be there. */
  readonly openRunId: string | null;
  /** Grids of that run, oldest first. */
  readonly epochs: readonly GridEpoch[];
  readonly latencies: readonly LatencyProfile[];
  readonly trims: readonly LatencyTrim[];
}

/** Of a run whose sound may be asked for. */
export interface StoredRun extends StoredDamage {
  readonly rateHz: number;
  /** Its grids, oldest first. */
  readonly epochs: readonly GridEpoch[];
}

export interface StoredTake {
  readonly row: number;
  readonly take: Take;
  readonly files: readonly TakeFile[];
  readonly dry?: DrySide;
  /** What it lacks of files cannot be had. */
  readonly isSettled?: boolean;
}

export interface UnfiledQuestion {
  /** The window and perhaps more, or only what was around it. */
  readonly lacks: TakeFile['part'];
  readonly afterRow: number;
}

export interface UnfiledTake extends StoredTake {
  /** There is sound before its window or behind it, or that cannot be said now. */
  readonly isSoundAround: boolean;
}

/** All of it, not all of it, or nobody can look now. */
export type LateSound = 'there' | 'gone' | 'unknown';

export interface StoredPluginRow {
  readonly row: number;
  readonly plugin: StoredPlugin;
}

export interface StoredMark {
  readonly row: number;
  readonly riffId: string;
  readonly label: string;
}

export interface StoredSound {
  readonly row: number;
  readonly sound: CachedSound;
}

export interface HeadMove {
  readonly seq: number;
  readonly from: string | null;
  readonly to: string;
}

/** At most this many rows in one answer, so that no answer holds the poll loop up. */
export const STORE_PAGE = 200;
/** Nobody waits for these. */
export const UNFILED_PAGE = 16;

export interface StoreAnswers {
  open: OpenedStore;
  /** Null when there is none of this id. */
  session: StoredSession | null;
  sessions: readonly Omit<SessionRow, 'open'>[];
  /** Null when there never was one of this id. */
  sessionFate: SessionFate | null;
  /** Null when there was none of this id. */
  run: StoredRun | null;
  past: readonly Omit<PastRun, 'now'>[];
  spoolUse: SpoolUse;
  forget: number;
  riffs: readonly Riff[];
  takes: readonly StoredTake[];
  /** Null = there is none any more. */
  unfiled: { readonly takes: readonly UnfiledTake[]; readonly lastRow: number | null };
  lateSound: LateSound;
  moves: readonly HeadMove[];
  plugins: readonly StoredPluginRow[];
  marks: readonly StoredMark[];
  gaps: readonly Gap[];
  cached: readonly StoredSound[];
  close: null;
}

export interface StoreQuestion {
  readonly seq: number;
  readonly request: StoreRequest;
}

export type StoreAnswer =
  /** @param troubles Files that refused to be tidied up; what was asked for is done all the same. */
  | { seq: number; value: unknown; troubles?: readonly string[] }
  | { seq: number; error: string; isPermanent: boolean };
