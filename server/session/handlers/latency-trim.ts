/** SET_LATENCY_TRIM: the player moves what he captures against the beat, as he hears it. */
import { deviceAtRate, framesOf, latencySteps } from '../time/latency.ts';
import type { Handler } from '../commands/plan.ts';

export const setLatencyTrim: Handler<'SET_LATENCY_TRIM'> = {
  inLane: false,
  plan({ trimMs }, context) {
    const trimFrames = framesOf(context, trimMs);
    return {
      ...latencySteps(context, { trimFrames }),
      finish() {
        context.log.aside({
          kind: 'latencyTrim',
          trim: { ...deviceAtRate(context.state), trimFrames },
        });
        return { trimMs: context.state.devices.trimMs };
      },
    };
  },
};
