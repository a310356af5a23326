/**
 * A riff as memory holds it: what it plays as its parent does is held once for both.
 *
 * A capture changes one slot of many, and a riff is never forgotten.
 */
import {
  chainOfSlot,
  type Riff,
  type RiffLoop,
  type RiffSlot,
  sameChain,
  sameMix,
} from './riff.ts';

const heldLoop = (loop: RiffLoop | null, older: RiffLoop | null): RiffLoop | null =>
  loop?.takeId === older?.takeId && Bun.deepEquals(loop, older, true) ? older : loop;

const heldSlot = (slot: RiffSlot, older: RiffSlot | undefined): RiffSlot => {
  if (!older) return slot;
  const loop = heldLoop(slot.loop, older.loop);
  const isSameChain = sameChain(chainOfSlot(slot), chainOfSlot(older));
  if (loop === older.loop && isSameChain && sameMix(slot, older)) return older;
  return loop === slot.loop ? slot : { ...slot, loop };
};

/** Equal to `riff`; shares with `parent` whatever is equal in both. */
export const heldRiff = (riff: Riff, parent: Riff | undefined): Riff => {
  if (!parent) return riff;
  const { meter } = parent;
  const isSameMeter = riff.meter.beats === meter.beats && riff.meter.unit === meter.unit;
  return {
    ...riff,
    ...(isSameMeter && { meter }),
    slots: riff.slots.map((slot, index) => heldSlot(slot, parent.slots[index])),
  };
};
