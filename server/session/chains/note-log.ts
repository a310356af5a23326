/** Keys of instruments, by frame: what a take of that time is told to hold. */
import { LIMITS } from '../../../protocol/limits.ts';
import type { TakeNote } from '../../../protocol/link.ts';

/** More than anybody plays in the time that a press can reach back. */
const COUNT_MAX = 20_000;

/** Frames are those of the run. */
export class NoteLog {
  #notes: TakeNote[] = [];

  add(note: TakeNote, rateHz: number): void {
    this.#notes.push(note);
    const oldest = note.frame - 2 * LIMITS.ringSecondsMin * rateHz;
    const first = this.#notes[0]?.frame ?? 0;
    if (this.#notes.length <= COUNT_MAX && first >= oldest) return;
    this.#notes = this.#notes.filter(({ frame }) => frame >= oldest).slice(-COUNT_MAX);
  }

  /**
   * Keys of these instruments that are heard in a range, in order; those that were down before it go
   * down at its start.
   *
   * @param late By instrument: how much later than its key it is heard.
   */
  heard(
    { fromFrame, toFrame }: { readonly fromFrame: number; readonly toFrame: number },
    late: ReadonlyMap<string, number>,
  ): TakeNote[] {
    const down = new Map<string, TakeNote>();
    const inside: TakeNote[] = [];
    for (const each of this.#notes) {
      const frames = late.get(each.instanceId);
      if (frames === undefined) continue;
      const heard = { ...each, frame: each.frame + frames - fromFrame };
      const key = `${each.instanceId}:${each.note}`;
      if (heard.frame >= toFrame - fromFrame) continue;
      if (heard.frame >= 0) inside.push(heard);
      else if (each.on) down.set(key, { ...heard, frame: 0 });
      else down.delete(key);
    }
    return [...down.values(), ...inside].toSorted((a, b) => a.frame - b.frame);
  }
}
