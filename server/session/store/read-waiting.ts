/** The files of writes that waited when an engine ended: what they hold, line by line. */
import { appendFileSync, lstatSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolder } from '../../make-folder.ts';
import { bodyOfLine, checkedLine } from './checked-line.ts';
import type { WaitingPlaces } from './waiting-writes.ts';
import type { StoreWrite } from './write-requests.ts';

export interface WaitingLine {
  readonly write: StoreWrite;
  /** It waited for sound, or behind what did. */
  readonly isHeld: boolean;
}

export interface LeftWrites {
  /** To be asked for again, in this order. */
  readonly lines: readonly WaitingLine[];
  /** Of captures that waited for their sound: the session that was open when they were pressed. */
  readonly pressedIn: ReadonlyMap<string, string>;
}

export const lineOfWaiting = (write: StoreWrite, isHeld: boolean): string =>
  `${checkedLine(`${isHeld ? 'h' : 'w'} ${JSON.stringify(write)}`)}\n`;

const readLine = (text: string): WaitingLine[] => {
  const body = bodyOfLine(text);
  if (body === null) return [];
  return [{ write: JSON.parse(body.slice(2)) as StoreWrite, isHeld: body.startsWith('h') }];
};

/** Nothing when there is none, or when it is of somebody else. */
const readLines = (path: string | null): WaitingLine[] => {
  if (path === null) return [];
  try {
    const found = lstatSync(path);
    if (!found.isFile() || found.uid !== process.getuid?.()) return [];
    return readFileSync(path, 'utf8').split('\n').flatMap(readLine);
  } catch {
    return [];
  }
};

/** What engines before this one left: of the farther place first, for that may be of an earlier day. */
export const readWaiting = ({ far, near }: WaitingPlaces): LeftWrites => {
  const lines = [...readLines(far), ...readLines(near)];
  const pressedIn = new Map<string, string>();
  for (const { isHeld, write } of lines) {
    if (!isHeld || write.kind !== 'riff') continue;
    for (const { id } of write.takes) {
      // Riffs of other sessions may name it later.
      if (!pressedIn.has(id)) pressedIn.set(id, write.sessionId);
    }
  }
  return { lines, pressedIn };
};

/** What hangs on something that nobody has: it is not thrown away. */
export const keepRefused = (dataFolder: string, refused: readonly StoreWrite[]): void => {
  if (refused.length === 0) return;
  const folder = join(dataFolder, 'aside');
  makeFolder(folder);
  const text = refused.map((write) => lineOfWaiting(write, false)).join('');
  appendFileSync(join(folder, 'refused-writes.jsonl'), text, { mode: 0o600 });
};
