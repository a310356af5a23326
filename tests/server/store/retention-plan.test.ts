/** What goes of the past, by its age, its size and what is free. */
import { describe, expect, test } from 'bun:test';
import {
  doomedOf,
  type PastSegment,
  type RetentionRules,
} from '../../../server/session/retention/plan.ts';
import { HOUR } from './retention-rig.ts';

const RUN = 'a'.repeat(32);
const GB = 1e9;

/** The oldest first, an hour and so many bytes each. */
const hours = (count: number, bytes: number): PastSegment[] =>
  Array.from({ length: count }, (_, hour) => ({
    runId: RUN,
    fromFrame: hour * HOUR,
    toFrame: (hour + 1) * HOUR,
    bytes,
    device: 1,
    ageSeconds: (count - 1 - hour) * HOUR,
  }));

/** Free on the first disk, on the second, … */
const rulesWith = (...freeBytes: number[]): RetentionRules => ({
  ageSecondsMax: 24 * HOUR,
  bytesMax: 40 * GB,
  rooms: new Map(freeBytes.map((free, at) => [1 + at, { freeBytes: free, freeBytesMin: 10 * GB }])),
});
const roomy = rulesWith(99 * GB);
const goneOf = (segments: readonly PastSegment[]) =>
  segments.map(({ fromFrame }) => fromFrame / HOUR);

describe('the rules', () => {
  test('older than a day goes, whatever the size', () => {
    expect(goneOf(doomedOf(hours(30, 1), [], roomy))).toEqual([0, 1, 2, 3, 4]);
  });

  test('above the size the oldest go, and no more than it takes', () => {
    expect(goneOf(doomedOf(hours(20, 2.5 * GB), [], roomy))).toEqual([0, 1, 2, 3]);
  });

  test('on a disk that fills the oldest go until enough is free', () => {
    expect(goneOf(doomedOf(hours(20, GB), [], rulesWith(7 * GB)))).toEqual([0, 1, 2]);
  });

  test('what is pinned stays, and others go in its place; a neighbour is not pinned', () => {
    const pins = [
      { runId: RUN, fromFrame: 1.5 * HOUR, toFrame: 3 * HOUR },
      { runId: 'b'.repeat(32), fromFrame: 0, toFrame: 99 * HOUR },
    ];
    expect(goneOf(doomedOf(hours(20, GB), pins, rulesWith(7 * GB)))).toEqual([0, 3, 4]);
  });

  test('of two disks each is freed by what lies on it, and by nothing else', () => {
    const segments = hours(20, GB).map((each, at) => ({ ...each, device: at < 10 ? 1 : 2 }));
    const gone = (first: number, second: number) =>
      goneOf(doomedOf(segments, [], rulesWith(first, second)));
    expect(gone(7 * GB, 99 * GB)).toEqual([0, 1, 2]);
    expect(gone(99 * GB, 8 * GB)).toEqual([10, 11]);
    expect(gone(7 * GB, 8 * GB)).toEqual([0, 1, 2, 10, 11]);
    // Others took all of it: what is not there cannot be made room with.
    expect(gone(-99 * GB, 99 * GB)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });
});
