/** What a session may be called, and what it is called when nobody says. */
import { LIMITS } from '../../protocol/limits.ts';
import { momentName } from './time/moment-name.ts';

/** Control characters, line and paragraph separators, and halves of a pair. */
const REFUSED = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}]/u;

/** As it is stored and shown: composed, without space around it; null when it cannot be a name. */
export const sessionNameOf = (given: string): string | null => {
  const name = given.normalize('NFC').trim();
  const isShort = Buffer.byteLength(name) <= LIMITS.sessionNameBytesMax;
  return name !== '' && isShort && !REFUSED.test(given) ? name : null;
};

export const nameOfMoment = (ms: number): string => `Session ${momentName(ms)}`;
