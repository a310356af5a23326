/** PANIC: silence at once; ALL also empties every slot, as one step. */
import { COMMAND_KIND } from '../../../protocol/abi.ts';
import type { SessionContext } from '../context.ts';
import type { CoreEvent } from '../core/port.ts';
import { type Handler, steps } from '../commands/plan.ts';
import { LABELS } from '../riffs/riff.ts';
import { commitRiff } from '../riffs/riff-maker.ts';
import { cancelStep, emptyStep } from './clear.ts';
import { recordingSlots } from './slots.ts';
import { playing } from './transport.ts';

const stopped = (context: SessionContext, event: CoreEvent) => playing(context, false)(event);

const silence = { kind: COMMAND_KIND.panic } as const;

/** The transport stands still after it; PLAY or a capture let it be heard again. */
export const panicEngine: Handler<'PANIC'> = {
  inLane: false,
  plan: (_, context) => steps({ record: silence, applied: (event) => stopped(context, event) }),
};

export const panicAll: Handler<'PANIC'> = {
  inLane: true,
  // Silence does not wait for anybody's turn.
  first: () => [silence],
  plan(_, context) {
    const filled = context.loops.flatMap((loop, slot) => (loop ? [slot] : []));
    const list = [
      { record: silence, applied: (event: CoreEvent) => stopped(context, event) },
      ...recordingSlots(context).map(cancelStep),
      ...filled.map((slot) => emptyStep(context, slot)),
    ];
    return {
      ...steps(...list),
      finish() {
        if (filled.length > 0) commitRiff(context, { cause: 'PANIC', label: LABELS.panic() });
      },
      isUnfinished: () => context.loops.some((loop) => loop !== null),
    };
  },
};
