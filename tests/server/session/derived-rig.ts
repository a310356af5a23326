/** What tests of derived loops ask of a session, and how they look at what the core was told. */
import type { LoopBars } from '../../../protocol/limits.ts';
import type { TriggerResult } from '../../../protocol/messages.ts';
import { idOfWords } from '../../../server/session/core/ids.ts';
import type { CoreCommand } from '../../../server/session/core/port.ts';
import type { Rig } from './rig.ts';
import { BAR_FRAMES } from './core-event.ts';

export const undo = { cmd: 'UNDO', scope: 'SESSION' } as const;
export const redo = { cmd: 'REDO', scope: 'SESSION' } as const;

export const press = (slot: number | 'auto', bars: LoopBars = 4, mode?: 'overdub') =>
  ({ cmd: 'TRIGGER_SLOT', slot, bars, quantized: true, ...(mode && { mode }) }) as const;

/** A capture one bar later than what came before, so that no two have the same window. */
export const capture = async (
  rig: Rig,
  slot: number | 'auto',
  bars: LoopBars = 4,
  mode?: 'overdub',
): Promise<string> => {
  rig.core.frame += BAR_FRAMES;
  const answer = await rig.ask(press(slot, bars, mode));
  if (answer.type !== 'OK') throw new Error(JSON.stringify(answer));
  return (answer.result as TriggerResult).takeId;
};

/** Every record the core is sent from now on, oldest first. */
export const watch = (rig: Rig): CoreCommand[] => {
  const seen: CoreCommand[] = [];
  const { send } = rig.core;
  rig.core.send = (commands) => {
    seen.push(...commands);
    return send.call(rig.core, commands);
  };
  return seen;
};

/** What the core plays in a slot, as an id. */
export const sounding = (rig: Rig, slot: number): string | undefined => {
  const words = rig.core.slots.get(slot);
  return words === undefined ? undefined : idOfWords(words.split(',').map(Number));
};

/** The parts of the render that made this sound, with ids as ids. */
export const partsOf = (rig: Rig, soundId: string | undefined) => {
  const made = rig.core.rendered.find(({ recipe }) => idOfWords(recipe.id) === soundId);
  if (!made) throw new Error(`${soundId} was not rendered`);
  return made.parts.map((part) => ({ ...part, id: idOfWords(part.id) }));
};
