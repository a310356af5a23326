/**
 * One round through all that is kept: the session file, the takes' files, and files nobody knows.
 *
 * It only reads, at a bounded pace, and tells what it finds; what follows from it is written by the
 * one who writes.
 */
import { Database } from 'bun:sqlite';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { LIMITS } from '../../../protocol/limits.ts';
import { databasePath } from '../store/mend.ts';
import { checkSeals } from '../store/seals.ts';
import { IS_TAKE_NEEDED } from '../store/trash.ts';
import { lookAt, type Pace } from './audio-file.ts';
import type { FoundFile, KeeperNews } from './keeper-port.ts';

export interface RoundParts {
  readonly dataFolder: string;
  readonly nowMs: number;
  tell(news: KeeperNews): void;
  /** After each file: how many of how many. */
  onProgress(checked: number, files: number): void;
  rest(ms: number): Promise<void>;
}

/** A file this young may be on its way into the store. */
const YOUNG_MS = 600_000;
const SEALS_REST_MS = 20;
const AUDIO_NAME = /^([0-9a-f]{64})\.wav$/;

interface FileRow {
  readonly sha256: string;
  /** Takes whose window it is, joined by commas; empty when it is none. */
  readonly windows: string;
  /** 0 = of a session that was removed: where it is does not matter. */
  readonly isNeeded: number;
}

const pathOf = ({ dataFolder }: RoundParts, sha256: string): string =>
  join(dataFolder, 'audio', `${sha256}.wav`);

const paceOf =
  ({ rest }: RoundParts): Pace =>
  (bytes) =>
    rest((bytes * 1000) / LIMITS.keeperBytesPerSecond);

const withDatabase = async <T>(
  { dataFolder }: RoundParts,
  act: (db: Database) => Promise<T> | T,
): Promise<T> => {
  const db = new Database(databasePath(dataFolder), { readonly: true });
  try {
    return await act(db);
  } finally {
    db.close();
  }
};

/** Pages and indices, then every riff against its seal. */
const checkDatabase = (parts: RoundParts): Promise<void> =>
  withDatabase(parts, async (db) => {
    const found = db.query('PRAGMA integrity_check(1)').get() as { integrity_check: string };
    const broken: string[] = [];
    for (const page of checkSeals(db)) {
      broken.push(...page.broken);
      await parts.rest(SEALS_REST_MS);
    }
    const isIntact = found.integrity_check === 'ok';
    const why = isIntact
      ? broken.length === 0
        ? ''
        : `riffs that are not what was written: ${broken.slice(0, 8).join(', ')}`
      : found.integrity_check;
    parts.tell({ t: 'file', isWhole: why === '', why });
  });

const filesOf = (db: Database): FileRow[] =>
  db
    .query(
      `SELECT sha256, coalesce(group_concat(CASE part WHEN 'window' THEN take_id END), '') AS windows,
       max(${IS_TAKE_NEEDED}) AS isNeeded FROM take_file JOIN take ON take.id = take_id
       GROUP BY sha256 ORDER BY min(take_file.rowid)`,
    )
    .all() as FileRow[];

const tellTakes = (parts: RoundParts, { windows }: FileRow, isDamaged: boolean): void => {
  for (const takeId of windows.split(',')) {
    if (takeId !== '') parts.tell({ t: 'take', takeId, isDamaged });
  }
};

const checkFile = async (parts: RoundParts, row: FileRow): Promise<void> => {
  const file = await lookAt(pathOf(parts, row.sha256), row.sha256, paceOf(parts));
  tellTakes(parts, row, !file?.isNamedByContents);
};

/** Either way: a clock that was ahead dates files into the future. */
const isOld = (path: string, nowMs: number): boolean => {
  const { mtimeMs = nowMs } = statSync(path, { throwIfNoEntry: false }) ?? {};
  return Math.abs(nowMs - mtimeMs) > YOUNG_MS;
};

/** In `audio`, old enough, and named as ours are. */
const unknownIn = (parts: RoundParts, known: ReadonlySet<string>): string[] =>
  readdirSync(join(parts.dataFolder, 'audio'))
    .flatMap((name) => AUDIO_NAME.exec(name)?.[1] ?? [])
    .filter((sha256) => !known.has(sha256) && isOld(pathOf(parts, sha256), parts.nowMs))
    .toSorted();

const lookAtUnknown = async (parts: RoundParts, sha256s: readonly string[]): Promise<void> => {
  const found: FoundFile[] = [];
  const torn: string[] = [];
  const tellFound = () => {
    if (found.length > 0) parts.tell({ t: 'found', files: found.splice(0) });
  };
  for (const sha256 of sha256s) {
    const file = await lookAt(pathOf(parts, sha256), sha256, paceOf(parts));
    if (!file) continue;
    if (!file.isNamedByContents) torn.push(sha256);
    else if (file.rateHz > 0 && file.frames > 0) found.push({ ...file, sha256 });
    if (found.length === LIMITS.slotCountMin) tellFound();
  }
  tellFound();
  if (torn.length > 0) parts.tell({ t: 'torn', sha256s: torn });
};

export const goRound = async (parts: RoundParts): Promise<void> => {
  await checkDatabase(parts);
  const known = await withDatabase(parts, filesOf);
  const unknown = unknownIn(parts, new Set(known.map(({ sha256 }) => sha256)));
  const files = known.filter(({ isNeeded }) => isNeeded === 1);
  for (const row of known) if (row.isNeeded === 0) tellTakes(parts, row, false);
  // A missing file is told at once, not when its turn comes.
  const missing = files.filter(
    ({ sha256 }) => !statSync(pathOf(parts, sha256), { throwIfNoEntry: false }),
  );
  for (const file of missing) await checkFile(parts, file);
  await lookAtUnknown(parts, unknown);
  for (const [at, file] of files.entries()) {
    await checkFile(parts, file);
    parts.onProgress(at + 1, files.length);
  }
};
