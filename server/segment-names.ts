/** How FlowCore names the segments of a run's recording: each by its first frame. */

const NAME = /^seg-(\d{12,})\.wav$/;

export interface SegmentName {
  readonly name: string;
  readonly firstFrame: number;
  /** Where two hold the same frames the later one counts: it reaches no further than here. */
  readonly nextFrame: number;
}

/** Those among the names in a folder, the oldest first. */
export const segmentNames = (names: readonly string[]): SegmentName[] =>
  names
    .flatMap((name) => {
      const digits = NAME.exec(name)?.[1];
      return digits === undefined ? [] : [{ name, firstFrame: Number(digits) }];
    })
    .toSorted((a, b) => a.firstFrame - b.firstFrame)
    .map((each, index, all) => ({ ...each, nextFrame: all[index + 1]?.firstFrame ?? Infinity }));
