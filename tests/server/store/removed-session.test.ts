/**
 * Nothing named goes without consent: random lives of two sessions, removed and brought back by a
 * player who says so, with sweeps that may be cut off anywhere.
 */
import { Database } from 'bun:sqlite';
import { afterAll, expect, test } from 'bun:test';
import { openDatabase } from '../../../server/session/store/database.ts';
import type { TrashFiles } from '../../../server/session/store/trash-files.ts';
import { sweepTrash } from '../../../server/session/store/trash.ts';
import { write } from '../../../server/session/store/write.ts';
import { makeRandom } from '../../support/random.ts';
import { printedSeed } from '../../support/seed.ts';
import { makeRiff, makeTake, RUN_ID } from './samples.ts';

const LIVES = 150;
const STEPS = 60;
const DAY_MS = 86_400_000;
const SESSIONS = ['s1', 's2'] as const;

const TEMPLATE = (() => {
  const db = openDatabase(':memory:');
  for (const sessionId of SESSIONS) {
    write(db, { kind: 'firstSession', sessionId, name: sessionId, atMs: 1, openId: sessionId });
    const riff = makeRiff(`root-${sessionId}`, null, 0);
    if (sessionId === 's1') {
      write(db, { kind: 'beginRun', runId: RUN_ID, sessionId, rateHz: 1, atMs: 1, gridShift: 0 });
    }
    const root = { kind: 'riff', sessionId, riff, takes: [], gridShift: 0 } as const;
    write(db, { ...root, moveId: `m-${sessionId}` });
  }
  const bytes = db.serialize();
  db.close();
  return bytes;
})();

interface Named {
  readonly sha256: string;
  /** Sessions whose riffs name it. */
  readonly in: Set<string>;
}

class Life {
  readonly db = Database.deserialize(TEMPLATE, { strict: true });
  readonly places = new Map<string, 'audio' | 'trash'>();
  readonly takes: Named[] = [];
  /** Since when, as the player said it; null = he did not. */
  readonly consent: Record<string, number | null> = { s1: null, s2: null };
  nowMs = 1000 * DAY_MS;
  gone = 0;
  backs = 0;
  readonly #random: () => number;
  #seq = 1;
  #stepsLeft = Number.POSITIVE_INFINITY;

  constructor(random: () => number) {
    this.#random = random;
  }

  below(count: number): number {
    return Math.floor(this.#random() * count);
  }

  step(): void {
    const steps = [
      () => this.#make(),
      () => this.#make(),
      () => this.#share(),
      () => this.#remove(),
      () => this.#restore(),
      () => this.#sweep(),
      () => this.#sweep(),
      () => (this.nowMs += this.below(12) * DAY_MS),
    ];
    steps[this.below(steps.length)]?.();
  }

  /** Files that the player did not give away, or may still have back, and that are nowhere. */
  lost(): string[] {
    return this.takes.flatMap((take) => {
      const isGiven = [...take.in].every((session) => this.#isOver(session));
      return isGiven || this.places.has(take.sha256) ? [] : [take.sha256];
    });
  }

  /** After a whole sweep: what is in a session that is there lies where it is looked for. */
  astray(): string[] {
    return this.takes.flatMap((take) => {
      const isThere = [...take.in].some((session) => this.consent[session] === null);
      return isThere && this.places.get(take.sha256) !== 'audio' ? [take.sha256] : [];
    });
  }

  sweepWhole(): void {
    this.#stepsLeft = Number.POSITIVE_INFINITY;
    sweepTrash(this.db, this.#files(), { nowMs: this.nowMs, mayEmpty: true });
  }

  #isOver(session: string): boolean {
    const since = this.consent[session] ?? null;
    return since !== null && this.nowMs - since >= 30 * DAY_MS;
  }

  #riff(sessionId: string, take: ReturnType<typeof makeTake>): void {
    this.#seq += 1;
    const riff = makeRiff(`r${this.#seq}`, `root-${sessionId}`, this.#seq, { 0: take.id });
    const common = { kind: 'riff', gridShift: 0, moveId: `m${this.#seq}` } as const;
    write(this.db, { ...common, sessionId, riff, takes: [take] });
  }

  #there(): string[] {
    return SESSIONS.filter((session) => this.consent[session] === null);
  }

  #make(): void {
    const there = this.#there();
    const sessionId = there[this.below(there.length)];
    if (!sessionId) return;
    const number = this.takes.length;
    const take = { ...makeTake(`take-${number}`), createdMs: this.nowMs };
    this.#riff(sessionId, take);
    const sha256 = `file-${number}`;
    const file = { takeId: take.id, part: 'window', sha256, bytes: 1, preFrames: 0 } as const;
    write(this.db, { kind: 'takeFile', file });
    this.places.set(sha256, 'audio');
    this.takes.push({ sha256, in: new Set([sessionId]) });
  }

  /** A session names a take that was made in the other one. */
  #share(): void {
    const there = this.#there();
    const sessionId = there[this.below(there.length)];
    const number = this.below(this.takes.length);
    const take = this.takes[number];
    if (!sessionId || !take || !this.places.has(take.sha256)) return;
    if (![...take.in].some((session) => this.consent[session] === null)) return;
    this.#riff(sessionId, makeTake(`take-${number}`));
    take.in.add(sessionId);
  }

  #remove(): void {
    const there = this.#there();
    const sessionId = there[this.below(there.length)];
    if (!sessionId) return;
    this.consent[sessionId] = this.nowMs;
    write(this.db, { kind: 'removeSession', sessionId, atMs: this.nowMs });
    this.#sweep();
  }

  #restore(): void {
    const away = SESSIONS.filter((each) => this.consent[each] !== null && !this.#isOver(each));
    const sessionId = away[this.below(away.length)];
    if (!sessionId) return;
    this.consent[sessionId] = null;
    this.backs += 1;
    write(this.db, { kind: 'restoreSession', sessionId, atMs: this.nowMs });
    this.#sweep();
  }

  /** As after these commands and at each start; one that is cut off ends with the next start's. */
  #sweep(): void {
    for (let isCut = this.below(2) === 0; isCut; isCut = this.below(3) === 0) {
      this.#stepsLeft = this.below(6);
      sweepTrash(this.db, this.#files(), { nowMs: this.nowMs, mayEmpty: true });
    }
    this.sweepWhole();
  }

  #files(): TrashFiles {
    const act = (work: () => void) => {
      if (this.#stepsLeft < 1) throw new Error('cut off');
      this.#stepsLeft -= 1;
      work();
    };
    return {
      isInAudio: (sha256) => this.places.get(sha256) === 'audio',
      isTorn: () => false,
      drop: (sha256) => act(() => this.places.set(sha256, 'trash')),
      takeBack: (sha256) => act(() => this.places.has(sha256) && this.places.set(sha256, 'audio')),
      remove: (sha256) =>
        act(() => {
          this.places.delete(sha256);
          this.gone += 1;
        }),
    };
  }
}

const seed = printedSeed();
const counts = { seed, lives: 0, takes: 0, gone: 0, broughtBack: 0 };
afterAll(() => {
  console.log(JSON.stringify(counts));
});

/** Lives until one lost something; how many there were. */
const livesTo = (spoil: (life: Life) => void): number => {
  const random = makeRandom(seed);
  for (let count = 1; count <= LIVES; count += 1) {
    const life = new Life(random);
    for (let step = 0; step < STEPS; step += 1) {
      life.step();
      spoil(life);
      if (life.lost().length > 0) return count;
    }
    life.sweepWhole();
    if (life.lost().length + life.astray().length > 0) return count;
    counts.lives += 1;
    counts.takes += life.takes.length;
    counts.gone += life.gone;
    counts.broughtBack += life.backs;
    life.db.close();
  }
  return LIVES + 1;
};

test(`in ${LIVES} lives what was not given away is there, and what was given away goes`, () => {
  expect(livesTo(() => undefined)).toBe(LIVES + 1);
  expect(counts.gone).toBeGreaterThan(0);
  expect(counts.broughtBack).toBeGreaterThan(0);
});

test('a session that is removed without the player’s word is caught', () => {
  const spoil = ({ db, nowMs }: Life) => {
    write(db, { kind: 'removeSession', sessionId: 's2', atMs: nowMs - 40 * DAY_MS });
  };
  expect(livesTo(spoil)).toBeLessThanOrEqual(LIVES);
});
