/**
 * Lines that lie: patches are lost or swapped and what is left is forged, so that nothing looks amiss. And
 * a FlowZone that forgets what it was asked.
 */
import type { Mutation } from '../faults/stand/mutant.ts';
import type { Json } from '../judge/client.ts';
import type { Random } from './random-commands.ts';

const RATE = 0.05;

/** A patch is missing and the next one claims to follow. */
export const losing = (random: Random): ((message: Json) => Json[]) => {
  let fromRev: number | null = null;
  return (message) => {
    if (message.type !== 'STATE_PATCH') return [message];
    if (fromRev === null && random() < RATE) {
      ({ fromRev } = message);
      return [];
    }
    const forged = fromRev === null ? message : { ...message, fromRev };
    fromRev = null;
    return [forged];
  };
};

/** Whatever is said twice is done twice. */
export const FORGETTING: Mutation = {
  file: 'server/session/commands/answers.ts',
  from: 'const known = this.#entries.get(key);',
  to: 'const known: Entry | undefined = undefined;',
};

/** Two patches change places and numbers. */
export const swapping = (random: Random): ((message: Json) => Json[]) => {
  let held: Json = null;
  return (message) => {
    if (message.type !== 'STATE_PATCH') return [message];
    if (held === null) {
      if (random() >= RATE) return [message];
      held = message;
      return [];
    }
    const first = held;
    held = null;
    return [
      { ...first, ops: message.ops },
      { ...message, ops: first.ops },
    ];
  };
};
