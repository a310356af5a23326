import { describe, expect, test } from 'bun:test';
import type { Riff } from '../../../server/session/riffs/riff.ts';
import type { StoredTake } from '../../../server/session/store/stored.ts';
import { read } from '../../../server/session/store/read.ts';
import { write } from '../../../server/session/store/write.ts';
import { makeRiff, makeTake } from './samples.ts';
import { filled } from './store-rig.ts';

describe('pages of the store', () => {
  test('a page is two queries, and every row has what belongs to it', () => {
    const { db, sessionId } = filled();
    const riffs = [];
    for (let seq = 2; seq < 240; seq += 1) {
      const id = `t${seq}`;
      const riff = makeRiff(`r${seq}`, 'root', seq, seq % 3 ? { [seq % 8]: id } : {});
      const takes = seq % 3 ? [makeTake(id)] : [];
      write(db, { kind: 'riff', sessionId, riff, takes, gridShift: 0, moveId: `x${seq}` });
      riffs.push(riff);
      if (!takes[0]) continue;
      const file = { takeId: id, part: 'rolls', sha256: id, bytes: seq, preFrames: 1 } as const;
      write(db, { kind: 'takeFile', file });
    }
    let queryCount = 0;
    const query = (sql: string) => {
      const statement = db.query(sql);
      const all = (...values: (string | number)[]) => {
        queryCount += 1;
        return statement.all(...values);
      };
      return { all };
    };
    const counted = { query } as unknown as typeof db;
    const pages = [-1, 199].map((afterSeq) =>
      read(counted, { kind: 'riffs', sessionId, afterSeq }),
    ) as Riff[][];
    expect(pages.flat().slice(2)).toEqual(riffs);
    const takes = read(counted, { kind: 'takes', sessionId, afterRow: 0 }) as StoredTake[];
    expect(takes.every(({ files, take }) => files[0]?.takeId === take.id)).toBeTrue();
    expect(queryCount).toBe(6);
  });

  test('what a slot holds as in the riff before is one object, and nothing else is', () => {
    const { db, sessionId } = filled();
    const holds = [{ 2: 't1' }, { 2: 't1', 4: 't1' }, { 4: 't1' }, { 2: 't1', 4: 't1' }];
    const riffs = holds.map((takes, place) => makeRiff(`s${place}`, 'a', place + 2, takes));
    const louder = { ...makeRiff('s9', 'a', 9, { 2: 't1' }) };
    const all = [
      ...riffs,
      {
        ...louder,
        slots: louder.slots.map((slot) => (slot.loop ? { ...slot, gain: 0.75 } : slot)),
      },
    ];
    for (const riff of all) {
      write(db, { kind: 'riff', sessionId, riff, takes: [], gridShift: 0, moveId: riff.id });
    }
    const stored = (read(db, { kind: 'riffs', sessionId, afterSeq: 1 }) as Riff[]).map(
      ({ slots }) => slots,
    );
    expect(stored).toEqual(all.map(({ slots }) => [...slots]));
    const [first, second, third, fourth, last] = stored;
    expect([first?.[2] === second?.[2], second?.[4] === third?.[4]]).toEqual([true, true]);
    expect([first?.[2] === fourth?.[2], fourth?.[2] === last?.[2]]).toEqual([true, false]);
  });

  test('more than a page comes in pages', () => {
    const { db, sessionId } = filled();
    for (let seq = 2; seq < 250; seq += 1) {
      const riff = makeRiff(`r${seq}`, 'root', seq);
      write(db, { kind: 'riff', sessionId, riff, takes: [], gridShift: 0, moveId: `x${seq}` });
    }
    const first = read(db, { kind: 'riffs', sessionId, afterSeq: -1 }) as { seq: number }[];
    const second = read(db, { kind: 'riffs', sessionId, afterSeq: 199 }) as { seq: number }[];
    expect([first.length, first.at(-1)?.seq, second.length, second[0]?.seq]).toEqual([
      200, 199, 50, 200,
    ]);
  });
});
