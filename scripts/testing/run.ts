/** Runs one step of the test command: shows its output, keeps it, ends it when it hangs. */
import { type Counts, NONE } from './counts.ts';
import { failureLines } from './failures.ts';

export interface Step {
  readonly name: string;
  readonly argv: readonly string[];
  /** Reads the runner's own counts; without it the step counts as one check. */
  readonly counts?: (output: string) => Counts;
  readonly env?: Readonly<Record<string, string>>;
  readonly limitMinutes?: number;
}

export interface StepResult {
  readonly name: string;
  readonly seconds: number;
  readonly counts: Counts;
  /** What was printed about whatever failed; none when nothing did. */
  readonly failures: readonly string[];
}

const LIMIT_MINUTES = 15;

let running: Bun.Subprocess | undefined;

/** For the signals of the whole run: the step must not outlive it. */
export const endRunningStep = () => running?.kill('SIGTERM');

const tee = async (from: ReadableStream<Uint8Array>, to: NodeJS.WriteStream): Promise<string> => {
  const decoder = new TextDecoder();
  let text = '';
  for await (const bytes of from) {
    to.write(bytes);
    text += decoder.decode(bytes, { stream: true });
  }
  return text + decoder.decode();
};

/** The step's counts; a code other than 0 without a failed test, or a runner that ran no test
 * at all, is one failure. */
export const judge = (step: Step, code: number, output: string): Counts => {
  const counts = step.counts?.(output) ?? (code === 0 ? { ...NONE, passed: 1 } : NONE);
  const ran = counts.passed + counts.failed + counts.skipped;
  if (counts.failed === 0 && (code !== 0 || ran === 0)) return { ...counts, failed: 1 };
  return counts;
};

export const runStep = async (
  step: Step,
  env: Readonly<Record<string, string | undefined>>,
): Promise<StepResult> => {
  process.stdout.write(`\n── ${step.name} ──\n`);
  const start = performance.now();
  const child = Bun.spawn([...step.argv], {
    env: { ...env, ...step.env },
    stdin: 'ignore',
    stdout: 'pipe',
    stderr: 'pipe',
  });
  running = child;
  const minutes = step.limitMinutes ?? LIMIT_MINUTES;
  const limit = setTimeout(() => {
    process.stdout.write(`${step.name}: still running after ${minutes} min; ended\n`);
    child.kill('SIGKILL');
  }, minutes * 60_000);
  const output = Promise.all([
    tee(child.stdout, process.stdout),
    tee(child.stderr, process.stdout),
  ]);
  const code = await child.exited;
  clearTimeout(limit);
  // A grandchild that outlived the step may hold the pipe; its words are not waited for long.
  const text = await Promise.race([output, Bun.sleep(5000).then(() => [''])]);
  const seconds = (performance.now() - start) / 1000;
  const counts = judge(step, code, text.join('\n'));
  process.stdout.write(`── ${step.name}: ${verdict(counts)} in ${seconds.toFixed(1)} s ──\n`);
  const failures =
    counts.failed > 0 ? [`ended with ${child.signalCode ?? code}`, ...failureLines(text)] : [];
  return { name: step.name, seconds, counts, failures };
};

export const verdict = (counts: Counts): string =>
  counts.failed > 0
    ? `${counts.failed} FAILED, ${counts.passed} passed`
    : `${counts.passed} passed${counts.skipped > 0 ? `, ${counts.skipped} skipped` : ''}`;
