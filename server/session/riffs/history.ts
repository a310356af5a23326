/**
 * The tree of riffs and where its head is.
 *
 * Nothing is ever removed: UNDO and REDO move the head. REDO goes to the child last left, so that an
 * undone branch stays reachable although another one was begun.
 */
import { LIMITS } from '../../../protocol/limits.ts';
import type { AppState, RiffRow } from '../../../protocol/state.ts';
import { makeFind } from './find-riff.ts';
import { heldRiff } from './held-riff.ts';
import { type DryOf, type Riff, riffRow } from './riff.ts';

export interface RiffPageQuery {
  readonly before?: string;
  readonly limit: number;
  readonly marked?: boolean;
  readonly q?: string;
  /** What slots are called now: riffs are found by that too. */
  readonly nameOf?: (slot: number) => string;
}

/** Of the head: what it left and where it went. */
export interface HeadWay {
  readonly from: string | null;
  readonly to: string;
}

/** So many riffs are looked at for one page. */
export const LOOKED_AT_MAX = 8000;

export class History {
  readonly #riffs = new Map<string, Riff>();
  /** In the order of making. */
  readonly #bySeq: Riff[] = [];
  readonly #redoChild = new Map<string, string>();
  readonly #newestChild = new Map<string, string>();
  /** What stars are called, by riff. */
  readonly #marks = new Map<string, string>();
  /** Those that the view showed last. */
  #newestRows = new Map<Riff, RiffRow>();
  readonly #dryOf: DryOf;
  readonly root: Riff;
  #head: Riff;

  /** @param dryOf Asked whenever rows are shown. */
  constructor(root: Riff, dryOf: DryOf = () => undefined) {
    this.#dryOf = dryOf;
    this.root = root;
    this.#head = root;
    this.#insert(root);
  }

  get head(): Riff {
    return this.#head;
  }

  get count(): number {
    return this.#bySeq.length;
  }

  get nextSeq(): number {
    return (this.#bySeq.at(-1)?.seq ?? -1) + 1;
  }

  /** The riff made last of those for which `isIt` holds. */
  newestWhere(isIt: (riff: Riff) => boolean): Riff | undefined {
    return this.#bySeq.findLast(isIt);
  }

  /** The riffs made last, at most so many. */
  last(count: number): readonly Riff[] {
    return this.#bySeq.slice(-count);
  }

  get(id: string): Riff | undefined {
    return this.#riffs.get(id);
  }

  /** The new head, a child of the old. */
  add(riff: Riff): void {
    this.#insert(riff);
    this.moveTo(riff.id);
  }

  /** The head as it has become, which nothing has followed yet. */
  amendHead(amended: Riff): void {
    const riff = heldRiff(amended, this.#parentOf(amended));
    this.#riffs.set(riff.id, riff);
    this.#bySeq[this.#bySeq.lastIndexOf(this.#head)] = riff;
    this.#head = riff;
  }

  /** A riff that was stored before: the head stays. */
  restore(riff: Riff): void {
    this.#insert(riff);
  }

  undoTarget(): Riff | undefined {
    return this.#parentOf(this.#head);
  }

  redoTarget(): Riff | undefined {
    return this.#redoOf(this.#head);
  }

  /** Every ancestor of the riff that is left leads back to it. */
  moveTo(id: string): void {
    const target = this.#riffs.get(id);
    if (!target) throw new RangeError(`no riff ${id}`);
    if (this.#parentOf(this.#head) === target) {
      this.#redoChild.set(target.id, this.#head.id);
    } else if (this.#parentOf(target) === this.#head) {
      this.#redoChild.set(this.#head.id, target.id);
    } else {
      for (
        let riff = this.#head, up = this.#parentOf(riff);
        up;
        riff = up, up = this.#parentOf(up)
      ) {
        this.#redoChild.set(up.id, riff.id);
      }
    }
    this.#head = target;
  }

  /**
   * As if the head of a fresh tree had gone these ways, the oldest first.
   *
   * From the newest back, so that a way that was overwritten later is never gone: what leads up from
   * a set place is set already, and all moves together cost no more than the tree.
   */
  replay(moves: readonly HeadWay[]): void {
    for (const { from, to } of moves.toReversed()) {
      const [left, target] = [this.#riffs.get(from ?? ''), this.#riffs.get(to)];
      if (!left || !target) continue;
      let riff = target.parentId === left.id ? target : left;
      for (let up = this.#parentOf(riff); up && !this.#redoChild.has(up.id); ) {
        this.#redoChild.set(up.id, riff.id);
        riff = up;
        up = this.#parentOf(up);
      }
    }
    const last = moves.findLast(({ to }) => this.#riffs.has(to));
    this.#head = this.#riffs.get(last?.to ?? '') ?? this.#head;
  }

  view(): AppState['history'] {
    const redo = this.redoTarget();
    const canUndo = this.undoTarget() !== undefined;
    return {
      head: this.#head.id,
      count: this.count,
      canUndo,
      undoLabel: canUndo ? this.#head.label : null,
      undoSlot: canUndo ? this.#head.slot : null,
      canRedo: redo !== undefined,
      redoLabel: redo?.label ?? null,
      redoSlot: redo?.slot ?? null,
      redoIds: this.#redoIds(),
      newest: this.#newest(),
    };
  }

  /** Newest first; `next` is the `before` of the following page. A page may be empty and not the last. */
  page(query: RiffPageQuery): { items: RiffRow[]; next: string | null } {
    const from = query.before === undefined ? undefined : this.#riffs.get(query.before)?.seq;
    if (query.before !== undefined && from === undefined) return { items: [], next: null };
    const isLike = this.#finder(query);
    const items: RiffRow[] = [];
    const top = this.#indexBelow(from);
    for (let index = top; index >= 0; index -= 1) {
      const riff = this.#bySeq[index];
      // A search that finds little costs no other command more than a few milliseconds.
      if (top - index === LOOKED_AT_MAX) return { items, next: this.#bySeq[index + 1]?.id ?? null };
      if (!riff || !isLike(riff)) continue;
      if (items.length === query.limit) return { items, next: items.at(-1)?.id ?? null };
      items.push(this.#rowOf(riff));
    }
    return { items, next: null };
  }

  /** Of a riff that is there; null takes it off. */
  setMark(riffId: string, label: string | null): void {
    if (label === null) this.#marks.delete(riffId);
    else if (this.#riffs.has(riffId)) this.#marks.set(riffId, label);
  }

  #finder({ marked, nameOf = () => '', q = '' }: RiffPageQuery): (riff: Riff) => boolean {
    const isLike = makeFind(q, { slot: nameOf, mark: (id) => this.#marks.get(id) });
    const isWanted = ({ id }: Riff) => marked === undefined || marked === this.#marks.has(id);
    return (riff) => isWanted(riff) && (q === '' || isLike(riff));
  }

  #rowOf(riff: Riff): RiffRow {
    return riffRow(riff, this.#dryOf, this.#marks.get(riff.id));
  }

  #insert(riff: Riff): void {
    if (this.#riffs.has(riff.id)) return;
    const held = heldRiff(riff, this.#parentOf(riff));
    this.#riffs.set(held.id, held);
    this.#bySeq.push(held);
    if (riff.parentId !== null) this.#newestChild.set(riff.parentId, riff.id);
  }

  #indexBelow(seq: number | undefined): number {
    if (seq === undefined) return this.#bySeq.length - 1;
    return this.#bySeq.findLastIndex((riff) => riff.seq < seq);
  }

  #parentOf(riff: Riff): Riff | undefined {
    return riff.parentId === null ? undefined : this.#riffs.get(riff.parentId);
  }

  #redoOf(riff: Riff): Riff | undefined {
    const child = this.#redoChild.get(riff.id) ?? this.#newestChild.get(riff.id);
    return child === undefined ? undefined : this.#riffs.get(child);
  }

  #redoIds(): string[] {
    const ids: string[] = [];
    let riff = this.#redoOf(this.#head);
    while (riff && ids.length < LIMITS.historyNewest) {
      ids.push(riff.id);
      riff = this.#redoOf(riff);
    }
    return ids;
  }

  /** A dry side comes after its riff; a star comes and goes. */
  #isAsShown({ id, mark, marked, slots }: RiffRow): boolean {
    const label = this.#marks.get(id);
    if (marked !== (label !== undefined) || (mark ?? '') !== (label ?? '')) return false;
    return slots.every(({ dryTakeId, takeId }) => dryTakeId === this.#dryOf(takeId));
  }

  /** The same row object for the same riff, so that unchanged rows make no patch. */
  #newest(): RiffRow[] {
    const newest = this.#bySeq.slice(-LIMITS.historyNewest).toReversed();
    const known = this.#newestRows;
    this.#newestRows = new Map(
      newest.map((riff) => {
        const row = known.get(riff);
        return [riff, row && this.#isAsShown(row) ? row : this.#rowOf(riff)];
      }),
    );
    return [...this.#newestRows.values()];
  }
}
