/** How late sound is: on its way into the engine, and on its way to the player's ear. */
import { COMMAND_KIND } from '../../../protocol/abi.ts';
import type { AppState } from '../../../protocol/state.ts';
import type { ChainKeeper } from '../chains/chain-keeper.ts';
import type { SessionContext } from '../context.ts';
import { type Step, type Steps, steps } from '../commands/plan.ts';

type Rate = Pick<SessionContext, 'rateHz'>;
type Devices = AppState['devices'];
type Delays = Pick<Devices, 'latencyMs' | 'outputLatencyMs' | 'trimMs'>;

export const framesOf = ({ rateHz }: Rate, ms: number): number => Math.round((ms * rateHz) / 1000);

export const msOf = ({ rateHz }: Rate, frames: number): number => (frames * 1000) / rateHz;

/** Of sound that is heard directly: the latency and the trim, but never before it was played. */
const directFrames = (rate: Rate, { latencyMs, trimMs }: Delays): number =>
  Math.max(0, framesOf(rate, latencyMs) + framesOf(rate, trimMs));

/**
 * How much later than on the grid a source's sound lies in the ring: not at all where the player hears
 * it through the engine, or where it is played inside it; else also by what the plug-ins before the ring
 * take. The core's own rule.
 */
export const lateFrames = (
  context: Rate & Pick<SessionContext, 'state'> & { chains: Pick<ChainKeeper, 'lateFrames'> },
  source = 0,
): number => {
  const { chains, state } = context;
  const { devices, sources } = state;
  const heardOf = (index: number) => sources[index]?.monitor ?? false;
  const isInTime = devices.kind === 'headless' || (heardOf(0) && heardOf(source));
  if (isInTime) return 0;
  return directFrames(context, devices) + (source === 0 ? chains.lateFrames('input') : 0);
};

export interface Latency {
  /** Sound reaches the ring so much later than its place on the grid. */
  readonly frames: number;
  /** The player hears the engine so much later. */
  readonly outputFrames: number;
}

export interface Trim {
  /** What the player adds to the latency; negative takes from it. */
  readonly trimFrames: number;
}

interface DeviceAtRate {
  readonly device: string;
  readonly rateHz: number;
  readonly blockFrames: number;
}

/** As it was measured for a device at a rate and block; kept for all sessions. */
export type LatencyProfile = DeviceAtRate & Latency;

/** As the player set it, whether or not the latency was measured; kept beside it. */
export type LatencyTrim = DeviceAtRate & Trim;

export const deviceAtRate = ({ devices }: Pick<AppState, 'devices'>): DeviceAtRate => {
  const { blockFrames, name: device, rateHz } = devices;
  return { device, rateHz, blockFrames };
};

type Change = Partial<Latency & Trim>;

const recordOf = (rate: Rate, delays: Delays) => ({
  kind: COMMAND_KIND.latency,
  a: directFrames(rate, delays),
  b: framesOf(rate, delays.outputLatencyMs),
});

/** From its frame on, presses and windows are corrected by this; what is left out stays. */
export const latencyStep = (context: SessionContext, change: Change): Step => {
  const { frames, outputFrames, trimFrames } = change;
  const changed: Partial<Devices> = {
    ...(frames !== undefined && { latencyMs: msOf(context, frames), isMeasured: true }),
    ...(outputFrames !== undefined && { outputLatencyMs: msOf(context, outputFrames) }),
    ...(trimFrames !== undefined && { trimMs: msOf(context, trimFrames) }),
  };
  return {
    record: recordOf(context, { ...context.state.devices, ...changed }),
    applied() {
      context.apply({ t: 'devices', devices: { ...context.state.devices, ...changed } });
    },
  };
};

/** As a command: told again when what it was planned with has changed before it took effect. */
export const latencySteps = (context: SessionContext, change: Change): Steps => {
  const step = latencyStep(context, change);
  return {
    ...steps(step),
    isUnfinished() {
      const { a, b } = recordOf(context, context.state.devices);
      return step.record.a !== a || step.record.b !== b;
    },
  };
};
