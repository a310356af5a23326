/** How FlowCore names the segments of a run's recording: each by its first frame. */

const NAME = /^(?:second\/)?seg-(\d{12,})\.wav$/;

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

/** Those among the names of a run, the oldest first; of namesakes that of the second folder last. */
export const segmentNames = (names: readonly string[]): SegmentName[] =>
  names
    .flatMap((name) => {
      const digits = NAME.exec(name)?.[1];
      return digits === undefined ? [] : [{ name, firstFrame: Number(digits) }];
    })
    .toSorted((a, b) => a.firstFrame - b.firstFrame)
    .map((each, index, all) => ({ ...each, nextFrame: all[index + 1]?.firstFrame ?? Infinity }));
