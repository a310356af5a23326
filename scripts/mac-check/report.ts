/** Runs the checks one after the other and writes down what was seen. */
import type { Check, Tools, Verdict } from './checks.ts';

export interface Result extends Verdict {
  readonly step: string;
  readonly expect: string;
  readonly seconds: number;
}

/** A check that throws has failed; the others are made all the same. */
export const runChecks = async (
  checks: readonly Check[],
  tools: Tools,
  say: (line: string) => void,
): Promise<Result[]> => {
  const results: Result[] = [];
  for (const { step, expect, check } of checks) {
    say(`… ${step}`);
    const startMs = performance.now();
    const verdict = await check(tools).catch((error: unknown) => ({
      isRight: false,
      saw: String(error),
    }));
    const seconds = (performance.now() - startMs) / 1000;
    results.push({ step, expect, seconds, ...verdict });
    say(`${mark(verdict)} ${step}, ${seconds.toFixed(1)} s`);
  }
  return results;
};

const mark = ({ isRight }: Verdict) => {
  if (isRight === null) return 'READ ';
  return isRight ? 'right' : 'WRONG';
};

export const reportOf = (results: readonly Result[]): string => {
  const wrong = results.filter(({ isRight }) => isRight === false).length;
  const sections = results.map(
    (result) =>
      `## ${mark(result)} ${result.step}\n\nExpected: ${result.expect}. ${result.seconds.toFixed(1)} s\n\n\`\`\`\n${result.saw}\n\`\`\`\n`,
  );
  return `# What this Mac says\n\n${results.length} checks, ${wrong} wrong. The steps that need ears and hands are in MAC-CHECK.md.\n\n${sections.join('\n')}`;
};
