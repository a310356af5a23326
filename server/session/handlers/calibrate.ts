/** CALIBRATE_LATENCY: clicks go out, the input hears them, and from then on captures are corrected. */
import { COMMAND_KIND } from '../../../protocol/abi.ts';
import type { CommandOf } from '../../../protocol/commands.ts';
import { deviceAtRate, type Latency, latencySteps } from '../time/latency.ts';
import { type Handler, steps } from '../commands/plan.ts';

/** What was measured for a command whose correction is still to be told to the core. */
const measured = new WeakMap<CommandOf<'CALIBRATE_LATENCY'>, Latency>();

export const calibrateLatency: Handler<'CALIBRATE_LATENCY'> = {
  inLane: false,
  plan(command, context) {
    const latency = measured.get(command);
    if (!latency) {
      return {
        ...steps({
          record: { kind: COMMAND_KIND.calibrate },
          applied: ({ value, value2 }) =>
            void measured.set(command, { frames: value, outputFrames: value2 }),
        }),
        isUnfinished: () => true,
      };
    }
    return {
      ...latencySteps(context, latency),
      finish() {
        const { latencyMs, outputLatencyMs } = context.state.devices;
        context.log.aside({
          kind: 'latency',
          profile: { ...deviceAtRate(context.state), ...latency },
        });
        return { latencyMs, outputLatencyMs };
      },
    };
  },
};
