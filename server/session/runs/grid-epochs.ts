/**
 * Which grid held when: finds the frames of a bar of this run by its number.
 *
 * Bars are counted from 0 as feature frames count them. After a tempo, a meter or a downbeat was
 * changed, the bars before the change lie where they were played.
 */
import type { CoreEvent } from '../core/port.ts';

export interface GridEpoch {
  readonly fromFrame: number;
  /** A bar line, which may lie before the epoch: its frame, its beat, and the bar it begins. */
  readonly lineFrame: number;
  readonly lineBeat: number;
  readonly lineBar: number;
  readonly framesPerBeat: number;
  readonly beatsPerBar: number;
}

export interface PastBar {
  readonly frame: number;
  readonly beat: number;
  readonly framesPerBeat: number;
  readonly beatsPerBar: number;
}

export const epochOf = (event: CoreEvent): GridEpoch => ({
  fromFrame: event.fromFrame,
  lineFrame: event.toFrame,
  lineBeat: event.originBeat,
  lineBar: event.value,
  framesPerBeat: event.framesPerBeat,
  beatsPerBar: event.lengthBeats,
});

/** All bars and beats lie where they lay: nothing was changed for the player. */
const isSameGrid = (a: GridEpoch, b: GridEpoch): boolean => {
  const beats = b.lineBeat - a.lineBeat;
  return (
    a.framesPerBeat === b.framesPerBeat &&
    a.beatsPerBar === b.beatsPerBar &&
    b.lineFrame - a.lineFrame === beats * a.framesPerBeat &&
    (b.lineBar - a.lineBar) * a.beatsPerBar === beats
  );
};

/** Lines lie on whole frames as near as that. */
const SAME_FRAMES = 0.5;

const lineIn = (
  { beatsPerBar, framesPerBeat, lineFrame }: GridEpoch,
  rounded: (bars: number) => number,
  frame: number,
): number => {
  const barFrames = beatsPerBar * framesPerBeat;
  return Math.round(lineFrame + rounded((frame - lineFrame) / barFrames) * barFrames);
};

export class GridEpochs {
  /** Oldest first. */
  readonly #epochs: GridEpoch[];
  #stored: GridEpoch | undefined;

  constructor(epochs: readonly GridEpoch[] = []) {
    this.#epochs = [...epochs];
  }

  /** Oldest first. */
  get all(): readonly GridEpoch[] {
    return this.#epochs;
  }

  get newest(): GridEpoch | undefined {
    return this.#epochs.at(-1);
  }

  /** The newest, once: one that held for a moment only need not be remembered. */
  unstored(): GridEpoch | undefined {
    const { newest } = this;
    if (newest === this.#stored) return undefined;
    this.#stored = newest;
    return newest;
  }

  /** One that begins where another did takes its place: nothing was played between them. */
  add(epoch: GridEpoch): void {
    if (this.newest && isSameGrid(this.newest, epoch)) return;
    while ((this.newest?.fromFrame ?? -1) >= epoch.fromFrame) this.#epochs.pop();
    this.#epochs.push(epoch);
  }

  /** Where the bar began; the newest of that number, undefined when no grid reaches it. */
  bar(number: number): PastBar | undefined {
    for (const [index, epoch] of this.#epochs.entries().toArray().toReversed()) {
      const { beatsPerBar, framesPerBeat, fromFrame, lineBar, lineBeat, lineFrame } = epoch;
      const beats = (number - lineBar) * beatsPerBar;
      const frame = lineFrame + beats * framesPerBeat;
      const end = this.#epochs[index + 1]?.fromFrame ?? Number.POSITIVE_INFINITY;
      if (frame >= Math.max(0, fromFrame) && frame < end) {
        return { frame, beat: lineBeat + beats, framesPerBeat, beatsPerBar };
      }
    }
    return undefined;
  }

  /** What held at a frame; of frames before the first that was told, that one. */
  at(frame: number): GridEpoch | undefined {
    return this.#epochs.findLast(({ fromFrame }) => fromFrame <= frame) ?? this.#epochs[0];
  }

  /** The bar line at or before a frame. */
  lineBefore(frame: number): number | undefined {
    let last = frame;
    for (const [index, epoch] of this.#epochs.entries().toArray().toReversed()) {
      if (epoch.fromFrame > last && index > 0) continue;
      const line = lineIn(epoch, Math.floor, last + SAME_FRAMES);
      if (line >= epoch.fromFrame || index === 0) return line;
      last = epoch.fromFrame - 1;
    }
    return undefined;
  }

  /** The bar line at or after a frame. */
  lineAfter(frame: number): number | undefined {
    let first = frame;
    for (const [index, epoch] of this.#epochs.entries()) {
      const end = this.#epochs[index + 1]?.fromFrame ?? Number.POSITIVE_INFINITY;
      if (end <= first) continue;
      const line = lineIn(epoch, Math.ceil, first - SAME_FRAMES);
      if (line < end) return line;
      first = end;
    }
    return undefined;
  }

  /** Those that began within these frames. */
  within(fromFrame: number, toFrame: number): GridEpoch[] {
    return this.#epochs.filter((epoch) => epoch.fromFrame > fromFrame && epoch.fromFrame < toFrame);
  }

  /** Bars that begin from one frame on and before another. */
  barCount(fromFrame: number, toFrame: number): number {
    let count = 0;
    let line = this.lineAfter(fromFrame);
    while (line !== undefined && line < toFrame) {
      count += 1;
      line = this.lineAfter(line + 1);
    }
    return count;
  }

  /** Whether another grid began within these frames. */
  isChangedIn(fromFrame: number, toFrame: number): boolean {
    return this.within(fromFrame, toFrame).length > 0;
  }
}
