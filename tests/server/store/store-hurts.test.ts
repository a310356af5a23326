/** Damage of the past as the store keeps it: joined, per source, as long as there is sound it is of. */
import type { Database } from 'bun:sqlite';
import { afterEach, describe, expect, test } from 'bun:test';
import { Damage, type Hurt, knownDamage } from '../../../server/session/runs/damage.ts';
import { JOIN_FRAMES, RANGES_KEPT } from '../../../server/session/runs/source-ranges.ts';
import { forgetHurts, readDamage, readHurts } from '../../../server/session/store/hurts.ts';
import { write } from '../../../server/session/store/write.ts';
import { printedSeed } from '../../support/seed.ts';
import { makeRandom } from '../../support/random.ts';
import { HOUR, SEGMENT_FRAMES, SpoolRig } from './retention-rig.ts';

const rigs: SpoolRig[] = [];
const makeRig = (): SpoolRig => {
  const rig = new SpoolRig();
  rigs.push(rig);
  return rig;
};
afterEach(() => {
  for (const rig of rigs.splice(0)) rig.end();
});

const hurt = (fromFrame: number, toFrame = fromFrame + 1, source = 0) => ({
  source,
  fromFrame,
  toFrame,
});
const tell = ({ db, runId }: SpoolRig, each: Hurt & { source: number }): void =>
  void write(db, { kind: 'hurt', runId, hurt: each });
const begin = ({ db, runId }: SpoolRig, listedFrom?: number): void =>
  void write(db, {
    kind: 'beginRun',
    runId,
    sessionId: 's',
    rateHz: 48_000,
    atMs: 1,
    gridShift: 0,
    ...(listedFrom !== undefined && { listedFrom }),
  });
const rowsOf = (db: Database): number =>
  (db.query('SELECT count(*) AS count FROM hurt').get() as { count: number }).count;

describe('damage that is told', () => {
  test('is one row while it goes on, however often it is told, and in whatever order', () => {
    const rig = makeRig();
    const seconds = Array.from({ length: 600 }, (_, second) =>
      hurt(second * 48_000, second * 48_000 + 47_000),
    );
    for (const each of [...seconds, ...seconds.slice(-3), seconds[0] ?? hurt(0)]) tell(rig, each);
    expect(readHurts(rig.db, rig.runId)).toEqual([hurt(0, 599 * 48_000 + 47_000)]);
    const [apart, near] = [JOIN_FRAMES + 1, JOIN_FRAMES];
    const end = 600 * 48_000;
    for (const each of [hurt(end + apart + 1), hurt(end), hurt(end + apart + 2 + near)]) {
      tell(rig, each);
    }
    expect(readHurts(rig.db, rig.runId)).toEqual([
      hurt(0, end + 1),
      hurt(end + apart + 1, end + apart + 3 + near),
    ]);
    tell(rig, hurt(end, end + 1, 1));
    expect(rowsOf(rig.db)).toBe(3);
  });

  test('is found by a window of a beat or more exactly where it is, in rows and in memory', () => {
    const random = makeRandom(printedSeed());
    const below = (count: number) => Math.floor(random() * count);
    const rig = makeRig();
    const told = Array.from({ length: 400 }, () => {
      const from = below(4_000_000);
      return hurt(from, from + 1 + below(3000), below(2));
    });
    rig.db.transaction(() => {
      for (const each of told) tell(rig, each);
    })();
    const stored = new Damage(readHurts(rig.db, rig.runId));
    const kept = new Damage(told);
    expect(stored.count).toBe(kept.count);
    expect(rowsOf(rig.db)).toBe(kept.count);
    for (let count = 0; count < 4000; count += 1) {
      const [from, source] = [below(4_000_000), below(2)];
      const to = from + JOIN_FRAMES + 1 + below(20_000);
      const isHurt = told.some(
        (each) => each.source === source && each.fromFrame < to && each.toFrame > from,
      );
      expect([stored, kept].map((each) => each.touches(source, from, to))).toEqual([
        isHurt,
        isHurt,
      ]);
    }
  });

  test('of one source leaves room for that of others; the oldest of very much is one', () => {
    const rig = makeRig();
    const step = 2 * JOIN_FRAMES;
    // Older than all that is kept apart of the other source, and apart all the same.
    const theirs = [hurt(5, 6, 1), hurt(5 + step, 6 + step, 1)];
    for (const each of theirs) tell(rig, each);
    rig.db.transaction(() => {
      for (let index = 0; index < RANGES_KEPT + 10; index += 1) tell(rig, hurt(index * step));
    })();
    const known = readHurts(rig.db, rig.runId);
    expect(known.filter(({ source }) => source === 1)).toEqual(theirs);
    const ours = known.filter(({ source }) => source === 0);
    expect(ours).toHaveLength(RANGES_KEPT);
    expect(ours[0]).toEqual(hurt(0, 10 * step + 1));
    expect(ours.at(-1)).toEqual(hurt((RANGES_KEPT + 9) * step));
    const damage = new Damage(theirs);
    for (let index = 0; index < RANGES_KEPT + 10; index += 1) damage.add(hurt(index * step));
    expect(damage.count).toBe(RANGES_KEPT + 2);
    expect(damage.touches(1, 0, 10)).toBeTrue();
    expect(damage.touches(0, 0, 1)).toBeTrue();
  });
});

describe('from where on the list is whole', () => {
  test('is what the first engine of the run says that keeps one, however often it is said', () => {
    const rig = makeRig();
    const listed = () => readDamage(rig.db, rig.runId).listedFrom;
    expect(listed()).toBeNull();
    tell(rig, hurt(5));
    begin(rig);
    expect(listed()).toBeNull();
    begin(rig, 700);
    begin(rig, 0);
    begin(rig, 900);
    expect(listed()).toBe(700);
    expect(readDamage(rig.db, 'd'.repeat(32))).toEqual({ hurts: [], listedFrom: null });
  });

  test('decides what a mark is explained by: nothing of before, and no row alone', () => {
    const hurts = [hurt(500), hurt(9000)];
    const explained = (listedFrom: number | null, nowFrame?: number) =>
      [400, 8900, 20_000].map((from) =>
        knownDamage({ hurts, listedFrom }, nowFrame).explains(0, from, from + 200),
      );
    expect(explained(0)).toEqual([true, true, false]);
    expect(explained(8900, 10_000)).toEqual([false, true, false]);
    expect(explained(8901)).toEqual([false, false, false]);
    expect(explained(null)).toEqual([false, false, false]);
    expect(explained(null, 8900)).toEqual([false, true, false]);
  });
});

describe('damage of sound that has gone', () => {
  test('goes with it, and stays where a take holds the sound, with a bar around it', () => {
    const rig = makeRig();
    rig.play(4);
    const { runId } = rig;
    // The take holds frames 20 to 60; the segments that go, frames 0 to 120.
    const take = rig.take(runId, 30, 50);
    rig.file(take, 'window');
    rig.file(take, 'rolls');
    const rows = [5, 21, 40, 59, 70, 119, 130].map((frame) => [runId, 0, frame, frame + 1]);
    const insert = rig.db.query('INSERT INTO hurt VALUES (?, ?, ?, ?)');
    for (const row of [...rows, [runId, 1, 40, 41]]) insert.run(...row);
    rig.beginRun();
    rig.play(1);
    rig.forget(rig.look().doomed);
    expect(rowsOf(rig.db)).toBe(8);
    rig.nowMs += 24 * HOUR * 1000 - 2 * SEGMENT_FRAMES * 1000;
    rig.forget(rig.look().doomed);
    expect(rig.left(runId)).toEqual([120, 180]);
    const left = rig.db
      .query('SELECT source, from_frame AS frame FROM hurt WHERE run_id = ? ORDER BY frame')
      .all(runId);
    expect(left).toEqual([21, 40, 59, 130].map((frame) => ({ source: 0, frame })));
    expect(forgetHurts(rig.db, runId, Number.POSITIVE_INFINITY)).toBe(1);
  });

  test('leaves a list that is as whole as before, also when all of it has gone', () => {
    for (const listedFrom of [0, 70, undefined]) {
      const rig = makeRig();
      begin(rig, listedFrom);
      tell(rig, hurt(5));
      expect(forgetHurts(rig.db, rig.runId, Number.POSITIVE_INFINITY)).toBe(1);
      const whole = { hurts: [], listedFrom: listedFrom ?? null };
      expect(readDamage(rig.db, rig.runId)).toEqual(whole);
    }
  });

  test('of the run that goes on stays as long as the ring may hold it', () => {
    const rig = makeRig();
    rig.play(3);
    tell(rig, hurt(5));
    rig.nowMs += 30 * HOUR * 1000;
    rig.newestFrame += 30 * HOUR;
    const { doomed } = rig.look();
    expect(doomed.length).toBeGreaterThan(0);
    rig.forget(doomed);
    expect(rowsOf(rig.db)).toBe(1);
  });
});
