/**
 * The one bun:sqlite connection, off the main thread.
 *
 * Does one request after the other in the order they were posted and answers each. A write is
 * answered when it is committed, which with `synchronous=FULL` means that it survives a power cut.
 */
import type { Database } from 'bun:sqlite';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { openDatabase } from './store-database.ts';
import {
  isRead,
  type OpenedStore,
  type StoreAnswer,
  type StoreQuestion,
  type StoreRead,
  type StoreRequest,
} from './store-port.ts';
import { readPast } from './store-past.ts';
import { openSession, read } from './store-read.ts';
import { write } from './store-write.ts';

declare const self: Worker;

let db: Database | null = null;
let dataFolder = '';

const FOLDERS = ['audio', 'spool', 'logs'];

const open = (request: Extract<StoreRead, { kind: 'open' }>): OpenedStore => {
  for (const folder of FOLDERS) {
    mkdirSync(join(request.dataFolder, folder), { recursive: true, mode: 0o700 });
  }
  ({ dataFolder } = request);
  db?.close();
  db = openDatabase(join(request.dataFolder, 'flowzone.db'));
  const { version } = db.query('SELECT sqlite_version() AS version').get() as { version: string };
  return { sqliteVersion: version, ...openSession(db, request) };
};

const answer = (request: StoreRequest): unknown => {
  if (request.kind === 'open') return open(request);
  if (!db) throw new Error('the store is not open');
  if (request.kind === 'close') {
    db.close();
    db = null;
    return null;
  }
  if (request.kind === 'past') return readPast(db, join(dataFolder, 'spool'));
  if (isRead(request)) return read(db, request);
  write(db, request);
  return null;
};

/** The same request will never succeed; others (disk full, busy) may later. */
const isPermanent = (error: unknown): boolean =>
  error instanceof Error && /constraint|written once|datatype|no such/i.test(error.message);

self.addEventListener('message', ({ data }: MessageEvent<StoreQuestion>) => {
  const { seq, request } = data;
  let reply: StoreAnswer;
  try {
    reply = { seq, value: answer(request) };
  } catch (error) {
    const isOwn = error instanceof Error && error.name === 'Error';
    const says = isOwn ? error.message : String(error);
    reply = { seq, error: says, isPermanent: isPermanent(error) };
  }
  // Nothing is transferred: rows are small and copied.
  self.postMessage(reply, []);
});
