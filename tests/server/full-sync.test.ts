import { expect, test } from 'bun:test';
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeDriveFlush, openCalls } from '../../server/full-sync.ts';
import { makeCommitFlush } from '../../server/session/store/database.ts';

const [EIO, ENOTSUP] = [5, 45];

/** A drive that answers so, and what it was asked. */
const drive = (answer: number, lastError = 0) => {
  const asked: number[][] = [];
  let opened = 0;
  const open = () => {
    opened += 1;
    const fcntl = (...call: number[]) => (asked.push(call), answer);
    return { fcntl, lastError: () => lastError };
  };
  return { asked, open, opened: () => opened };
};

test('on a Mac the drive is asked to flush, elsewhere nobody is', () => {
  const { asked, open, opened } = drive(0);
  const flush = makeDriveFlush(true, open);
  flush(7);
  flush(8);
  expect(asked).toEqual([
    [7, 51],
    [8, 51],
  ]);
  expect(opened()).toBe(1);
  const other = drive(0);
  makeDriveFlush(false, other.open)(7);
  expect(other.opened()).toBe(0);
});

test('a drive that fails is an error, a volume that cannot is not', () => {
  expect(() => makeDriveFlush(true, drive(-1, EIO).open)(7)).toThrow('EIO');
  makeDriveFlush(true, drive(-1, ENOTSUP).open)(7);
  makeDriveFlush(true, () => null)(7);
});

test("fcntl of this system's own library is called, and its error is found", () => {
  const isMac = process.platform === 'darwin';
  const calls = isMac
    ? openCalls('/usr/lib/libSystem.B.dylib', '__error')
    : openCalls('libc.so.6', '__errno_location');
  const F_GETFD = 1;
  const EBADF = 9;
  const file = openSync(import.meta.path, 'r');
  // Closed in a child: Bun opens all so.
  expect(calls?.fcntl(file, F_GETFD)).toBe(1);
  closeSync(file);
  expect([calls?.fcntl(-1, F_GETFD), calls?.lastError()]).toEqual([-1, EBADF]);
  expect(openCalls('no such library', 'errno')).toBeNull();
});

test("what was committed is flushed with SQLite's log, or with the file where there is none", () => {
  const folder = mkdtempSync(join(tmpdir(), 'flowzone-flush-'));
  const filename = join(folder, 'flowzone.db');
  const synced: string[] = [];
  const flush = makeCommitFlush(true, (path) => void synced.push(path));
  flush({ filename });
  writeFileSync(`${filename}-wal`, '');
  flush({ filename });
  makeCommitFlush(false, (path) => void synced.push(path))({ filename });
  expect(synced).toEqual([filename, `${filename}-wal`]);
  rmSync(folder, { recursive: true });
});
