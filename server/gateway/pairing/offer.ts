/**
 * The offer to let one device in: a token for a picture, six digits for fingers, good for five
 * minutes and for one device.
 *
 * Five wrong tries shut the digits for a minute, whoever asks. A right token still opens meanwhile:
 * nobody guesses 128 bits, and so nobody on the network can keep the player out.
 */
import { createHash, randomBytes, randomInt, timingSafeEqual } from 'node:crypto';
import { ERRORS } from '../../../protocol/errors.ts';
import { LIMITS } from '../../../protocol/limits.ts';

export interface Offered {
  readonly token: string;
  readonly code: string;
  readonly expiresInMs: number;
}

export type Shown = { readonly token: string } | { readonly code: string };

const TOKEN_BYTES = 16;
const CODE_DIGITS = 6;

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

const isSame = (shown: string, expected: string): boolean =>
  timingSafeEqual(digest(shown), digest(expected));

export class PairOffer {
  readonly #now: () => number;
  #open: (Offered & { readonly endsMs: number }) | null = null;
  #wrongTries = 0;
  #lockEndsMs = Number.NEGATIVE_INFINITY;

  /** @param now Monotonic ms. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** The one before is void from here on. */
  start(): Offered {
    const code = String(randomInt(10 ** CODE_DIGITS)).padStart(CODE_DIGITS, '0');
    const token = randomBytes(TOKEN_BYTES).toString('base64url');
    const offered = { token, code, expiresInMs: LIMITS.pairOfferMs };
    this.#open = { ...offered, endsMs: this.#now() + LIMITS.pairOfferMs };
    return offered;
  }

  /** Null = it fits, and is used up by that; else the code of the refusal. */
  take(shown: Shown): number | null {
    const nowMs = this.#now();
    const isLocked = nowMs < this.#lockEndsMs;
    if ('code' in shown && isLocked) return ERRORS.ERR_PAIR_LOCKED.code;
    if (this.#fits(shown, nowMs)) {
      this.#open = null;
      this.#wrongTries = 0;
      return null;
    }
    if (!isLocked) this.#countWrong(nowMs);
    return ERRORS.ERR_PAIR_REFUSED.code;
  }

  #fits(shown: Shown, nowMs: number): boolean {
    const open = this.#open;
    if (open === null || nowMs >= open.endsMs) return false;
    return 'code' in shown ? isSame(shown.code, open.code) : isSame(shown.token, open.token);
  }

  #countWrong(nowMs: number): void {
    this.#wrongTries += 1;
    if (this.#wrongTries < LIMITS.pairTriesMax) return;
    this.#wrongTries = 0;
    this.#lockEndsMs = nowMs + LIMITS.pairLockMs;
  }
}
