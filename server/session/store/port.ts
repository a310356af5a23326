/** Requests to the store worker and its answers; plain data that can be posted. */
import type { PastRun, SessionRow } from '../../../protocol/link.ts';
import type { DoomedSegment, SpoolQuestion, SpoolUse } from '../retention/sweep.ts';
import type { Riff } from '../riffs/riff.ts';
import type { TakeFile } from '../takes/take-safety.ts';
import type { Take } from '../takes/takes.ts';
import type {
  Gap,
  HeadMove,
  LateSound,
  MendedStore,
  OpenedStore,
  SessionFate,
  StoredMark,
  StoredPluginRow,
  StoredRun,
  StoredSession,
  StoredSound,
  StoredTake,
  UnfiledTake,
} from './stored.ts';
import type { WaitingLine } from './read-waiting.ts';
import type { CommittedWrite, StoreWrite } from './write-requests.ts';

/** At most this many rows in one answer, so that no answer holds the poll loop up. */
export const STORE_PAGE = 200;
/** Nobody waits for these. */
export const UNFILED_PAGE = 16;

export interface UnfiledQuestion {
  /** The window and perhaps more, or only what was around it. */
  readonly lacks: TakeFile['part'];
  readonly afterRow: number;
}

export type StoreRead =
  | {
      kind: 'open';
      dataFolder: string;
      atMs: number;
      newSessionName: string;
      /** What workers before this one committed, and no journal could take. */
      owed?: readonly CommittedWrite[];
      /** What an engine before this one asked for, and never heard that it was written. */
      left?: readonly WaitingLine[];
    }
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
  /**
   * @param troubles Files that refused to be tidied up; what was asked for is done all the same.
   * @param owed It is committed, and the journal has no line of it.
   * @param mended The file had to be, when it was opened for the second time.
   */
  | {
      seq: number;
      value: unknown;
      troubles?: readonly string[];
      owed?: readonly CommittedWrite[];
      mended?: MendedStore;
    }
  | { seq: number; error: string; isPermanent: boolean };
