/** What the store gives back of sessions, runs, takes and riffs; plain data that can be posted. */
import type { Replayed } from './replay-waiting.ts';
import type { SessionRow } from '../../../protocol/link.ts';
import type { Hurt } from '../runs/damage.ts';
import type { GridEpoch } from '../runs/grid-epochs.ts';
import type { CachedSound } from '../sounds/sound-cache.ts';
import type { LatencyProfile, LatencyTrim } from '../time/latency.ts';
import type { StoredPlugin } from '../chains/stored-plugin.ts';
import type { TakeFile } from '../takes/take-safety.ts';
import type { DrySide, Take } from '../takes/takes.ts';
import type { HeadCause, MixDocument } from './write-requests.ts';

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

/** What was done to a session file that could not be read, or had lost what was committed or said. */
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
  /** Absent = each text in it is whole. */
  readonly rotten?: RottenNews;
}

/** Texts in it that nobody has whole any more. */
export interface RottenNews {
  readonly count: number;
  /** Where the first of them stand. */
  readonly first: readonly string[];
  /** The file that holds what is left of them; null = it could not be written. */
  readonly keptIn: string | null;
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
  /** What an engine before this one left to be written. */
  readonly left: Replayed;
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
  readonly cause: HeadCause;
}
