/** The end of the core: what the disk has not taken yet is waited for, for as long as it moves. */
import type { Log } from '../telemetry/log.ts';
import type { EngineStatus, FlowCore } from './flow-core.ts';

export type Books = Pick<
  EngineStatus,
  'framesDurable' | 'framesQueued' | 'framesWritten' | 'sampleRateHz'
>;

export interface DrainOptions {
  readonly core: Pick<FlowCore, 'now' | 'stop'> & { status(): Books };
  readonly log: Log;
  /** After each turn of up to two seconds: there may be events, and who waits for the end shall wait on. */
  onTurn(): void;
}

/** Longer nobody waits for an end; what is left then is the next start's. */
export const DRAIN_MS_MAX = 60_000;

const hasMoved = (before: Books, now: Books): boolean =>
  now.framesDurable !== before.framesDurable || now.framesWritten !== before.framesWritten;

/** Seconds of sound that a power cut would take. */
const secondsLeft = ({ framesQueued, framesWritten, sampleRateHz }: Books): number =>
  Math.ceil((framesQueued + framesWritten) / sampleRateHz);

/** Stops the core; returns the seconds of sound that no file has. */
export const drain = async ({ core, log, onTurn }: DrainOptions): Promise<number> => {
  const endMs = core.now() + DRAIN_MS_MAX;
  let before = core.status();
  for (;;) {
    core.stop();
    onTurn();
    // What it says goes out.
    await Bun.sleep(0);
    const now = core.status();
    const seconds = secondsLeft(now);
    if (seconds === 0 || !hasMoved(before, now) || core.now() >= endMs) return seconds;
    log('info', 'the disk still takes what was played', { seconds });
    before = now;
  }
};
