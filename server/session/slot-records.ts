/** The records that say what a slot plays, and how it keeps time. */
import { COMMAND_FLAGS, COMMAND_KIND } from '../../protocol/abi.ts';
import type { SessionContext } from './context.ts';
import { wordsOfId } from './core/ids.ts';
import type { Record } from './commands/plan.ts';
import type { RiffLoop } from './riffs/riff.ts';

/** Where the loop lies on the grid, as this sound of it. */
const placed = ({ sounds }: SessionContext, loop: RiffLoop, soundId: string) => ({
  a: loop.originBeat,
  b: loop.lengthBeats,
  c: sounds.offsetFrames(soundId, loop),
  id: wordsOfId(soundId),
});

/** The slot plays the loop; a recording that waits in it is forgotten. */
export const setRecord = (
  context: SessionContext,
  slot: number,
  loop: RiffLoop,
  soundId: string = loop.takeId,
): Record => ({ kind: COMMAND_KIND.slotSet, slot, ...placed(context, loop, soundId) });

/** The loop goes on as another sound of it, unless the slot plays something else than `playing`. */
export const swapRecord = (
  context: SessionContext,
  slot: number,
  loop: RiffLoop,
  soundId: string,
  playing: string,
): Record => ({
  kind: COMMAND_KIND.slotSwap,
  slot,
  ...placed(context, loop, soundId),
  other: wordsOfId(playing),
});

/** The slot plays nothing. */
export const emptyRecord = (slot: number): Record => ({
  kind: COMMAND_KIND.slotSet,
  slot,
  id: [0, 0, 0, 0],
});

/** From now on the loop keeps its own speed, or is back on the grid. */
export const freeRecord = (slot: number, isFree: boolean): Record => ({
  kind: COMMAND_KIND.slotFree,
  slot,
  flags: isFree ? COMMAND_FLAGS.on : 0,
});
