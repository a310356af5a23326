import { describe, expect, test } from 'bun:test';
import * as fc from 'fast-check';
import { LIMITS } from '../../../protocol/limits.ts';
import { PairOffer } from '../../../server/gateway/pairing/offer.ts';
import { printedSeed } from '../../support/seed.ts';

const REFUSED = 5015;
const LOCKED = 5016;
const { pairLockMs, pairOfferMs, pairTriesMax } = LIMITS;

const makeClock = () => {
  const clock = { ms: 1000 };
  return { clock, offer: new PairOffer(() => clock.ms) };
};

/** Six digits that are not these. */
const wrong = (code: string): string => String((Number(code) + 1) % 1_000_000).padStart(6, '0');

describe('guesses', () => {
  test('five wrong ones shut the digits for a minute, also the right ones', () => {
    const { clock, offer } = makeClock();
    const { code } = offer.start();
    for (let n = 0; n < pairTriesMax; n += 1) {
      expect(offer.take({ code: wrong(code) })).toBe(REFUSED);
    }
    expect(offer.take({ code })).toBe(LOCKED);
    clock.ms += pairLockMs - 1;
    expect(offer.take({ code })).toBe(LOCKED);
    clock.ms += 1;
    expect(offer.take({ code })).toBeNull();
  });

  test('a new offer does not open the lock; the token of a picture still does', () => {
    const { offer } = makeClock();
    const { code } = offer.start();
    for (let n = 0; n < pairTriesMax; n += 1) offer.take({ code: wrong(code) });
    const next = offer.start();
    expect(offer.take({ code: next.code })).toBe(LOCKED);
    expect(offer.take({ token: `${next.token}x` })).toBe(REFUSED);
    expect(offer.take({ token: next.token })).toBeNull();
  });

  test('wrong tokens count as well, and none while the lock holds prolongs it', () => {
    const { clock, offer } = makeClock();
    const { code } = offer.start();
    for (let n = 0; n < 100; n += 1) expect(offer.take({ token: String(n) })).toBe(REFUSED);
    expect(offer.take({ code })).toBe(LOCKED);
    clock.ms += pairLockMs;
    expect(offer.take({ code })).toBeNull();
  });

  test('whoever tries all codes, a thousand a second, has tried 25 when the offer is over', () => {
    const { clock, offer } = makeClock();
    const { code } = offer.start();
    const endMs = clock.ms + pairOfferMs;
    let [asked, tried] = [0, 0];
    for (let guess = 0; clock.ms < endMs; guess += 1, clock.ms += 1) {
      const shown = String(guess % 1_000_000).padStart(6, '0');
      if (shown === code) continue;
      asked += 1;
      if (offer.take({ code: shown }) !== LOCKED) tried += 1;
    }
    process.stderr.write(`brute force: ${asked} asked, ${tried} compared\n`);
    expect(asked).toBeGreaterThan(290_000);
    expect(tried).toBe((pairOfferMs / pairLockMs) * pairTriesMax);
  });

  test('when nothing is offered nothing fits, not even nothing', () => {
    const { offer } = makeClock();
    for (const shown of [{ code: '' }, { token: '' }, { code: '000000' }]) {
      expect(offer.take(shown)).toBe(REFUSED);
    }
  });
});

test('codes are six digits and tokens 128 bits, none twice', () => {
  const { offer } = makeClock();
  const made = Array.from({ length: 2000 }, () => offer.start());
  for (const { code, token } of made) {
    expect(code).toMatch(/^\d{6}$/);
    expect(Buffer.from(token, 'base64url')).toHaveLength(16);
  }
  expect(new Set(made.map(({ token }) => token)).size).toBe(made.length);
  const digits = made.flatMap(({ code }) => [...code]);
  for (const digit of '0123456789') {
    const share = digits.filter((each) => each === digit).length / digits.length;
    expect(share).toBeGreaterThan(0.08);
    expect(share).toBeLessThan(0.12);
  }
});

/** The rules again, as plain as they can be said. */
class Model {
  open: { code: string; token: string; endsMs: number } | null = null;
  wrongs = 0;
  lockedUntilMs = 0;
}

type Step = 'start' | 'right code' | 'wrong code' | 'right token' | 'wrong token' | 'old' | number;

const expected = (model: Model, step: Step, nowMs: number): number | null => {
  const isLocked = nowMs < model.lockedUntilMs;
  if (isLocked && String(step).endsWith('code')) return LOCKED;
  const isRight = String(step).startsWith('right');
  if (isRight && model.open !== null && nowMs < model.open.endsMs) {
    model.open = null;
    model.wrongs = 0;
    return null;
  }
  if (!isLocked) model.wrongs += 1;
  if (model.wrongs === pairTriesMax) {
    model.wrongs = 0;
    model.lockedUntilMs = nowMs + pairLockMs;
  }
  return REFUSED;
};

test('any order of tries, new offers and waits goes by the rules', () => {
  const seed = printedSeed();
  const counts = { letIn: 0, refused: 0, locked: 0 };
  const step = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom<Step>('start', 'right code', 'right token', 'old') },
    { weight: 4, arbitrary: fc.constantFrom<Step>('wrong code', 'wrong token') },
    { weight: 1, arbitrary: fc.integer({ min: 0, max: pairLockMs }) },
    { weight: 1, arbitrary: fc.constantFrom<Step>(pairLockMs, pairOfferMs) },
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60, size: 'max' }), (steps) => {
      const { clock, offer } = makeClock();
      const model = new Model();
      let old = { code: '', token: '' };
      for (const each of steps) {
        const { code, token } = model.open ?? { code: '000000', token: 'none' };
        if (typeof each === 'number') clock.ms += each;
        else if (each === 'start') {
          old = { code, token };
          const made = offer.start();
          model.open = { ...made, endsMs: clock.ms + pairOfferMs };
        } else {
          const shown = {
            'right code': { code },
            'wrong code': { code: wrong(code) },
            'right token': { token },
            'wrong token': { token: `${token}-` },
            old: { token: `${old.token}.` },
          }[each];
          const answer = offer.take(shown);
          expect(answer).toBe(expected(model, each, clock.ms));
          if (answer === null) counts.letIn += 1;
          else counts[answer === LOCKED ? 'locked' : 'refused'] += 1;
        }
      }
    }),
    { seed, numRuns: 2000 },
  );
  process.stderr.write(`offers: ${JSON.stringify(counts)}\n`);
  // All three were seen often enough to mean something.
  expect(Math.min(...Object.values(counts))).toBeGreaterThan(200);
}, 60_000);
