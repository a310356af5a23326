/** What `bun run test:faults -- --help` prints: how to call it, and every row with its promise. */
import type { Row } from './row.ts';

const HEAD = `bun run test:faults -- [OPTIONS]

Breaks disks, kills processes and cuts the power while FlowZone plays, and judges what is left. Linux, as root.

  --row ID        only this row, such as '16 wal'; a number alone means all its rows; may be given again
  --short         the few trials that npm test runs; kept nowhere, unless --results says where
  --trials N      so many trials of each row instead of its own number
  --minutes N     begins no trial later than that (90)
  --seed N        of the first trial; the next ones count on (the day, as a number)
  --fresh         begins anew instead of going on where the results end
  --results DIR   where results are kept (tests/faults/results, of which RELIABILITY.md is made)
  --help          this text

Exit code 1: a promise was broken, a control was not found, or a row broke off.
`;

const lineOf = ({ fault, finds, full, id, promise, short }: Row): string => {
  const wanted = finds === undefined ? promise : `to be found by: ${finds.join(', or ')}`;
  const times = `${full} ${full === 1 ? 'trial' : 'trials'}, ${short} in short`;
  return `  ${id.padEnd(13)} ${fault}\n${' '.repeat(16)}→ ${wanted} (${times})\n`;
};

export const usageText = (rows: readonly Row[]): string => {
  const of = (kind: Row['kind']) => rows.filter((row) => row.kind === kind).map(lineOf);
  return [HEAD, '\nPromises:\n\n', ...of('promise'), '\nControls:\n\n', ...of('control')].join('');
};
