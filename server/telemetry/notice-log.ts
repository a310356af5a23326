/** What players are told of by the way, as a line of the log. */
import { errorByCode } from '../../protocol/errors.ts';
import type { Message } from '../../protocol/messages.ts';
import type { Log, LogLevel } from './log.ts';

const LEVELS = { low: 'info', medium: 'warn', critical: 'error' } as const;

export const logNotice = (log: Log, message: Message): void => {
  if (message.type !== 'NOTICE') return;
  const { code, detail } = message;
  const known = errorByCode(code);
  const level: LogLevel = known === undefined ? 'warn' : LEVELS[known.row.severity];
  log(level, 'notice', {
    code,
    codeName: known?.name,
    ...(detail !== undefined && { detail }),
  });
};
