/** The outage rigs in short: a few trials of some rows. */
import { afterAll, expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ResultFile } from '../faults/result-file.ts';
import { runRow } from '../faults/run-row.ts';
import { ROWS } from './rows.ts';

const ROW_MS_MAX = 180_000;
const folder = mkdtempSync(join(tmpdir(), 'flowzone-outages-'));
afterAll(() => rmSync(folder, { recursive: true }));

for (const row of ROWS) {
  if (row.rig === null || row.short === 0) continue;
  const why = row.rig.missing();
  test.skipIf(why !== null)(
    `${row.id}: ${row.fault}${why ? ` (skipped: ${why})` : ''}`,
    async () => {
      const file = new ResultFile(folder, row, { seed: null, isFresh: true });
      const say = (line: string) => process.stdout.write(`${line}\n`);
      const { trials } = await runRow(row, file, { trials: row.short, mayGoOn: () => true, say });
      expect(trials.flatMap(({ faults }) => faults)).toEqual([]);
      expect(trials).toHaveLength(row.short);
    },
    ROW_MS_MAX,
  );
}
