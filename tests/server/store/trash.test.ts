/** Whatever happens in whatever order, and wherever it is cut off: no file that is needed goes. */
import { Database } from 'bun:sqlite';
import { describe, expect, test } from 'bun:test';
import * as fc from 'fast-check';
import { openDatabase } from '../../../server/session/store-database.ts';
import type { StoreWrite } from '../../../server/session/store-port.ts';
import {
  moveTrash,
  noteTorn,
  sweep,
  type TrashFiles,
} from '../../../server/session/store-trash.ts';
import { write } from '../../../server/session/store-write.ts';
import { printedSeed } from '../../support/seed.ts';
import { makeRiff, makeTake, RUN_ID } from './samples.ts';

const DAY_MS = 86_400_000;
const sessionId = 's1';

/** A file with a session and its root; each run begins with a copy. */
const TEMPLATE = (() => {
  const db = openDatabase(':memory:');
  const setUp: StoreWrite[] = [
    { kind: 'firstSession', sessionId, name: 'S', atMs: 1, openId: 'o' },
    { kind: 'beginRun', runId: RUN_ID, sessionId, rateHz: 48_000, atMs: 1, gridShift: 0 },
    {
      kind: 'riff',
      sessionId,
      riff: makeRiff('root', null, 0),
      takes: [],
      gridShift: 0,
      moveId: 'm0',
    },
  ];
  for (const each of setUp) write(db, each);
  const bytes = db.serialize();
  db.close();
  return bytes;
})();

class Crash extends Error {}

type Place = 'audio' | 'trash' | 'gone';

/** What the player has, as he would tell it, beside the store and a disk that may be cut off. */
class World {
  readonly db = Database.deserialize(TEMPLATE, { strict: true });
  readonly places = new Map<string, Place>();
  readonly violations: string[] = [];
  nowMs = 1000 * DAY_MS;
  readonly #takes: { id: string; sha256: string; loose: boolean; isUsed: boolean }[] = [];
  #crashAt = Number.POSITIVE_INFINITY;
  #isAfter = false;
  #count = 0;

  /** Could be had again with a step of the history, or by what is made of it. */
  isNeeded(sha256: string): boolean {
    return this.#takes.some((take) => take.sha256 === sha256 && (!take.loose || take.isUsed));
  }

  addTake(file: number, loose: boolean): void {
    const id = `take-${this.#next()}`;
    const sha256 = `file-${file}`;
    const take = { ...makeTake(id), loose, createdMs: this.nowMs };
    write(this.db, { kind: 'take', sessionId, take });
    const row = { takeId: id, part: 'window', sha256, bytes: 9, preFrames: 0 } as const;
    write(this.db, { kind: 'takeFile', file: row });
    this.#takes.push({ id, sha256, loose, isUsed: false });
    // As the maker of files does: renamed over whatever has its name.
    this.places.set(sha256, 'audio');
  }

  /** One whose sound there is: what is gone cannot be played. */
  #pick(which: number) {
    const there = this.#takes.filter(({ sha256 }) => this.places.get(sha256) !== 'gone');
    return there[which % there.length];
  }

  useInRiff(which: number): void {
    const take = this.#pick(which);
    if (!take) return;
    const seq = this.#next();
    const riff = makeRiff(`riff-${seq}`, 'root', seq, { [which % 8]: take.id });
    write(this.db, { kind: 'riff', sessionId, riff, takes: [], gridShift: 0, moveId: `m${seq}` });
    take.isUsed = true;
  }

  useInRecipe(which: number): void {
    const take = this.#pick(which);
    if (!take) return;
    const layer = {
      takeId: take.id,
      originBeat: 0,
      lengthBeats: 4,
      offsetFrames: 0,
      gainLeft: 1,
      gainRight: 1,
      mode: 'repitch',
      tail: false,
    } as const;
    const recipe = { kind: 'merge', lengthBeats: 4, framesPerBeat: 1, layers: [layer] } as const;
    const made = { ...makeTake(`made-${this.#next()}`), recipe };
    write(this.db, { kind: 'take', sessionId, take: made });
    take.isUsed = true;
  }

  tellTorn(file: number): void {
    const sha256 = `file-${file}`;
    if (!this.places.has(sha256)) this.places.set(sha256, 'audio');
    this.db.transaction(() => noteTorn(this.db, [sha256], this.nowMs)).immediate();
    moveTrash(this.db, this.#files(), this.nowMs);
  }

  /** @param crashAt The change of a file at which all ends, before or after it is done. */
  sweep(db: Database, crashAt: number, isAfter: boolean): void {
    this.#crashAt = crashAt;
    this.#isAfter = isAfter;
    try {
      sweep(db, this.#files(), this.nowMs);
    } catch (error) {
      if (!(error instanceof Crash)) throw error;
      return;
    } finally {
      this.#crashAt = Number.POSITIVE_INFINITY;
    }
    for (const [sha256, place] of this.places) {
      if (place !== 'audio' && this.isNeeded(sha256)) this.violations.push(`${sha256} stays away`);
    }
  }

  #files(): TrashFiles {
    const change = (sha256: string, from: Place, to: Place) => {
      this.#crashAt -= 1;
      if (this.#crashAt < 0 && !this.#isAfter) throw new Crash();
      if (this.places.get(sha256) === from) this.places.set(sha256, to);
      if (to !== 'audio' && this.isNeeded(sha256)) this.violations.push(`${sha256} to ${to}`);
      if (this.#crashAt < 0) throw new Crash();
    };
    return {
      isInAudio: (sha256) => this.places.get(sha256) === 'audio',
      drop: (sha256) => change(sha256, 'audio', 'trash'),
      takeBack: (sha256) => change(sha256, 'trash', 'audio'),
      remove: (sha256) => change(sha256, 'trash', 'gone'),
    };
  }

  #next(): number {
    this.#count += 1;
    return this.#count;
  }
}

type Step = (world: World, db: Database) => void;

const anyFile = fc.nat(3);
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(anyFile, fc.boolean()).map(addTake) },
  {
    weight: 2,
    arbitrary: fc.nat(9).map(
      (which): Step =>
        (world) =>
          world.useInRiff(which),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.nat(9).map(
      (which): Step =>
        (world) =>
          world.useInRecipe(which),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.nat(5).map(
      (file): Step =>
        (world) =>
          world.tellTorn(file),
    ),
  },
  { weight: 3, arbitrary: fc.nat(40).map(passDays) },
  {
    weight: 5,
    arbitrary: fc.tuple(fc.oneof(fc.nat(2), fc.constant(99)), fc.boolean()).map(sweepStep),
  },
);

function addTake([file, loose]: [number, boolean]): Step {
  return (world) => world.addTake(file, loose);
}
function passDays(days: number): Step {
  return (world) => {
    world.nowMs += days * DAY_MS;
  };
}
function sweepStep([crashAt, isAfter]: [number, boolean]): Step {
  return (world, db) => world.sweep(db, crashAt, isAfter);
}

/** What a sweep asks of the database, without one kind of reference. */
const forgetting = (db: Database, table: string): Database =>
  ({
    query: (sql: string) =>
      db.query(
        sql.replaceAll(new RegExp(`EXISTS \\(SELECT 1 FROM ${table}[^)]*\\)?\\)`, 'g'), '0'),
      ),
    transaction: (act: () => void) => db.transaction(act),
  }) as unknown as Database;

const run = (steps: readonly Step[], see: (db: Database) => Database): World => {
  const world = new World();
  for (const step of steps) step(world, see(world.db));
  world.db.close();
  return world;
};

const RUNS = Number(process.env['FZ_TRASH_RUNS'] ?? 2000);
const SEED = printedSeed();
const SHAPE = { minLength: 1, maxLength: 30, size: 'max' } as const;

describe('the trash', () => {
  test('never holds what is needed after a sweep, and never loses it', () => {
    let [dropped, removed] = [0, 0];
    fc.assert(
      fc.property(fc.array(anyStep, SHAPE), (steps) => {
        const { places, violations } = run(steps, (db) => db);
        dropped += [...places.values()].filter((place) => place === 'trash').length;
        removed += [...places.values()].filter((place) => place === 'gone').length;
        expect(violations).toEqual([]);
      }),
      { numRuns: RUNS, seed: SEED },
    );
    // Nothing is proved by a sweep that never takes anything.
    expect([dropped > RUNS / 20, removed > RUNS / 50]).toEqual([true, true]);
  }, 600_000);

  test.each(['riff_slot', 'take AS made'])(
    'one that forgets %s is caught',
    (table) => {
      const outcome = fc.check(
        fc.property(
          fc.array(anyStep, SHAPE),
          (steps) => run(steps, (db) => forgetting(db, table)).violations.length === 0,
        ),
        { numRuns: 2000, seed: SEED },
      );
      expect(outcome.failed).toBeTrue();
    },
    60_000,
  );
});
