/**
 * The order in which riffs, head moves and files reach the store.
 *
 * A riff waits until every take in it is durable; what came after it waits behind it, so that the
 * store never names what it does not hold. `saved` follows the store's acknowledgement alone.
 */
import type { Riff } from './riff.ts';
import type { StoreWrite } from './store-port.ts';
import type { Take, TakeFile, Takes } from './takes.ts';

export interface CommitLogOptions {
  readonly takes: Takes;
  /** Writes in this order; calls back when it is committed. */
  write(request: StoreWrite, done?: () => void): void;
  onSaved(takeId: string): void;
}

interface Entry {
  readonly write: StoreWrite;
  readonly waitsFor: Set<string>;
  readonly takes: readonly Take[];
}

export class CommitLog {
  readonly #options: CommitLogOptions;
  #entries: Entry[] = [];
  /** Takes whose row was handed to the store already. */
  readonly #written = new Set<string>();
  /** Files of recovered takes whose riff is still to come. */
  readonly #earlyFiles = new Map<string, TakeFile[]>();

  constructor(options: CommitLogOptions) {
    this.#options = options;
  }

  /** Riffs and moves that are not in the store yet. */
  get waitingCount(): number {
    return this.#entries.length;
  }

  addRiff(write: Omit<Extract<StoreWrite, { kind: 'riff' }>, 'kind' | 'takes'>): void {
    const takes = takesOf(write.riff, this.#options.takes).filter(
      (take) => !this.#options.takes.isSaved(take.id) && !this.#written.has(take.id),
    );
    for (const take of takes) this.#written.add(take.id);
    this.#add({ kind: 'riff', ...write, takes }, takes);
    for (const { id } of takes) this.#addEarlyFiles(id);
  }

  /** The file of a take; of one that no riff has named yet it waits for that riff. */
  addFile(file: TakeFile): void {
    if (this.#isNamed(file.takeId)) this.add({ kind: 'takeFile', file });
    else this.#earlyFiles.set(file.takeId, [...(this.#earlyFiles.get(file.takeId) ?? []), file]);
  }

  add(write: StoreWrite): void {
    this.#add(write, []);
  }

  /** Of what depends on no riff: written without waiting for one. */
  aside(write: StoreWrite): void {
    this.#options.write(write);
  }

  onDurable(takeId: string): void {
    for (const entry of this.#entries) entry.waitsFor.delete(takeId);
    this.#drain();
  }

  #isNamed(takeId: string): boolean {
    const { takes } = this.#options;
    const isLoose = takes.get(takeId)?.loose ?? false;
    return isLoose || takes.isSaved(takeId) || this.#written.has(takeId);
  }

  #addEarlyFiles(takeId: string): void {
    for (const file of this.#earlyFiles.get(takeId) ?? []) this.add({ kind: 'takeFile', file });
    this.#earlyFiles.delete(takeId);
  }

  #add(write: StoreWrite, takes: readonly Take[]): void {
    const open = takes.filter((take) => !this.#options.takes.isDurable(take.id));
    this.#entries.push({ write, takes, waitsFor: new Set(open.map((take) => take.id)) });
    this.#drain();
  }

  #drain(): void {
    const ready = this.#entries.findIndex((entry) => entry.waitsFor.size > 0);
    const count = ready < 0 ? this.#entries.length : ready;
    for (const { write, takes } of this.#entries.splice(0, count)) {
      this.#options.write(write, () => {
        for (const take of takes) {
          this.#written.delete(take.id);
          this.#options.onSaved(take.id);
        }
      });
    }
  }
}

const takesOf = (riff: Riff, takes: Takes): Take[] =>
  riff.slots.flatMap(({ loop }) => {
    const take = loop ? takes.get(loop.takeId) : undefined;
    return take ? [take] : [];
  });
