/** What is written into the store; plain data that can be posted, and lies in the journal. */
import type { TakeNote } from '../../../protocol/link.ts';
import type { Hurt } from '../runs/damage.ts';
import type { GridEpoch } from '../runs/grid-epochs.ts';
import type { CachedSound } from '../sounds/sound-cache.ts';
import type { LatencyProfile, LatencyTrim } from '../time/latency.ts';
import type { StoredPlugin } from '../chains/stored-plugin.ts';
import type { Riff } from '../riffs/riff.ts';
import type { TakeFile } from '../takes/take-safety.ts';
import type { Take } from '../takes/takes.ts';

/** SAFE: a start that loads no loop by itself went to the root; the next start as ever comes back. */
export type HeadCause = 'COMMIT' | 'UNDO' | 'REDO' | 'RECALL' | 'SAFE';

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
      /** Told again: the head is where later ones left it. */
      isHeadElsewhere?: boolean;
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

export interface CommittedWrite {
  /** The number of the commit. */
  readonly seq: number;
  readonly write: StoreWrite;
}
