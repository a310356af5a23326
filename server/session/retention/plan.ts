/**
 * Which part of what nobody pressed has to go: the oldest first, and never what something needs.
 *
 * Sound that no take names is kept for a day or up to a size, whichever is less, and less when the
 * disk fills. Takes have files of their own; until one has them, its frames are pinned here.
 */
import { LIMITS } from '../../../protocol/limits.ts';

/** Frames of a run that something needs. */
export interface Pin {
  readonly runId: string;
  readonly fromFrame: number;
  readonly toFrame: number;
}

export interface PastSegment extends Pin {
  readonly bytes: number;
  /** The disk it lies on: see `RetentionRules.rooms`. */
  readonly device: number;
  /** Since its last frame was heard. */
  readonly ageSeconds: number;
  /** The clock that says so may be wrong: it tells the order, and is no reason to go. */
  readonly isAgeDoubtful?: boolean;
}

/** Free on a disk, as it is and as it has to be. */
export interface DiskRoom {
  readonly freeBytes: number;
  readonly freeBytesMin: number;
}

export interface RetentionRules {
  readonly ageSecondsMax: number;
  /** On all disks together. */
  readonly bytesMax: number;
  /** By device. */
  readonly rooms: ReadonlyMap<number, DiskRoom>;
}

/** What has to stay free on a disk of that size; of one that cannot be asked, nothing. */
export const freeBytesMin = (diskBytes: number): number =>
  diskBytes === 0 ? 0 : Math.max(LIMITS.pastFreeBytesMin, LIMITS.pastFreeShareMin * diskBytes);

const touches = (a: Pin, b: Pin): boolean =>
  a.runId === b.runId && a.fromFrame < b.toFrame && a.toFrame > b.fromFrame;

export const isPinned = (segment: Pin, pins: readonly Pin[]): boolean =>
  pins.some((pin) => touches(segment, pin));

/** Old enough to go, by a clock that is believed. */
export const isOld = (
  { ageSeconds, isAgeDoubtful }: Pick<PastSegment, 'ageSeconds' | 'isAgeDoubtful'>,
  ageSecondsMax: number,
): boolean => !isAgeDoubtful && ageSeconds > ageSecondsMax;

/** @param segments The oldest first. */
export const doomedOf = <Segment extends PastSegment>(
  segments: readonly Segment[],
  pins: readonly Pin[],
  rules: RetentionRules,
): Segment[] => {
  let kept = segments.reduce((sum, { bytes }) => sum + bytes, 0);
  const lacks = new Map(
    [...rules.rooms].map(([device, room]) => [device, room.freeBytesMin - room.freeBytes]),
  );
  return segments.filter((segment) => {
    const lack = lacks.get(segment.device) ?? 0;
    const isTooMuch = kept > rules.bytesMax || lack > 0;
    if (!(isOld(segment, rules.ageSecondsMax) || isTooMuch) || isPinned(segment, pins))
      return false;
    kept -= segment.bytes;
    lacks.set(segment.device, lack - segment.bytes);
    return true;
  });
};
