/** The fault rigs in short: a few trials of each row that this machine can try. */
import { afterAll, expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ResultFile } from './result-file.ts';
import { ROWS } from './rows.ts';
import { outcome, runRow } from './run-row.ts';

const ROW_MS_MAX = 120_000;
const folder = mkdtempSync(join(tmpdir(), 'flowzone-faults-'));
afterAll(() => rmSync(folder, { recursive: true }));

for (const row of ROWS) {
  if (row.rig === null || row.short === 0) continue;
  const why = row.rig.missing();
  const isControl = row.kind === 'control';
  const name = `row ${row.id}: ${row.fault}${isControl ? ': found' : ''}${why ? ` (skipped: ${why})` : ''}`;
  test.skipIf(why !== null)(
    name,
    async () => {
      const file = new ResultFile(folder, row, { seed: null, isFresh: true });
      const say = (line: string) => process.stdout.write(`${line}\n`);
      const result = await runRow(row, file, { trials: row.short, mayGoOn: () => true, say });
      const faults = result.trials.flatMap((trial) => trial.faults);
      if (!isControl) expect(faults).toEqual([]);
      expect(outcome(result)).toBe('kept');
    },
    ROW_MS_MAX,
  );
}
