/**
 * Writes that the store has not acknowledged, where the next engine finds them.
 *
 * The nearer file is in memory that outlives the process: a kill costs nothing that was asked for. While the
 * store fails all that waits is in the farther one too, synced: when the disk with the data folder dies and
 * the recording goes on in the second folder, the loops made of it are there as well.
 */
import { closeSync, ftruncateSync, openSync, rmSync, writeSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { storeSynced } from '../../synced-files.ts';
import { lineOfWaiting } from './read-waiting.ts';
import type { StoreWrite } from './write-requests.ts';

/** Null = nowhere. */
export interface WaitingPlaces {
  readonly near: string | null;
  readonly far: string | null;
}

export interface WaitingOptions {
  readonly places: WaitingPlaces;
  /** A place took nothing; told once for each. */
  onTrouble(why: string): void;
  /** Writes a file whole and synced, beside the event loop. */
  readonly store?: (path: string, text: string) => Promise<void>;
}

/** More than that is a disk that has stood still for hours. */
const BYTES_MAX = 64 * 1024 * 1024;

export class WaitingWrites {
  readonly #options: WaitingOptions;
  readonly #told = new Set<string>();
  #near: number | null = null;
  #count = 0;
  #byteCount = 0;
  /** What the nearer file holds. */
  #lines: string[] = [];
  #hasBegun = false;
  #isFailing = false;
  #hasFar = false;
  #isStoring = false;
  #isStale = false;

  constructor(options: WaitingOptions) {
    this.#options = options;
  }

  /** What an engine before this one left is in the store, or waits here: from now on the files are this one's. */
  begin(): void {
    const { far, near } = this.#options.places;
    this.#hasBegun = true;
    if (near !== null) {
      this.#try(near, () => {
        // Another's file of that name is not written through; and after each emptying it begins at its start.
        rmSync(near, { force: true });
        this.#near = openSync(near, 'ax', 0o600);
        if (this.#lines.length > 0) writeSync(this.#near, this.#lines.join(''));
      });
    }
    this.#hasFar = far !== null;
    this.#storeFar();
  }

  /**
   * @param isHeld It waits for something before it may be asked for.
   * @returns To be called once, when it need not be known any more.
   */
  note(write: StoreWrite, isHeld = false): () => void {
    this.#count += 1;
    this.#add(lineOfWaiting(write, isHeld));
    return () => {
      this.#count -= 1;
      if (this.#count === 0) this.#clear();
    };
  }

  setFailing(isFailing: boolean): void {
    this.#isFailing = isFailing;
    this.#storeFar();
  }

  /** What still waits stays in the files. */
  close(): void {
    if (this.#near !== null) closeSync(this.#near);
    this.#near = null;
    if (this.#count > 0 || this.#options.places.near === null) return;
    rmSync(this.#options.places.near, { force: true });
  }

  #add(line: string): void {
    if (this.#byteCount + line.length > BYTES_MAX) return;
    this.#byteCount += line.length;
    this.#lines.push(line);
    this.#writeNear((near) => writeSync(near, line));
    this.#storeFar();
  }

  #clear(): void {
    this.#lines = [];
    this.#byteCount = 0;
    this.#writeNear((near) => {
      ftruncateSync(near, 0);
    });
    this.#storeFar();
  }

  #writeNear(write: (near: number) => void): void {
    const near = this.#near;
    if (near !== null) this.#try(String(this.#options.places.near), () => write(near));
  }

  /** One at a time; what changed meanwhile is stored after it. */
  #storeFar(): void {
    const { far } = this.#options.places;
    if (far === null || !this.#hasBegun || (!this.#isFailing && !this.#hasFar)) return;
    if (this.#isStoring) {
      this.#isStale = true;
      return;
    }
    this.#isStoring = true;
    this.#hasFar = this.#isFailing && this.#lines.length > 0;
    const { store = storeSynced } = this.#options;
    const stored = this.#hasFar ? store(far, this.#lines.join('')) : rm(far, { force: true });
    void stored
      .catch((error: unknown) => this.#tell(far, error))
      .finally(() => {
        this.#isStoring = false;
        const isStale = this.#isStale;
        this.#isStale = false;
        if (isStale) this.#storeFar();
      });
  }

  #try(place: string, act: () => void): void {
    try {
      act();
    } catch (error) {
      this.#tell(place, error);
    }
  }

  #tell(place: string, error: unknown): void {
    if (this.#told.has(place)) return;
    this.#told.add(place);
    this.#options.onTrouble(String(error));
  }
}
