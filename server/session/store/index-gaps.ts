/**
 * Gaps that only the index beside a recording names: FlowCore syncs its line before the sound behind the
 * gap counts, and a power cut may come before the row. Without it the gap's silence would pass for sound.
 */
import type { Database } from 'bun:sqlite';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { GAP_REASON } from '../../../protocol/abi.ts';
import { SECOND } from '../../segment-names.ts';
import { segmentsOf, spoolRuns, without } from '../runs/spool-files.ts';
import { readGaps } from './past.ts';
import type { Gap } from './stored.ts';
import type { StoreWrite } from './write-requests.ts';

type GapWrite = Extract<StoreWrite, { kind: 'gap' }>;

/** As FlowCore writes it, and before it had a check; what is torn, has changed, or is another line, is none. */
const LINE = /^\{("gap":(\d{1,15}),"frames":(\d{1,15}))(?:,"check":(\d{1,10}))?\}$/;

const gapOf = (line: string): Gap[] => {
  const [, fields = '', from, frames, check] = LINE.exec(line) ?? [];
  if (check !== undefined && Number(check) !== crc32(fields)) return [];
  const fromFrame = Number(from);
  return frames === undefined ? [] : [{ fromFrame, toFrame: fromFrame + Number(frames) }];
};

const linesOf = (path: string): string[] => {
  try {
    return readFileSync(path, 'utf8').split('\n');
  } catch {
    return [];
  }
};

/** Of both folders of a run, in any order. */
const indexedGaps = (runFolder: string): Gap[] =>
  [runFolder, join(runFolder, SECOND)].flatMap((folder) =>
    linesOf(join(folder, 'index.jsonl')).flatMap(gapOf),
  );

/** Of each what is in none of the others and not known. */
const fresh = (gaps: readonly Gap[], known: readonly Gap[]): Gap[] => {
  const held = [...known];
  return gaps.flatMap((gap) => {
    const left = gap.toFrame > gap.fromFrame ? without([gap], held) : [];
    held.push(...left);
    return left;
  });
};

/** Of frames that no file holds nothing can be taken for sound, whatever a line says. */
const withinFiles = (gaps: readonly Gap[], spoolFolder: string, runId: string): Gap[] => {
  const segments = segmentsOf(spoolFolder, runId);
  const start = Math.min(...segments.map(({ firstFrame }) => firstFrame));
  const end = Math.max(...segments.map(({ toFrame }) => toFrame));
  return gaps.map(({ fromFrame, toFrame }) => ({
    fromFrame: Math.max(fromFrame, start),
    toFrame: Math.min(toFrame, end),
  }));
};

const missingOf = (db: Database, spoolFolder: string, runId: string): GapWrite[] => {
  const known = readGaps(db, runId);
  const indexed = fresh(indexedGaps(join(spoolFolder, runId)), known);
  if (indexed.length === 0) return [];
  const reason = GAP_REASON.diskStalled;
  return fresh(withinFiles(indexed, spoolFolder, runId), known).map((gap) => ({
    kind: 'gap',
    runId,
    ...gap,
    reason,
  }));
};

/**
 * What the table lacks of runs that did not end in order; nothing of what it has.
 *
 * @param isAll Also of those that did: rows of them may have been lost with the database's file.
 */
export const missingGaps = (db: Database, spoolFolder: string, isAll: boolean): GapWrite[] => {
  const open = db.query('SELECT id FROM run WHERE ended_ms IS NULL OR ?').all(isAll ? 1 : 0) as {
    id: string;
  }[];
  const known = new Set(open.map(({ id }) => id));
  return spoolRuns(spoolFolder)
    .filter((runId) => known.has(runId))
    .flatMap((runId) => missingOf(db, spoolFolder, runId));
};
