/**
 * One timer drains the core: events every 4 ms, feature frames as they come, slower things rarely.
 *
 * While somebody waits for what a command brings, events come every millisecond.
 */
import { LIMITS } from '../../protocol/limits.ts';
import type { CoreEvent } from '../session/core/port.ts';

export interface PollLoopOptions {
  poll(): readonly CoreEvent[];
  features(): Uint8Array | null;
  /** Every turn. */
  onTurn(): void;
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
const HURRIED_MS = 1;
/** An idle disk has a loop by then. */
const HURRY_MS = 50;

export interface PollLoop {
  /** A command has come: its effect is awaited. */
  hurry(): void;
  stop(): void;
}

export const startPollLoop = (options: PollLoopOptions): PollLoop => {
  let healthMs = 0;
  let secondMs = 0;
  let hurryUntilMs = 0;
  let hurried: NodeJS.Timeout | null = null;

  const guarded = (act: () => void) => {
    try {
      act();
    } catch (error) {
      options.onError(error);
    }
  };

  const drain = () =>
    guarded(() => {
      const events = options.poll();
      if (events.length > 0) options.onEvents(events);
    });

  const rest = () => {
    if (hurried) clearInterval(hurried);
    hurried = null;
  };

  const hurriedTurn = () => {
    drain();
    if (options.now() >= hurryUntilMs) rest();
  };

  const turn = () => {
    drain();
    guarded(() => {
      const frame = options.features();
      if (frame) options.onFeatures(frame);
    });
    guarded(options.onTurn);
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
  return {
    hurry() {
      hurryUntilMs = options.now() + HURRY_MS;
      hurried ??= setInterval(hurriedTurn, HURRIED_MS);
    },
    stop() {
      rest();
      clearInterval(timer);
    },
  };
};
