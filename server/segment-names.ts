/**
 * How FlowCore names the segments of a run's recording: each by its first frame, and one that counts instead
 * of a namesake, which a dead disk did not let go, with its turn behind that.
 */

const NAME = /^(?:second\/)?seg-(\d{12,})(?:-([1-9]\d*))?\.wav$/;

/** In a run's folder: the link to its second one, on another disk. */
export const SECOND = 'second';

/** The names in a run's folder, and those in its second one behind them, as paths from the first. */
export const joinedNames = (first: readonly string[], second: readonly string[]): string[] => [
  ...first,
  ...second.map((name) => `${SECOND}/${name}`),
];

/** Beside it: checksums of its sound. */
export const proofPath = (segmentPath: string): string => segmentPath.replace(/\.wav$/, '.crc');

export interface SegmentName {
  readonly name: string;
  readonly firstFrame: number;
  /** Where two hold the same frames the later one counts: it reaches no further than here. */
  readonly nextFrame: number;
}

/** Those among the names of a run, the oldest first; of namesakes the one that counts is the last. */
export const segmentNames = (names: readonly string[]): SegmentName[] =>
  names
    .flatMap((name) => {
      const [, digits, turn = 0] = NAME.exec(name) ?? [];
      const firstFrame = Number(digits);
      return Number.isSafeInteger(firstFrame) ? [{ name, firstFrame, turn: Number(turn) }] : [];
    })
    .toSorted((a, b) => a.firstFrame - b.firstFrame || a.turn - b.turn)
    .map(({ firstFrame, name }, index, all) => ({
      name,
      firstFrame,
      nextFrame: all[index + 1]?.firstFrame ?? Infinity,
    }));
