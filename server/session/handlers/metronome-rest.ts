/** A metronome in standby counts the player in: it goes off by itself when a loop begins to sound. */
import type { SessionContext } from '../context.ts';
import type { Dispatcher } from '../commands/dispatcher.ts';
import { metronomeStep } from './transport.ts';
import { steps } from '../commands/plan.ts';

export const restMetronome = (context: SessionContext, dispatcher: Dispatcher): void => {
  const { gainDb, on, standby } = context.state.transport.metronome;
  if (!on || !standby) return;
  dispatcher.run({
    inLane: false,
    atFrame: 0,
    isFarAhead: false,
    loadMsMax: 0,
    isPartial: false,
    first: [],
    plan: () => steps(metronomeStep(context, { on: false, gainDb, standby })),
    ok: () => undefined,
    // It is asked to go with the next loop again.
    fail: () => undefined,
  });
};
