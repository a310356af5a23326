/** What no command of any kind may: doors before the handlers' own. */
import type { SessionCommand } from '../../../protocol/commands.ts';
import { ERRORS } from '../../../protocol/errors.ts';
import { LIMITS } from '../../../protocol/limits.ts';

export interface Now {
  readonly ms: number;
  readonly frame: number;
  readonly rateHz: number;
}

/** What waits for its frame holds a place in the core; nothing does for longer. */
const AHEAD_SECONDS_MAX = 60;
/** What is nearer is waited for by what comes after it, which may depend on it. */
const NEAR_SECONDS = 1;

const aheadSeconds = ({ atFrame }: SessionCommand, now: Now): number =>
  ((atFrame ?? 0) - now.frame) / now.rateHz;

export const isFarAhead = (command: SessionCommand, now: Now): boolean =>
  aheadSeconds(command, now) > NEAR_SECONDS;

/** 0, or why it may not pass. */
export const doorCode = (command: SessionCommand, loopback: boolean, now: Now): number => {
  if (command.atFrame !== undefined && !loopback) return ERRORS.ERR_LOOPBACK_ONLY.code;
  if (aheadSeconds(command, now) > AHEAD_SECONDS_MAX) return ERRORS.ERR_COMMAND_BOUNDS.code;
  const lateMs = now.ms - (command.at ?? now.ms);
  return lateMs > LIMITS.atPastMsMax ? ERRORS.ERR_TOO_LATE.code : 0;
};
