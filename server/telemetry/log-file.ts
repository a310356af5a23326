/**
 * A log file of one process: five of ten megabytes at most, the oldest goes when another begins.
 *
 * Lines are written beside the event loop, one batch at a time, so that a disk that stands still holds
 * up nobody; `LineWriter` bounds what waits meanwhile. What is owed at the end is written at once.
 */
import { closeSync, fstatSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder } from '../make-folder.ts';
import type { LineSink } from './line-writer.ts';

export interface LogFileOptions {
  readonly folder: string;
  /** Of the process: the newest file is NAME.jsonl, then NAME.1.jsonl and so on. */
  readonly name: string;
  readonly bytesMax?: number;
  readonly filesMax?: number;
}

export const LOG_FILE_BYTES_MAX = 10_000_000;
export const LOG_FILES_MAX = 5;

/** Of a process; 0 = the newest, which has no number. */
export const logFileName = (name: string, index: number): string =>
  `${name}${index === 0 ? '' : `.${index}`}.jsonl`;

interface Waiting {
  readonly text: string;
  done(error?: Error | null): void;
}

/** Not its parents: a data folder that is gone must not come back with nothing but a log in it. */
const FOLDER = { recursive: false, mode: 0o700 } as const;

const passOver = (error: unknown): void => {
  const isThere = error instanceof Error && 'code' in error && error.code === 'EEXIST';
  if (!isThere) throw error;
};

const asError = (error: unknown): Error =>
  error instanceof Error ? error : new Error(String(error));

export class LogFile {
  readonly #folder: string;
  readonly #name: string;
  readonly #bytesMax: number;
  readonly #filesMax: number;
  #file: FileHandle | null = null;
  #bytes = 0;
  #waiting: Waiting[] = [];
  #inFlight: Waiting[] = [];
  #turn: Promise<void> | null = null;

  constructor(options: LogFileOptions) {
    this.#folder = options.folder;
    this.#name = options.name;
    this.#bytesMax = options.bytesMax ?? LOG_FILE_BYTES_MAX;
    this.#filesMax = options.filesMax ?? LOG_FILES_MAX;
  }

  /** For a `LineWriter`; each text is a line or more, whole. */
  readonly sink: LineSink = (text, done) => {
    this.#waiting.push({ text, done });
    this.#turn ??= this.#write();
  };

  /** Resolves when all that was given so far is written or refused. */
  async settle(): Promise<void> {
    while (this.#turn) await this.#turn;
  }

  /** Settles, and lets the file go. */
  async end(): Promise<void> {
    await this.settle();
    await this.#close();
  }

  /** For the last words of a process: what waits is on disk when this returns, as far as it can be. */
  flushNow(): void {
    const owed = [...this.#missing(), ...this.#waiting.splice(0)];
    if (owed.length === 0) return;
    try {
      makeFolder(this.#folder);
      const file = openSync(this.#path(0), 'a', 0o600);
      writeSync(file, owed.map(({ text }) => text).join(''));
      fsyncSync(file);
      closeSync(file);
    } catch {
      // The process ends; stderr has the lines too.
    }
  }

  #path(index: number): string {
    return join(this.#folder, logFileName(this.#name, index));
  }

  async #write(): Promise<void> {
    // What is said in one turn is one write.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      this.#inFlight = this.#batch();
      const bytes = Buffer.from(this.#inFlight.map(({ text }) => text).join(''));
      let failed: Error | null = null;
      try {
        const file = await this.#ready(bytes.length);
        await file.appendFile(bytes);
        this.#bytes += bytes.length;
      } catch (error) {
        failed = asError(error);
        await this.#close();
      }
      for (const { done } of this.#inFlight.splice(0)) done(failed);
    }
    this.#turn = null;
  }

  /** As much as one file takes; a single longer text goes alone. */
  #batch(): Waiting[] {
    let bytes = 0;
    let count = 0;
    for (const { text } of this.#waiting) {
      bytes += Buffer.byteLength(text);
      if (count > 0 && bytes > this.#bytesMax) break;
      count += 1;
    }
    return this.#waiting.splice(0, count);
  }

  async #ready(bytes: number): Promise<FileHandle> {
    const file = this.#file ?? (await this.#open());
    if (this.#bytes === 0 || this.#bytes + bytes <= this.#bytesMax) return file;
    await this.#close();
    await this.#shift();
    return this.#open();
  }

  async #open(): Promise<FileHandle> {
    await mkdir(this.#folder, FOLDER).catch((error: unknown) => passOver(error));
    const file = await open(this.#path(0), 'a', 0o600);
    this.#file = file;
    this.#bytes = (await file.stat()).size;
    return file;
  }

  async #close(): Promise<void> {
    const file = this.#file;
    this.#file = null;
    this.#bytes = 0;
    await file?.close().catch(() => undefined);
  }

  async #shift(): Promise<void> {
    await rm(this.#path(this.#filesMax - 1), { force: true });
    for (let index = this.#filesMax - 2; index >= 0; index -= 1) {
      // A file that is not there leaves a hole, and none the less the next one moves.
      await rename(this.#path(index), this.#path(index + 1)).catch(() => undefined);
    }
  }

  /** Of what is being written: all of it, unless the file has grown by it. */
  #missing(): Waiting[] {
    if (this.#inFlight.length === 0 || this.#file === null) return this.#inFlight;
    try {
      return fstatSync(this.#file.fd).size > this.#bytes ? [] : this.#inFlight;
    } catch {
      return this.#inFlight;
    }
  }
}
