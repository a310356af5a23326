/** One timer drains the core: events every 4 ms, feature frames as they come, slower things rarely. */
import { LIMITS } from '../../protocol/limits.ts';
import type { CoreEvent } from '../session/core-port.ts';

export interface PollLoopOptions {
  poll(): readonly CoreEvent[];
  features(): Uint8Array | null;
  /** Milliseconds since engine start. */
  now(): number;
  onEvents(events: readonly CoreEvent[]): void;
  onFeatures(frame: Uint8Array): void;
  /** Four times a second. */
  onHealth(): void;
  /** Once a second. */
  onSecond(): void;
  /** Of one of the others; the loop goes on. */
  onError(error: unknown): void;
}

const HEALTH_MS = 250;
const SECOND_MS = 1000;

export const startPollLoop = (options: PollLoopOptions): { stop(): void } => {
  let healthMs = 0;
  let secondMs = 0;

  const guarded = (act: () => void) => {
    try {
      act();
    } catch (error) {
      options.onError(error);
    }
  };

  const turn = () => {
    guarded(() => {
      const events = options.poll();
      if (events.length > 0) options.onEvents(events);
    });
    guarded(() => {
      const frame = options.features();
      if (frame) options.onFeatures(frame);
    });
    const now = options.now();
    if (now >= healthMs) {
      healthMs = now + HEALTH_MS;
      guarded(options.onHealth);
    }
    if (now >= secondMs) {
      secondMs = now + SECOND_MS;
      guarded(options.onSecond);
    }
  };

  const timer = setInterval(turn, LIMITS.pollMs);
  return { stop: () => clearInterval(timer) };
};
