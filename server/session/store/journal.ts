/**
 * Every committed write as a line beside the database, in the order of the commits.
 *
 * The database alone is what survives a power cut; the journal is not synced. It is for a database
 * that cannot be read: its last backup and the lines after that are all that was committed. A line is
 * the CRC of what follows, the number of the commit and the write; what is torn or changed is left
 * out and shows as a missing number.
 */
import { appendFileSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolder } from '../../make-folder.ts';
import { bodyOfLine, checkedLine } from './checked-line.ts';
import type { CommittedWrite, StoreWrite } from './write-requests.ts';

/** Then another file is begun, so that old ones can go. */
const LINES_MAX = 4096;
const DIGITS = 16;
const NAME = /^(\d{16})\.jsonl$/;

const journalFolder = (dataFolder: string): string => join(dataFolder, 'journal');

/** Oldest first; a file is named by the first commit it may hold. */
const filesIn = (dataFolder: string): { readonly path: string; readonly firstSeq: number }[] => {
  const folder = journalFolder(dataFolder);
  makeFolder(folder);
  return readdirSync(folder)
    .flatMap((name) => {
      const digits = NAME.exec(name)?.[1];
      return digits ? [{ path: join(folder, name), firstSeq: Number(digits) }] : [];
    })
    .toSorted((a, b) => a.firstSeq - b.firstSeq);
};

const lineOf = (text: string): CommittedWrite | null => {
  const body = bodyOfLine(text);
  if (body === null) return null;
  const space = body.indexOf(' ');
  return { seq: Number(body.slice(0, space)), write: JSON.parse(body.slice(space + 1)) };
};

export interface ReadJournal {
  readonly lines: readonly CommittedWrite[];
  /** The number that the last line must have had, when that line cannot be read; else 0. */
  readonly tornSeq: number;
}

/** What was committed after this number, as far as it can be read. */
export const readJournal = (dataFolder: string, afterSeq: number): ReadJournal => {
  const files = filesIn(dataFolder);
  const wanted = files.filter((_, at) => (files[at + 1]?.firstSeq ?? Infinity) > afterSeq + 1);
  const found = new Map<number, CommittedWrite>();
  let tornSeq = 0;
  for (const { firstSeq, path } of wanted) {
    let nextSeq = firstSeq;
    for (const text of readFileSync(path, 'utf8').split('\n').slice(1)) {
      const line = lineOf(text);
      tornSeq = line ? 0 : nextSeq;
      if (!line) continue;
      nextSeq = line.seq + 1;
      // Of two with one number the later one stands in the database that was gone on with.
      if (line.seq > afterSeq) found.set(line.seq, line);
    }
  }
  return { lines: [...found.values()].toSorted((a, b) => a.seq - b.seq), tornSeq };
};

/** Removes what a database of this number holds. */
export const shortenJournal = (dataFolder: string, heldSeq: number): void => {
  const files = filesIn(dataFolder);
  for (const [at, { path }] of files.entries()) {
    const next = files[at + 1];
    if (next && next.firstSeq <= heldSeq + 1) rmSync(path);
  }
};

export class Journal {
  readonly #folder: string;
  #path: string | null = null;
  #lineCount = 0;
  /** What could not be appended, the oldest first: while the folder is away commits go on. */
  #owed: string[] = [];

  constructor(dataFolder: string) {
    this.#folder = journalFolder(dataFolder);
    makeFolder(this.#folder);
  }

  /** Throws when the disk takes nothing: the commit is valid all the same, and its line comes with the next. */
  add(seq: number, write: StoreWrite): void {
    if (this.#lineCount >= LINES_MAX) this.#path = null;
    if (this.#path === null) {
      this.#path = join(this.#folder, `${String(seq).padStart(DIGITS, '0')}.jsonl`);
      this.#lineCount = 0;
    }
    const body = `${seq} ${JSON.stringify(write)}`;
    // The line before may have been torn by a full disk.
    this.#owed = [...this.#owed.slice(1 - LINES_MAX), `\n${checkedLine(body)}`];
    appendFileSync(this.#path, this.#owed.join(''), { mode: 0o600 });
    this.#lineCount += this.#owed.length;
    this.#owed = [];
  }
}
