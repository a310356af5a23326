import { afterAll, describe, expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CommitLog } from '../../../server/session/riffs/commit-log.ts';
import type { Riff } from '../../../server/session/riffs/riff.ts';
import { openDatabase } from '../../../server/session/store/database.ts';
import { read } from '../../../server/session/store/read.ts';
import { openSession } from '../../../server/session/store/open.ts';
import { write } from '../../../server/session/store/write.ts';
import type { TakeFile } from '../../../server/session/takes/take-safety.ts';
import { Takes } from '../../../server/session/takes/takes.ts';
import { answer } from './answer.ts';
import { makeRiff, makeTake, RUN_ID } from './samples.ts';

const folder = mkdtempSync(join(tmpdir(), 'fz-commit-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A log on a real database, which does what it is asked for when it is told to. */
const makeStage = (name: string) => {
  const db = openDatabase(join(folder, `${name}.db`));
  const opening = { dataFolder: folder, atMs: 5, newSessionName: 'S', isFresh: false } as const;
  const { sessionId } = openSession(db, { kind: 'open', ...opening });
  write(db, { kind: 'beginRun', runId: RUN_ID, sessionId, rateHz: 48_000, atMs: 6, gridShift: 0 });
  const takes = new Takes(folder);
  const asked: (() => void)[] = [];
  const saved: string[] = [];
  const log = new CommitLog({
    takes,
    write: (request, done, failed) =>
      asked.push(() => answer(() => write(db, request), done, failed)),
    onSaved(takeId) {
      takes.setSaved(takeId);
      saved.push(takeId);
    },
  });
  let moves = 0;
  const addRiff = (riff: ReturnType<typeof makeRiff>) => {
    moves += 1;
    log.addRiff({ sessionId, riff, gridShift: 0, moveId: `m${moves}` });
  };
  /** Into an empty tree too. */
  const open = (riff: ReturnType<typeof makeRiff>) => {
    if (moves === 0) addRiff(makeRiff('root', null, 0));
    moves += 1;
    log.addRiff({ sessionId, riff, gridShift: 0, moveId: `m${moves}` }, true);
  };
  const addTake = (id: string) => {
    takes.add(makeTake(id));
    takes.setDurable(id);
  };
  /** One answer of the store; the power may go after each. */
  const workOnce = () => {
    const next = asked.shift();
    if (!next) throw new Error('nothing was asked of the store');
    next();
  };
  const work = () => {
    for (let next = asked.shift(); next; next = asked.shift()) next();
  };
  const inStore = () => read(db, { kind: 'riffs', sessionId, afterSeq: -1 }) as Riff[];
  const riffs = () => inStore().map((riff) => [riff.id, riff.parentId]);
  const bpms = () => inStore().map(({ bpm }) => bpm);
  const stored = () => read(db, { kind: 'takes', sessionId, afterRow: 0 });
  const headOf = () => openSession(db, { kind: 'open', ...opening }).head?.riffId;
  return {
    addRiff,
    addTake,
    bpms,
    headOf,
    log,
    open,
    riffs,
    saved,
    sessionId,
    stored,
    takes,
    work,
    workOnce,
  };
};

const file: TakeFile = { takeId: 't1', part: 'window', sha256: 'ab', bytes: 9, preFrames: 0 };
// Its number is taken: the store will never have it.
const refused = () => makeRiff('a', 'root', 0, { 2: 't1' });

/** The take is safe by it alone. */
const getsOwnFile = ({ log, takes }: ReturnType<typeof makeStage>) => {
  log.addFile(file);
  takes.setDurable('t1');
  log.onDurable('t1');
};

describe('a take that is safe through its own file alone', () => {
  test('is called saved when the store has that file', () => {
    const stage = makeStage('own-file');
    stage.addRiff(makeRiff('root', null, 0));
    stage.takes.add(makeTake('t1'));
    stage.addRiff(makeRiff('a', 'root', 1, { 2: 't1' }));
    getsOwnFile(stage);
    while (stage.saved.length === 0) stage.workOnce();
    expect(stage.stored()).toMatchObject([{ take: { id: 't1' }, files: [file] }]);
  });

  test('keeps it when its riff is refused, for the next that brings the take', () => {
    const stage = makeStage('own-file-refused');
    stage.addRiff(makeRiff('root', null, 0));
    stage.takes.add(makeTake('t1'));
    stage.addRiff(refused());
    getsOwnFile(stage);
    stage.work();
    expect(stage.saved).toEqual([]);
    stage.addRiff(makeRiff('b', 'a', 1, { 2: 't1' }));
    while (stage.saved.length === 0) stage.workOnce();
    expect(stage.stored()).toMatchObject([{ take: { id: 't1' }, files: [file] }]);
  });
});

test('a file that came with a riff that is refused follows with the next one that brings the take', () => {
  const stage = makeStage('sibling');
  stage.addRiff(makeRiff('root', null, 0));
  stage.takes.add(makeTake('t1'));
  stage.addRiff(refused());
  getsOwnFile(stage);
  stage.addRiff(makeRiff('b', 'root', 1, { 2: 't1' }));
  stage.work();
  expect(stage.saved).toEqual(['t1']);
  expect(stage.stored()).toMatchObject([{ take: { id: 't1' }, files: [file] }]);
});

describe('a riff the store refuses for good', () => {
  test('leaves its take, and the riffs after it, to be stored', () => {
    const stage = makeStage('later');
    stage.addRiff(makeRiff('root', null, 0));
    stage.addTake('t1');
    stage.addRiff(refused());
    stage.log.addFile(file);
    stage.work();
    expect(stage.riffs()).toEqual([['root', null]]);
    expect(stage.saved).toEqual([]);
    stage.addRiff(makeRiff('b', 'a', 1, { 2: 't1' }));
    stage.work();
    expect(stage.riffs()).toEqual([
      ['root', null],
      ['b', 'root'],
    ]);
    expect(stage.saved).toEqual(['t1']);
    expect(stage.stored()).toMatchObject([{ take: { id: 't1' }, files: [file] }]);
  });

  test('also when those were on their way already', () => {
    const stage = makeStage('sooner');
    stage.addRiff(makeRiff('root', null, 0));
    stage.addTake('t1');
    stage.addRiff(refused());
    stage.addRiff(makeRiff('b', 'a', 1, { 2: 't1' }));
    stage.addRiff(makeRiff('c', 'b', 2, { 2: 't1' }));
    const move = { kind: 'head', sessionId: stage.sessionId, cause: 'UNDO', gridShift: 0 } as const;
    stage.log.add({ ...move, from: 'c', to: 'a', atMs: 9, moveId: 'u' });
    stage.work();
    expect(stage.riffs()).toEqual([
      ['root', null],
      ['b', 'root'],
      ['c', 'b'],
    ]);
    expect(stage.saved).toEqual(['t1']);
    expect(stage.headOf()).toBe('root');
  });

  test('a take that two riffs bring is saved once', () => {
    const stage = makeStage('twice');
    stage.addTake('t1');
    stage.addRiff(makeRiff('root', null, 0, { 0: 't1' }));
    stage.addRiff(makeRiff('b', 'root', 1, { 0: 't1' }));
    stage.work();
    expect(stage.saved).toEqual(['t1']);
    expect(stage.riffs()).toHaveLength(2);
  });

  test('a take whose sound is lost holds up nothing, is never called saved, and costs no other loop', () => {
    for (const isLost of [true, false]) {
      const { addRiff, addTake, log, riffs, saved, takes, work } = makeStage(`lost-${isLost}`);
      addTake('t1');
      takes.add(makeTake('t2'));
      addRiff(makeRiff('root', null, 0));
      addRiff(makeRiff('a', 'root', 1, { 0: 't1', 1: 't2' }));
      addRiff(makeRiff('b', 'a', 2, { 0: 't1' }));
      work();
      expect(riffs()).toEqual([['root', null]]);
      if (isLost) log.onLost('t2');
      work();
      expect(riffs().length).toBe(isLost ? 3 : 1);
      expect(saved).toEqual(isLost ? ['t1'] : []);
      addRiff(makeRiff('c', 'b', 3, { 1: 't2' }));
      work();
      expect(riffs().length).toBe(isLost ? 4 : 1);
    }
  });
});

describe('a riff that is open', () => {
  const tempo = (bpm: number) => ({ ...makeRiff('a', 'root', 1), bpm });

  test('is stored when it is closed, as it has become, and once', () => {
    const { log, open, bpms, work } = makeStage('open');
    open(tempo(100));
    log.amend(tempo(110));
    work();
    expect(log.isOpen('a')).toBe(true);
    expect(bpms()).toEqual([120]);
    log.close();
    log.amend(tempo(130));
    log.close();
    work();
    expect(log.isOpen('a')).toBe(false);
    expect(bpms()).toEqual([120, 110]);
  });

  test('goes ahead of what follows it', () => {
    const { addRiff, bpms, log, open, riffs, sessionId, work } = makeStage('followed');
    open(tempo(100));
    addRiff(makeRiff('b', 'a', 2));
    open({ ...makeRiff('c', 'b', 3), bpm: 90 });
    const move = { kind: 'head', sessionId, cause: 'UNDO', gridShift: 0 } as const;
    log.add({ ...move, from: 'c', to: 'b', atMs: 9, moveId: 'u' });
    work();
    expect(riffs().map(([id]) => id)).toEqual(['root', 'a', 'b', 'c']);
    expect(bpms()).toEqual([120, 100, 120, 90]);
  });

  test('is not closed by a file, which hangs on no riff that is to come', () => {
    const { addRiff, addTake, bpms, log, open, stored, work } = makeStage('beside');
    addTake('t1');
    addRiff(makeRiff('root', null, 0, { 0: 't1' }));
    open(tempo(100));
    log.addFile(file);
    work();
    expect(log.isOpen('a')).toBe(true);
    expect(bpms()).toEqual([120]);
    expect(stored()).toMatchObject([{ files: [file] }]);
  });
});
