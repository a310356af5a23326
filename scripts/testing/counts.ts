/** Reads how many tests passed, failed and were skipped out of what the runners print. */

export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export const NONE: Counts = { passed: 0, failed: 0, skipped: 0 };

export const add = (a: Counts, b: Counts): Counts => ({
  passed: a.passed + b.passed,
  failed: a.failed + b.failed,
  skipped: a.skipped + b.skipped,
});

/** The closing line that everything outside reads. */
export const closingLine = ({ passed, failed, skipped }: Counts): string =>
  `${passed} passed, ${failed} failed, ${skipped} skipped`;

// Runners colour their output even into a pipe when told to; ESC [ … m.
export const withoutColour = (output: string): string =>
  output.replaceAll(new RegExp(`${String.fromCodePoint(27)}\\[[0-9;]*m`, 'g'), '');

const numberIn = (match: RegExpExecArray | null | undefined, group = 1): number =>
  Number(match?.[group] ?? 0);

/** ` 12 pass`, ` 0 fail`, ` 1 skip`, ` 1 todo`, ` 1 error` (a file that could not be loaded). */
export const bunCounts = (output: string): Counts => {
  const text = withoutColour(output);
  const count = (word: string) =>
    [...text.matchAll(new RegExp(`^ *(\\d+) ${word}s?$`, 'gm'))].reduce(
      (sum, match) => sum + numberIn(match),
      0,
    );
  return {
    passed: count('pass'),
    failed: Math.max(count('fail'), count('error')),
    skipped: count('skip') + count('todo'),
  };
};

/** XCTest: the last `Executed …` line sums up all suites. */
const xctestCounts = (text: string): Counts => {
  const pattern = /Executed (\d+) tests?, with (?:(\d+) tests? skipped and )?(\d+) failures?/g;
  const last = [...text.matchAll(pattern)].at(-1);
  // A test may fail with several failures; what counts is the number of tests.
  const failed = new Set(
    [...text.matchAll(/Test Case '([^']+)' failed \(/g)].map((match) => match[1]),
  ).size;
  const skipped = numberIn(last, 2);
  return { passed: Math.max(0, numberIn(last) - failed - skipped), failed, skipped };
};

/** Swift Testing: `Test run with 12 tests in 3 suites passed|failed after …`. */
const swiftTestingCounts = (text: string): Counts => {
  const last = [...text.matchAll(/Test run with (\d+) tests?\b/g)].at(-1);
  const failed = [...text.matchAll(/^\W*Test (?!run\b).+ failed after [\d.]+ seconds/gm)].length;
  const skipped = [...text.matchAll(/^\W*Test (?!run\b).+ skipped(?:: ".*"|\.)?$/gm)].length;
  return { passed: Math.max(0, numberIn(last) - failed - skipped), failed, skipped };
};

export const swiftCounts = (output: string): Counts => {
  const text = withoutColour(output);
  return add(xctestCounts(text), swiftTestingCounts(text));
};
