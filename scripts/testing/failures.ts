/** Finds in what a runner printed the lines that tell why it failed, to be said once more at the end. */
import { withoutColour } from './counts.ts';

const LINES_MAX = 30;
const LINES_AFTER = 3;

const BUN_VERDICT = /^\((pass|fail|skip|todo)\) /;
/** Swift Testing's and XCTest's lines of what went wrong; details follow them. */
const SWIFT_FAILURE = /^\W*Test .+ recorded an issue|: error: |^error: Exited|: Fatal error/;

/**
 * What led to each failed test: of Bun what was printed since the verdict before, of Swift the line and
 * what follows it; the end of each output when no test is named, as after a crash. None is told twice.
 *
 * @param outputs What came by stdout, and by stderr.
 */
export const failureLines = (outputs: readonly string[]): string[] => {
  const ends = outputs.map((output) => withoutColour(output).trimEnd().split('\n'));
  const lines = ends.flat();
  const told = new Map<string, string[]>();
  let verdictAt = -1;
  for (const [at, line] of lines.entries()) {
    const verdict = BUN_VERDICT.exec(line)?.[1];
    if (verdict === 'fail' && !told.has(line)) {
      told.set(line, lines.slice(Math.max(verdictAt + 1, at + 1 - LINES_MAX), at + 1));
    }
    if (verdict) verdictAt = at;
    if (SWIFT_FAILURE.test(line)) told.set(line, lines.slice(at, at + LINES_AFTER));
  }
  return told.size > 0 ? [...told.values()].flat() : ends.flatMap((each) => each.slice(-LINES_MAX));
};
