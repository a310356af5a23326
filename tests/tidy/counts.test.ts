import { describe, expect, test } from 'bun:test';
import { bunCounts, closingLine, swiftCounts } from '../../scripts/testing/counts.ts';
import { failureLines } from '../../scripts/testing/failures.ts';
import { judge } from '../../scripts/testing/run.ts';

const SWIFT = `
Test Case 'OldTests.testB' started at 2026-11-23 03:04:21.793
A.swift:4: error: OldTests.testB : failed - x
A.swift:4: error: OldTests.testB : failed - y
Test Case 'OldTests.testB' failed (0.0 seconds)
Test Case 'OldTests.testC' skipped (0.0 seconds)
\t Executed 3 tests, with 1 test skipped and 2 failures (0 unexpected) in 0.001 (0.001) seconds
\t Executed 1 test, with 0 failures (0 unexpected) in 0.0 (0.0) seconds
\t Executed 4 tests, with 1 test skipped and 2 failures (0 unexpected) in 0.001 (0.001) seconds
◇ Test run started.
✘ Test three() skipped: "later"
◇ Test "a slot that was skipped" started.
✔ Test "a slot that was skipped" passed after 0.001 seconds.
✘ Test "a sentence about it" recorded an issue at B.swift:4:45: Expectation failed: 1 == 2
✘ Test "a sentence about it" failed after 0.001 seconds with 2 issues.
✘ Test four(n:) failed after 0.001 seconds with 1 issue.
✘ Suite NewTests failed after 0.002 seconds with 3 issues.
✘ Test run with 5 tests failed after 0.002 seconds with 3 issues.
`;

describe('the counts of the test command', () => {
  test('Swift: tests are counted, not issues, and both libraries are added', () => {
    expect(swiftCounts(SWIFT)).toEqual({ passed: 2 + 2, failed: 1 + 2, skipped: 1 + 1 });
    expect(swiftCounts('✔ Test run with 7 tests in 2 suites passed after 0.001 seconds.')).toEqual({
      passed: 7,
      failed: 0,
      skipped: 0,
    });
  });

  test('Bun: passed, failed, skipped and files that could not be loaded', () => {
    expect(bunCounts(' 12 pass\n 2 skip\n 1 todo\n 1 fail\n 30 expect() calls\n')).toEqual({
      passed: 12,
      failed: 1,
      skipped: 3,
    });
    expect(bunCounts(' 3 pass\n 0 fail\n 2 errors\n').failed).toBe(2);
    expect(bunCounts('\u001B[32m 5 pass\u001B[0m\n 0 fail\n').passed).toBe(5);
  });

  test('a runner that ran nothing, or ended badly without saying why, has failed', () => {
    const step = { name: 'x', argv: [], counts: bunCounts };
    expect(judge(step, 0, '')).toEqual({ passed: 0, failed: 1, skipped: 0 });
    expect(judge(step, 139, ' 5 pass\n 0 fail\n')).toEqual({ passed: 5, failed: 1, skipped: 0 });
    expect(judge(step, 1, ' 5 pass\n 2 fail\n')).toEqual({ passed: 5, failed: 2, skipped: 0 });
    expect(judge({ name: 'lint', argv: [] }, 0, '')).toEqual({ passed: 1, failed: 0, skipped: 0 });
    expect(judge({ name: 'lint', argv: [] }, 1, '')).toEqual({ passed: 0, failed: 1, skipped: 0 });
  });

  test('what led to a failure is found again, once, without what passed', () => {
    const bun = ['(pass) a [1ms]', 'its seed', 'error: no', '(fail) b [2ms]', '(pass) c', '1 fail'];
    expect(failureLines([[...bun, '(fail) b [2ms]'].join('\n')])).toEqual(bun.slice(1, 4));
    const swift = failureLines([SWIFT]).join('\n');
    expect(swift).toContain('Expectation failed: 1 == 2');
    expect(swift).toContain('testB : failed - y');
    expect(swift).not.toContain('a slot that was skipped');
    expect(failureLines(['one\n', 'Build complete!\n'])).toEqual(['one', 'Build complete!']);
  });

  test('the closing line is the one that is read from outside', () => {
    expect(closingLine({ passed: 3, failed: 0, skipped: 1 })).toBe('3 passed, 0 failed, 1 skipped');
  });
});
