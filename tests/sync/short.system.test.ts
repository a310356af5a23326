/** The rigs of clients in short; at full length: `bun run test:sync`. */
import { afterAll, expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ResultFile } from '../faults/result-file.ts';
import { outcome, runRow } from '../faults/run-row.ts';
import { SHORT, syncRows } from './rows.ts';

const ROW_MS_MAX = 120_000;
const folder = mkdtempSync(join(tmpdir(), 'flowzone-sync-'));
afterAll(() => rmSync(folder, { recursive: true }));

for (const row of syncRows(SHORT)) {
  if (row.rig === null || row.short === 0) continue;
  const why = row.rig.missing();
  test.skipIf(why !== null)(
    `${row.id}: ${row.fault}${why ? ` (skipped: ${why})` : ''}`,
    async () => {
      const file = new ResultFile(folder, row, { seed: null, isFresh: true });
      const say = (line: string) => process.stdout.write(`${line}\n`);
      const result = await runRow(row, file, { trials: row.short, mayGoOn: () => true, say });
      if (row.kind === 'promise') expect(result.trials.flatMap(({ faults }) => faults)).toEqual([]);
      expect(outcome(result)).toBe('kept');
    },
    ROW_MS_MAX,
  );
}
