/** What the log of a run tells of itself: its order, and what it left out. */
import { readFileSync } from 'node:fs';

interface Line {
  readonly event?: string;
  readonly fzMade?: number;
  readonly lost?: number;
  readonly monoMs?: number;
  readonly pid?: number;
  readonly suppressed?: number;
}

/** Lines that are whole; a full disk may have cut some. */
export const readLog = (path: string): Line[] =>
  readFileSync(path, 'utf8')
    .split('\n')
    .flatMap((line) => {
      try {
        return [JSON.parse(line) as Line];
      } catch {
        return [];
      }
    });

export interface LogVerdict {
  readonly written: number;
  readonly lost: number;
  /** Of the storm: written and left out. */
  readonly stormLines: number;
  readonly faults: readonly string[];
}

const sum = (values: readonly (number | undefined)[]): number =>
  values.reduce<number>((all, value) => all + (value ?? 0), 0);

export const judgeLog = (lines: readonly Line[]): LogVerdict => {
  const storm = lines.filter(({ event }) => event === 'storm');
  const latest = new Map<number, number>();
  let backwards = 0;
  for (const { monoMs = 0, pid = 0 } of lines) {
    if (monoMs < (latest.get(pid) ?? 0)) backwards += 1;
    latest.set(pid, monoMs);
  }
  return {
    written: lines.length,
    lost: sum(lines.map(({ lost }) => lost)),
    stormLines:
      storm.filter(({ fzMade }) => fzMade !== undefined).length +
      sum(storm.map(({ suppressed }) => suppressed)),
    faults: backwards > 0 ? [`${backwards} lines are not in their order`] : [],
  };
};
