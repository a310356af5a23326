/** Sentences of the gateway itself: errors and notices in the words of `protocol/errors.ts`. */
import { errorByCode } from '../../protocol/errors.ts';
import type { MessageOf } from '../../protocol/messages.ts';

/** The code's sentence, then what exactly was wrong. */
export const sentence = (code: number, detail?: string): string => {
  const says = errorByCode(code)?.row.says ?? `Error ${code}.`;
  return detail === undefined ? says : `${says} ${detail}`;
};

/** Without a `reqId` the message carries none. */
export const errorMessage = (
  code: number,
  reqId?: string,
  detail?: string,
): MessageOf<'ERROR'> => ({
  type: 'ERROR',
  code,
  msg: sentence(code, detail),
  ...(reqId === undefined ? {} : { reqId }),
});

export const noticeMessage = (code: number, detail?: string): MessageOf<'NOTICE'> => ({
  type: 'NOTICE',
  code,
  ...(detail === undefined ? {} : { detail }),
});

export const okMessage = (reqId: string, revId: number): MessageOf<'OK'> => ({
  type: 'OK',
  reqId,
  revId,
});

/** For the log: an Error alone would be written as `{}`. */
export const errorText = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? String(error)) : String(error);
