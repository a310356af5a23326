/** What no command of any kind may: doors before the handlers' own. */
import type { SessionCommand } from '../../protocol/commands.ts';
import { ERRORS } from '../../protocol/errors.ts';
import { LIMITS } from '../../protocol/limits.ts';

/** 0, or why it may not pass. */
export const doorCode = (command: SessionCommand, loopback: boolean, nowMs: number): number => {
  if (command.atFrame !== undefined && !loopback) return ERRORS.ERR_LOOPBACK_ONLY.code;
  const lateMs = nowMs - (command.at ?? nowMs);
  return lateMs > LIMITS.atPastMsMax ? ERRORS.ERR_TOO_LATE.code : 0;
};
