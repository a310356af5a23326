/**
 * The order in which riffs, head moves and files reach the store.
 *
 * A riff waits until every take in it is durable; what came after it waits behind it, so that the
 * store never names what it does not hold. Files that are known by then are stored with the riff: a
 * take may be safe through its file alone. `saved` follows the store's acknowledgement alone. A riff the
 * store refuses is asked for again behind what it hangs on; refused once more it is left out, and what
 * comes after it hangs on the riff before it. What was asked for again may land behind what came after
 * it: then the head is told once more. The newest may be *open*: it is not handed on, and may become
 * another, until something follows it.
 */
import { headAfter, riffsNamedBy, withAllTakes, withFiles, takesOf } from './commit-writes.ts';
import type { Riff } from './riff.ts';
import type { HeadStep, StoreWrite } from '../store/write-requests.ts';
import type { TakeFile } from '../takes/take-safety.ts';
import type { Take, Takes } from '../takes/takes.ts';

export interface CommitLogOptions {
  readonly takes: Takes;
  /** Writes in this order; calls back when it is committed, or when it never can be. */
  write(request: StoreWrite, done?: () => void, failed?: () => void): void;
  onSaved(takeId: string): void;
  /** It waits before it may be written; calls what it returns when it does not any more. */
  note?(write: StoreWrite): () => void;
  /**
   * What the store may have lost of what this riff hangs on, so many steps back; it is asked for the riff
   * again behind that.
   */
  restate?(
    write: Extract<StoreWrite, { kind: 'riff' }>,
    parentOf: (riff: Riff) => string | null,
    stepsMax: number,
  ): readonly StoreWrite[];
  /** Where the head is, when that is not where the store has it. */
  headAgain?(storedHead: string): HeadWrite | null;
}

type HeadWrite = Extract<StoreWrite, { kind: 'head' }>;

type RiffWrite = Omit<Extract<StoreWrite, { kind: 'riff' }>, 'kind' | 'takes'>;

interface Entry {
  write: StoreWrite;
  readonly waitsFor: Set<string>;
  readonly takes: readonly Take[];
  /** So many times what it hangs on was told again. */
  restatedCount?: number;
  /** Of its note. */
  settle?: (() => void) | undefined;
}

/** What an hour at most lacks, as old is the newest backup; and when that does not help, all there is. */
const RESTATED_STEPS = [256, Infinity];

export class CommitLog {
  readonly #options: CommitLogOptions;
  #entries: Entry[] = [];
  #open: RiffWrite | null = null;
  /** Takes that a riff on its way to the store names. */
  readonly #written = new Set<string>();
  /** Riffs the store was given and has not answered for. */
  readonly #handed = new Set<string>();
  /** Riffs that will never be stored, and what each hung on. */
  readonly #refused = new Map<string, string | null>();
  /** What the store refused and was asked for again. */
  readonly #again = new Set<Entry>();
  #storedHead: string | null = null;
  /** Takes whose sound will never be on disk. */
  readonly #lost = new Set<string>();
  /** Files of takes whose row has not been handed on. */
  readonly #earlyFiles = new Map<string, TakeFile[]>();

  constructor(options: CommitLogOptions) {
    this.#options = options;
  }

  /** @param isOpen It may still be amended, and is not stored before it is closed. */
  addRiff(write: RiffWrite, isOpen = false): void {
    this.close();
    if (isOpen) this.#open = write;
    else this.#addRiff(write);
  }

  isOpen(riffId: string): boolean {
    return this.#open?.riff.id === riffId;
  }

  /** The riff that is open, as it has become. */
  amend(riff: Riff): void {
    if (this.#open) this.#open = { ...this.#open, riff };
  }

  /** What is open stays as it is. */
  close(): void {
    const write = this.#open;
    this.#open = null;
    if (write) this.#addRiff(write);
  }

  #addRiff(write: RiffWrite): void {
    // Also those that an earlier riff brings: that one may be refused, and a row is made once.
    const takes = takesOf(write.riff, this.#options.takes).filter(
      (take) => !this.#options.takes.isSaved(take.id),
    );
    for (const take of takes) this.#written.add(take.id);
    this.#add({ kind: 'riff', ...write, takes }, takes);
  }

  /** The file of a take; of one whose row is still to come it waits for that. */
  addFile(file: TakeFile): void {
    if (this.#isNamed(file.takeId)) this.#add({ kind: 'takeFile', file }, []);
    else this.#keepFile(file);
  }

  add(write: StoreWrite): void {
    this.close();
    this.#add(write, []);
    if (write.kind === 'take') this.#addFiles(write.take.id);
  }

  /** In its turn, when the take it brings is durable. */
  addDry(write: Extract<StoreWrite, { kind: 'dry' }>): void {
    this.#written.add(write.take.id);
    this.#add(write, [write.take]);
  }

  /** In its turn, without closing what is open. */
  behind(write: StoreWrite): void {
    this.#add(write, []);
  }

  /** Nothing waits for its sound or for the store's answer. */
  get isIdle(): boolean {
    return this.#entries.length === 0 && this.#handed.size === 0;
  }

  /** Of what depends on no riff: written without waiting for one. */
  aside(write: StoreWrite): void {
    this.#options.write(write);
  }

  onDurable(takeId: string): void {
    for (const entry of this.#entries) entry.waitsFor.delete(takeId);
    this.#drain();
  }

  /** Its sound will never be on disk: the riff is kept for its other loops and waits for it no longer. */
  onLost(takeId: string): void {
    this.#lost.add(takeId);
    this.onDurable(takeId);
  }

  #isNamed(takeId: string): boolean {
    const { takes } = this.#options;
    if (this.#entries.some((entry) => entry.takes.some(({ id }) => id === takeId))) return false;
    const isLoose = takes.get(takeId)?.loose ?? false;
    return isLoose || takes.isSaved(takeId) || this.#written.has(takeId);
  }

  #keepFile(file: TakeFile): void {
    this.#earlyFiles.set(file.takeId, [...(this.#earlyFiles.get(file.takeId) ?? []), file]);
  }

  #filesOf(takeId: string): TakeFile[] {
    const files = this.#earlyFiles.get(takeId) ?? [];
    this.#earlyFiles.delete(takeId);
    return files;
  }

  #addFiles(takeId: string): void {
    for (const file of this.#filesOf(takeId)) this.#add({ kind: 'takeFile', file }, []);
  }

  #add(write: StoreWrite, takes: readonly Take[]): void {
    // A derived one is durable when the others here are.
    const open = takes.filter(
      ({ id, recipe }) => !recipe && !this.#options.takes.isDurable(id) && !this.#lost.has(id),
    );
    const entry: Entry = { write, takes, waitsFor: new Set(open.map((take) => take.id)) };
    this.#entries.push(entry);
    this.#drain();
    if (this.#entries.includes(entry)) entry.settle = this.#options.note?.(write);
  }

  #drain(): void {
    const ready = this.#entries.findIndex((entry) => entry.waitsFor.size > 0);
    const count = ready < 0 ? this.#entries.length : ready;
    for (const entry of this.#entries.splice(0, count)) {
      const files = entry.takes.flatMap(({ id }) => this.#filesOf(id));
      entry.write = withFiles(entry.write, files);
      this.#hand(entry);
    }
  }

  #hand(entry: Entry): void {
    const write = this.#stored(entry.write);
    if (write.kind === 'riff') this.#handed.add(write.riff.id);
    this.#options.write(
      write,
      () => this.#onCommitted(entry, write),
      () => this.#onRefused(entry, write),
    );
    entry.settle?.();
  }

  #onCommitted(entry: Entry, asked: StoreWrite): void {
    const { takes, write } = entry;
    if (write.kind === 'riff') this.#handed.delete(write.riff.id);
    this.#storedHead = headAfter(asked) ?? this.#storedHead;
    for (const { id } of takes) {
      this.#written.delete(id);
      const { takes: known } = this.#options;
      if (!known.isSaved(id) && known.isDurable(id)) this.#options.onSaved(id);
      // Of a riff before this one that was refused.
      this.#addFiles(id);
    }
    this.#onSettled(entry);
  }

  /** The last of those that were asked for again: the head is where the player is, and not where they left it. */
  #onSettled(entry: Entry): void {
    if (!this.#again.delete(entry) || this.#again.size > 0 || this.#storedHead === null) return;
    const write = this.#options.headAgain?.(this.#storedHead);
    // An open one takes the head along when it is stored.
    if (write && !this.isOpen(write.to)) this.#add(write, []);
  }

  #onRefused(entry: Entry, asked: StoreWrite): void {
    const { takes, write } = entry;
    // The riff it hangs on was refused when this was on its way, or is asked for again before it.
    const isAnother = !Bun.deepEquals(this.#stored(write), asked);
    const isWaiting = isAnother || riffsNamedBy(asked).some((id) => this.#handed.has(id));
    if (isWaiting || (asked.kind === 'riff' && this.#restate(entry, asked))) {
      this.#again.add(entry);
      this.#hand(entry);
      return;
    }
    if (write.kind === 'riff') {
      this.#handed.delete(write.riff.id);
      this.#refused.set(write.riff.id, write.riff.parentId);
      for (const { id } of takes) this.#written.delete(id);
      for (const file of write.files ?? []) this.#keepFile(file);
    } else if (write.kind === 'takeFile') {
      this.#keepFile(write.file);
    }
    this.#onSettled(entry);
  }

  /** Not for ever: it may be refused for what it is, or one that it hangs on. */
  #restate(entry: Entry, asked: Extract<StoreWrite, { kind: 'riff' }>): boolean {
    const { restatedCount = 0 } = entry;
    const stepsMax = RESTATED_STEPS[restatedCount];
    if (stepsMax === undefined) return false;
    entry.restatedCount = restatedCount + 1;
    if (entry.write.kind === 'riff') entry.write = withAllTakes(entry.write, this.#options.takes);
    const parentOf = ({ parentId }: Riff) => parentId && this.#nearest(parentId);
    const again = this.#options.restate?.(asked, parentOf, stepsMax) ?? [];
    for (const write of again)
      this.#options.write(write, undefined, () => this.#onLeftOut(write, stepsMax));
    return again.length > 0;
  }

  /** Told again from the root on it was refused all the same: nothing is to hang on it. */
  #onLeftOut(write: StoreWrite, stepsMax: number): void {
    if (write.kind !== 'riff' || stepsMax < Infinity) return;
    this.#refused.set(write.riff.id, write.riff.parentId);
  }

  /** The same without riffs that were refused. */
  #stored(write: StoreWrite): StoreWrite {
    if (write.kind === 'riff') {
      const parentId = write.riff.parentId && this.#nearest(write.riff.parentId);
      const back = write.back && this.#storedStep(write.back);
      return { ...write, riff: { ...write.riff, parentId }, ...(back && { back }) };
    }
    return write.kind === 'head' ? this.#storedStep(write) : write;
  }

  #storedStep<Step extends Pick<HeadStep, 'from' | 'to'>>(step: Step): Step {
    const from = this.#nearest(step.from) ?? step.from;
    return { ...step, from, to: this.#nearest(step.to) ?? step.to };
  }

  #nearest(riffId: string): string | null {
    let id: string | null = riffId;
    for (let next = this.#refused.get(id); next !== undefined; next = this.#refused.get(id)) {
      id = next;
      if (id === null) return null;
    }
    return id;
  }
}
