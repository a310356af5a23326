/** A spool of tiny segments on a real disk and a real store, with a clock and a disk of its own. */
import type { Database } from 'bun:sqlite';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { SECOND } from '../../../server/segment-names.ts';
import { wavHeader } from '../../../server/wav-header.ts';
import type { Pin } from '../../../server/session/retention/plan.ts';
import type { DiskFigures } from '../../../server/session/retention/disks.ts';
import { forget, type RemovalFiles } from '../../../server/session/retention/forget.ts';
import { type DoomedSegment, spoolUse } from '../../../server/session/retention/sweep.ts';
import { segmentsOf } from '../../../server/session/runs/spool-files.ts';
import { openDatabase } from '../../../server/session/store/database.ts';
import { insertSession } from '../../../server/session/store/sessions.ts';
import { write } from '../../../server/session/store/write.ts';
import { makeTake } from './samples.ts';

/** A frame is a second, so that ages are easy to think in. */
export const RATE_HZ = 1;
export const SEGMENT_FRAMES = 60;
export const HOUR = 3600;
export const ROOMY: DiskFigures = { freeBytes: 1e12, diskBytes: 2e12 };
export const FULL: DiskFigures = { freeBytes: 1e6, diskBytes: 2e12 };
const CHANNELS = 2;
/** No power is cut here: what is synced need not last. */
const MEMORY = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

export class SpoolRig {
  readonly folder = mkdtempSync(join(MEMORY, 'fz-retention-'));
  readonly spool = join(this.folder, 'spool');
  db = this.#open();
  nowMs = 10_000_000_000;
  newestFrame = 0;
  runId = '';
  /** What a sweep sees of the store; controls leave something out. */
  seen = (db: Database): Database => db;
  disk = ROOMY;
  /** The second folders lie on another. */
  secondDisk = ROOMY;
  /** What the session says is needed. */
  pins: Pin[] = [];
  isClockTrusted = true;
  #takes = 0;
  #runs = 0;

  constructor() {
    mkdirSync(this.spool);
    insertSession(this.db, { id: 's', name: 'S' }, 1);
    this.beginRun();
  }

  /** As after a crash: what was committed is there. */
  reopen(): void {
    this.db.close();
    this.db = this.#open();
  }

  end(): void {
    this.db.close();
    rmSync(this.folder, { recursive: true });
  }

  beginRun(): void {
    this.#runs += 1;
    this.runId = this.#runs.toString(16).padStart(32, '0');
    this.newestFrame = 0;
    mkdirSync(join(this.spool, this.runId));
    const run = { runId: this.runId, sessionId: 's', rateHz: RATE_HZ } as const;
    write(this.db, { kind: 'beginRun', ...run, atMs: this.nowMs, gridShift: 0 });
  }

  /** Sound comes in, in whole segments. */
  play(segments: number): void {
    for (let count = 0; count < segments; count += 1) {
      const first = this.newestFrame;
      this.newestFrame += SEGMENT_FRAMES;
      this.nowMs += 1000 * SEGMENT_FRAMES;
      this.#writeSegment(this.pathOf(this.runId, first));
      const segment = { runId: this.runId, firstFrame: first, toFrame: null, crc: null };
      write(this.db, { kind: 'segment', ...segment });
    }
  }

  /** A run's recording goes on in another folder; the first of its segments is there. */
  moveFirst(runId: string): string {
    const second = join(this.folder, 'second', runId);
    mkdirSync(second, { recursive: true });
    symlinkSync(second, join(this.spool, runId, SECOND));
    const path = this.pathOf(runId, 0);
    renameSync(path, join(second, basename(path)));
    return second;
  }

  /** As after a failed sync: another file holds the same frames, and counts. */
  writeAgain(firstFrame: number): void {
    this.#writeSegment(this.pathOf(this.runId, firstFrame).replace('.wav', '-1.wav'));
  }

  pathOf(runId: string, firstFrame: number): string {
    return join(this.spool, runId, `seg-${String(firstFrame).padStart(12, '0')}.wav`);
  }

  /** A take row, without files; a bar of it is ten frames. */
  take(
    runId: string,
    fromFrame: number,
    toFrame: number,
    { loose = false, sessionId = 's', source = 0 } = {},
  ): string {
    this.#takes += 1;
    const id = `take-${this.#takes}`;
    const frames = { fromFrame, toFrame, framesPerBeat: 10, lengthBeats: 1, bars: 1 };
    const take = {
      ...makeTake(id),
      ...frames,
      runId,
      source,
      rateHz: RATE_HZ,
      loose,
      createdMs: this.nowMs,
    };
    write(this.db, { kind: 'take', sessionId, take });
    return id;
  }

  file(takeId: string, part: 'window' | 'rolls'): void {
    const file = { takeId, part, sha256: `${takeId}${part}`, bytes: 7, preFrames: 10 };
    write(this.db, { kind: 'takeFile', file });
  }

  look(pins: readonly Pin[] = this.pins) {
    const { isClockTrusted, newestFrame, nowMs, runId } = this;
    const db = this.seen(this.db);
    return spoolUse(
      db,
      this.spool,
      { runId, newestFrame, nowMs, pins, isClockTrusted },
      (folder) =>
        basename(folder) === SECOND
          ? { device: 2, ...this.secondDisk }
          : { device: 1, ...this.disk },
    );
  }

  forget(segments: readonly DoomedSegment[], files?: RemovalFiles): number {
    return forget(this.seen(this.db), segments, this, files);
  }

  /** Looks and removes until nothing has to go. */
  sweep(): void {
    for (let { doomed } = this.look(); doomed.length > 0; { doomed } = this.look()) {
      this.forget(doomed);
    }
  }

  /** First frames of what is left of a run. */
  left(runId = this.runId): number[] {
    return segmentsOf(this.spool, runId).map(({ firstFrame }) => firstFrame);
  }

  /** Of the segments from one up to another, as `left` tells them. */
  firstFrames(from: number, to: number): number[] {
    return Array.from({ length: to - from }, (_, at) => (from + at) * SEGMENT_FRAMES);
  }

  hasFolder(runId: string): boolean {
    return existsSync(join(this.spool, runId));
  }

  #writeSegment(path: string): void {
    const bytes = Buffer.alloc(58 + SEGMENT_FRAMES * CHANNELS * 4);
    bytes.set(wavHeader(SEGMENT_FRAMES, 48_000, CHANNELS));
    writeFileSync(path, bytes);
    utimesSync(path, this.nowMs / 1000, this.nowMs / 1000);
  }

  #open(): Database {
    const db = openDatabase(join(this.folder, 'flowzone.db'));
    db.run('PRAGMA synchronous = OFF');
    return db;
  }
}

/** A test on a rig of its own. */
export const withRig = (run: (rig: SpoolRig) => void) => () => {
  const rig = new SpoolRig();
  try {
    run(rig);
  } finally {
    rig.end();
  }
};
