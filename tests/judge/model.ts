/**
 * The judge's own small model of a session: volumes, mutes, solos, slots and the head of the history.
 * Written from the design, importing nothing of the product.
 */
import type { Json } from './client.ts';

interface ModelSlot {
  take: string | null;
  volume: number;
  muted: boolean;
  soloed: boolean;
}

interface ModelRiff {
  parent: number | null;
  redo: number | null;
  slots: ModelSlot[];
}

const copyOf = (slots: readonly ModelSlot[]): ModelSlot[] => slots.map((slot) => ({ ...slot }));

export class SessionModel {
  readonly slots: ModelSlot[];
  private readonly riffs: ModelRiff[];
  private head = 0;

  constructor(slotCount: number) {
    this.slots = Array.from({ length: slotCount }, () => ({
      take: null,
      volume: 1,
      muted: false,
      soloed: false,
    }));
    this.riffs = [{ parent: null, redo: null, slots: copyOf(this.slots) }];
  }

  get depth(): number {
    let depth = 0;
    for (
      let at = this.riffs[this.head]?.parent ?? null;
      at !== null;
      at = this.riffs[at]?.parent ?? null
    )
      depth += 1;
    return depth;
  }

  get canUndo(): boolean {
    return this.riffs[this.head]?.parent !== null;
  }

  get canRedo(): boolean {
    return this.riffs[this.head]?.redo !== null;
  }

  setVolume(slot: number, value: number): void {
    this.at(slot).volume = value;
  }

  mute(slot: number, muted: boolean): void {
    this.at(slot).muted = muted;
  }

  solo(slot: number, soloed: boolean): void {
    this.at(slot).soloed = soloed;
  }

  /** A capture replaces what the slot holds and unmutes it. */
  capture(slot: number, take: string): void {
    this.at(slot).take = take;
    this.at(slot).muted = false;
    this.commit();
  }

  clear(slot: number): void {
    this.at(slot).take = null;
    this.commit();
  }

  undo(): void {
    const parent = this.riffs[this.head]?.parent;
    if (parent === null || parent === undefined) return;
    const left = this.riffs[parent];
    if (left) left.redo = this.head;
    this.moveTo(parent);
  }

  redo(): void {
    const child = this.riffs[this.head]?.redo;
    if (child !== null && child !== undefined) this.moveTo(child);
  }

  /** Differences between the model and a state; empty when they agree. */
  differences(state: Json): string[] {
    return this.slots.flatMap((slot, index) => {
      const real = state['slots'][index];
      const anySolo = this.slots.some((other) => other.soloed);
      const audible = !slot.muted && (!anySolo || slot.soloed);
      const wrong = (what: string, want: unknown, got: unknown) =>
        want === got ? [] : [`slot ${index} ${what}: expected ${String(want)}, is ${String(got)}`];
      return [
        ...wrong('take', slot.take, real.takeId),
        ...wrong('volume', slot.volume, real.volume),
        ...wrong('muted', slot.muted, real.muted),
        ...wrong('soloed', slot.soloed, real.soloed),
        ...wrong('audible', audible, real.audible),
      ];
    });
  }

  private at(slot: number): ModelSlot {
    const found = this.slots[slot];
    if (!found) throw new RangeError(`slot ${slot}`);
    return found;
  }

  private commit(): void {
    const parent = this.riffs[this.head];
    this.riffs.push({ parent: this.head, redo: null, slots: copyOf(this.slots) });
    this.head = this.riffs.length - 1;
    if (parent) parent.redo = this.head;
  }

  /** Content follows the riff; the mixer stays, except in a slot that returns from empty. */
  private moveTo(riff: number): void {
    this.head = riff;
    for (const [index, wanted] of (this.riffs[riff]?.slots ?? []).entries()) {
      const slot = this.at(index);
      if (slot.take === null && wanted.take !== null) Object.assign(slot, wanted);
      slot.take = wanted.take;
    }
  }
}
