/** The data folder: where it is, that it can be written, and that nobody else has it open. */
import { Database, SQLiteError } from 'bun:sqlite';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ballast, wantsRoom } from './ballast.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** `FLOWZONE_HOME`, else Music on a Mac, else the XDG data folder. */
export const defaultDataFolder = (
  env: Env = process.env,
  platform: NodeJS.Platform = process.platform,
  home: string = homedir(),
): string => {
  if (env['FLOWZONE_HOME']) return env['FLOWZONE_HOME'];
  if (platform === 'darwin') return join(home, 'Music', 'FlowZone');
  return join(env['XDG_DATA_HOME'] || join(home, '.local', 'share'), 'flowzone');
};

const probe = (folder: string): void => {
  const path = join(folder, `.probe-${process.pid}`);
  try {
    writeFileSync(path, 'x', { mode: 0o600 });
  } finally {
    rmSync(path, { force: true });
  }
};

/**
 * Makes it, for its owner alone, and writes a file into it to be sure. Throws when it cannot; a full
 * disk is no reason: FlowZone plays on it, and says so.
 */
export const prepareDataFolder = (folder: string): void => {
  const made = mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (made === undefined && !statSync(folder).isDirectory()) throw new Error('it is not a folder');
  try {
    new Ballast(folder).letting(() => probe(folder));
  } catch (error) {
    if (!wantsRoom(error)) throw error;
  }
};

/** Holds the folder until `release` or the end of the process; null when another one holds it. */
export const lockDataFolder = (folder: string): { release(): void } | null => {
  const path = join(folder, 'lock.db');
  const db = new Database(path, { create: true });
  try {
    db.run('PRAGMA busy_timeout = 0');
    // A lock is all that is wanted of it: on a full disk there is no room for a journal.
    db.run('PRAGMA journal_mode = MEMORY');
    db.run('BEGIN EXCLUSIVE');
  } catch (error) {
    db.close();
    if (error instanceof Error && /locked|busy/i.test(error.message)) return null;
    if (!(error instanceof SQLiteError) || error.code !== 'SQLITE_NOTADB') throw error;
    const says = `${path} is damaged; it holds no music: remove it and start again`;
    throw new Error(says, { cause: error });
  }
  return { release: () => db.close() };
};

/** 16 hex digits that stand for the data folder in names of shared things. */
export const folderTag = (folder: string): string =>
  createHash('sha256').update(folder).digest('hex').slice(0, 16);

/** A Unix socket's path holds little more than 100 bytes. */
const SOCKET_PATH_BYTES_MAX = 100;

/** In the data folder, or in the system's runtime folder when the path would be too long. */
export const prepareRunFolder = (dataFolder: string, env: Env = process.env): string => {
  const inData = join(dataFolder, 'run');
  const isShort = Buffer.byteLength(join(inData, 'link.sock')) < SOCKET_PATH_BYTES_MAX;
  const folder = isShort
    ? inData
    : join(env['XDG_RUNTIME_DIR'] || tmpdir(), `flowzone-${folderTag(dataFolder)}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  chmodSync(folder, 0o700);
  return folder;
};

/** Who runs here, for the next launcher and for a second instance. */
export interface RunFile {
  readonly pid: number;
  readonly url: string | null;
  readonly enginePid: number | null;
  readonly gatewayPid: number | null;
}

const runFile = (folder: string): string => join(folder, 'run.json');

export const writeRunFile = (folder: string, run: RunFile): void => {
  const temporary = `${runFile(folder)}.tmp`;
  writeFileSync(temporary, JSON.stringify(run), { mode: 0o600 });
  renameSync(temporary, runFile(folder));
};

export const readRunFile = (folder: string): RunFile | null => {
  try {
    return JSON.parse(readFileSync(runFile(folder), 'utf8')) as RunFile;
  } catch {
    // None, or torn by a power cut: then nothing of ours runs here any more.
    return null;
  }
};

export const removeRunFile = (folder: string): void => rmSync(runFile(folder), { force: true });
