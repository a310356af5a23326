/** How late sound is: on its way into the engine, and on its way to the player's ear. */
import { COMMAND_KIND } from '../../protocol/abi.ts';
import type { SessionContext } from './context.ts';
import type { Step } from './plan.ts';

export const framesOf = ({ rateHz }: Pick<SessionContext, 'rateHz'>, ms: number): number =>
  Math.round((ms * rateHz) / 1000);

export const msOf = ({ rateHz }: Pick<SessionContext, 'rateHz'>, frames: number): number =>
  (frames * 1000) / rateHz;

/**
 * How much later than on the grid a source's sound lies in the ring: not at all where the player hears
 * it through the engine, or where it is played inside it. The core's own rule.
 */
export const lateFrames = (
  context: Pick<SessionContext, 'rateHz' | 'state'>,
  source = 0,
): number => {
  const { devices, sources } = context.state;
  const heardOf = (index: number) => sources[index]?.monitor ?? false;
  const isInTime = devices.kind === 'headless' || (heardOf(0) && heardOf(source));
  return isInTime ? 0 : framesOf(context, devices.latencyMs);
};

export interface Latency {
  /** Sound reaches the ring so much later than its place on the grid. */
  readonly frames: number;
  /** The player hears the engine so much later. */
  readonly outputFrames: number;
}

/** As it was measured for a device at a rate and block; kept for all sessions. */
export interface LatencyProfile extends Latency {
  readonly device: string;
  readonly rateHz: number;
  readonly blockFrames: number;
}

/** From its frame on, presses and windows are corrected by this. */
export const latencyStep = (context: SessionContext, latency: Latency): Step => ({
  record: { kind: COMMAND_KIND.latency, a: latency.frames, b: latency.outputFrames },
  applied() {
    const devices = {
      ...context.state.devices,
      latencyMs: msOf(context, latency.frames),
      outputLatencyMs: msOf(context, latency.outputFrames),
    };
    context.apply({ t: 'devices', devices });
  },
});
