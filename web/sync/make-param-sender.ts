/**
 * Sends what a hand does to a plug-in's parameters: thirty values a second at most, for all of them
 * together. Of each the newest value wins, and the last one always arrives.
 */
import { LIMITS } from '../../protocol/limits.ts';

interface SenderParts {
  /** Sends a value; the last of a gesture is to be answered. */
  readonly send: (paramId: number, val: number, isLast: boolean) => void;
  readonly later: (run: () => void, ms: number) => () => void;
}

export interface ParamSender {
  /** @param isLast The finger has left. */
  set(paramId: number, val: number, isLast: boolean): void;
  /** Sends what still waits, at once. */
  flush(): void;
}

interface Waiting {
  readonly val: number;
  readonly isLast: boolean;
}

export const makeParamSender = ({ later, send }: SenderParts): ParamSender => {
  const waiting = new Map<number, Waiting>();
  let stop: (() => void) | undefined;

  const sendNext = (): boolean => {
    const [next] = waiting;
    if (!next) return false;
    const [paramId, { isLast, val }] = next;
    waiting.delete(paramId);
    send(paramId, val, isLast);
    return true;
  };

  const tick = () => {
    stop = sendNext() ? later(tick, LIMITS.paramsMs) : undefined;
  };

  return {
    set(paramId, val, isLast) {
      waiting.set(paramId, { val, isLast });
      if (!stop) tick();
    },
    flush() {
      stop?.();
      stop = undefined;
      while (sendNext());
    },
  };
};

export const laterByTimer = (run: () => void, ms: number): (() => void) => {
  const timer = setTimeout(run, ms);
  return () => clearTimeout(timer);
};
