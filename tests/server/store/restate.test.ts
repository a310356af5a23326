/** The store has lost a commit that was acknowledged: what hangs on it is stored all the same. */
import { afterAll, expect, test } from 'bun:test';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { emptyState } from '../../../protocol/empty-state.ts';
import { CommitLog } from '../../../server/session/riffs/commit-log.ts';
import { History } from '../../../server/session/riffs/history.ts';
import { headRestated, restated } from '../../../server/session/riffs/restate.ts';
import { openDatabase } from '../../../server/session/store/database.ts';
import { openSession } from '../../../server/session/store/open.ts';
import { read } from '../../../server/session/store/read.ts';
import { checkSeals } from '../../../server/session/store/seals.ts';
import type { HeadMove, StoredTake } from '../../../server/session/store/stored.ts';
import type { StoreWrite } from '../../../server/session/store/write-requests.ts';
import { write } from '../../../server/session/store/write.ts';
import { Takes } from '../../../server/session/takes/takes.ts';
import { GridEpochs } from '../../../server/session/runs/grid-epochs.ts';
import type { Riff } from '../../../server/session/riffs/riff.ts';
import { makeFolder } from '../../judge/product.ts';
import { answer } from './answer.ts';
import { makeRiff, makeTake, RUN_ID } from './samples.ts';

const folder = makeFolder();
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let count = 0;

const EPOCH = {
  fromFrame: 0,
  lineFrame: 4,
  lineBeat: 0,
  lineBar: 0,
  framesPerBeat: 30_000,
  beatsPerBar: 3,
};

const makeStage = () => {
  const opening = { kind: 'open', dataFolder: folder, atMs: 5, newSessionName: 'S' } as const;
  const nextPath = () => join(folder, `${(count += 1)}.db`);
  let db = openDatabase(nextPath());
  const { sessionId } = openSession(db, opening);
  let earlier = '';
  const keep = () => {
    earlier = nextPath();
    db.query('VACUUM INTO ?').run(earlier);
  };
  keep();
  const bad = new Set<string>();
  const asked: StoreWrite[] = [];
  const takes = new Takes(folder);
  const history = new History(makeRiff('r0', null, 0));
  const empty = emptyState();
  const state = { ...empty, meta: { ...empty.meta, sessionId, sessionName: 'S' } };
  const clocks = { newId: () => crypto.randomUUID(), wallClock: () => 7 };
  const epochs = new GridEpochs([EPOCH]);
  const run = { runId: RUN_ID, rateHz: 48_000, gridShift: 3, epochs };
  const context = { ...clocks, ...run, history, takes, state };
  const queue: (() => void)[] = [];
  const saved: string[] = [];
  const log = new CommitLog({
    takes,
    write: (request, done, failed) =>
      queue.push(() => {
        asked.push(request);
        const act = () => {
          if (request.kind === 'riff' && bad.has(request.riff.id)) throw new Error('constraint');
          write(db, request);
        };
        answer(act, done, failed);
      }),
    onSaved(takeId) {
      takes.setSaved(takeId);
      saved.push(takeId);
    },
    restate: ({ riff }, parentOf, stepsMax) => restated(context, riff, { parentOf, stepsMax }),
    headAgain: (storedHead) => headRestated(context, storedHead),
  });
  const work = () => {
    for (let next = queue.shift(); next; next = queue.shift()) next();
  };
  const add = (seq: number, bars = 4, runId = RUN_ID) => {
    takes.add({ ...makeTake(`t${seq}`), runId });
    takes.setDurable(`t${seq}`);
    const { id: parentId, slots } = history.head;
    const loops = Object.fromEntries(
      slots.flatMap(({ loop }, slot) => (loop ? [[slot, loop.takeId]] : [])),
    );
    const made = { ...loops, [seq % 2]: `t${seq}` };
    const riff = { ...makeRiff(`r${seq}`, parentId, seq, made), bars };
    history.add(riff);
    log.addRiff({ sessionId, riff, gridShift: 3, moveId: `m${seq}` });
  };
  log.add({ kind: 'beginRun', runId: RUN_ID, sessionId, rateHz: 48_000, atMs: 6, gridShift: 3 });
  log.addRiff({ sessionId, riff: history.root, gridShift: 3, moveId: 'm0' });
  work();
  return {
    add,
    work,
    saved,
    keep,
    bad,
    asked,
    recall(riffId: string) {
      const move = { from: history.head.id, to: riffId, cause: 'RECALL', moveId: riffId } as const;
      history.moveTo(riffId);
      log.add({ kind: 'head', sessionId, ...move, gridShift: 3, atMs: 8 });
    },
    moves: () =>
      (read(db, { kind: 'moves', sessionId, afterSeq: 0 }) as HeadMove[]).map(({ from, to }) => [
        from,
        to,
      ]),
    addFile(takeId: string) {
      const file = { takeId, part: 'window', sha256: 'ab', bytes: 9, preFrames: 0 } as const;
      takes.setFile(file);
      log.addFile(file);
    },
    /** Put together again without anything of this run. */
    lose() {
      db.close();
      db = openDatabase(earlier);
    },
    riffs: (afterSeq = -1) =>
      (read(db, { kind: 'riffs', sessionId, afterSeq }) as Riff[]).map(({ id, parentId }) => [
        id,
        parentId,
      ]),
    takes: () =>
      (read(db, { kind: 'takes', sessionId, afterRow: 0 }) as StoredTake[]).map(
        ({ files, take }) => [take.id, files.length],
      ),
    head: () => openSession(db, opening).head,
    broken: () => [...checkSeals(db)].flatMap((page) => page.broken),
    grid: () => openSession(db, opening).epochs,
  };
};

test('what a riff hangs on is told again, with its takes, their files, its run and the grid of that', () => {
  const stage = makeStage();
  stage.add(1);
  stage.addFile('t1');
  stage.work();
  stage.lose();
  // The one behind it is on its way already.
  stage.add(2);
  stage.add(3);
  stage.work();
  expect(stage.riffs()).toEqual([
    ['r0', null],
    ['r1', 'r0'],
    ['r2', 'r1'],
    ['r3', 'r2'],
  ]);
  expect(stage.takes()).toEqual([
    ['t1', 1],
    ['t2', 0],
    ['t3', 0],
  ]);
  expect(stage.saved).toEqual(['t1', 't2', 't3']);
  expect(stage.head()).toEqual({ riffId: 'r3', gridShift: 3 });
  expect(stage.grid()).toEqual([EPOCH]);
});

test('a riff that is refused for what it is is left out', () => {
  const stage = makeStage();
  stage.add(1);
  stage.add(2, null as unknown as number);
  stage.add(3);
  stage.work();
  expect(stage.riffs()).toEqual([
    ['r0', null],
    ['r1', 'r0'],
    ['r3', 'r1'],
  ]);
  expect(stage.head()?.riffId).toBe('r3');
});

test('the head is where the player is, and nothing that is told again moves it', () => {
  const stage = makeStage();
  stage.keep();
  stage.add(1);
  stage.add(2);
  stage.work();
  stage.lose();
  stage.add(3);
  stage.recall('r0');
  // Stored before the one before it, which hangs on what was lost.
  stage.add(4);
  stage.work();
  expect(stage.riffs().toSorted()).toEqual([
    ['r0', null],
    ['r1', 'r0'],
    ['r2', 'r1'],
    ['r3', 'r2'],
    ['r4', 'r0'],
  ]);
  expect(stage.head()?.riffId).toBe('r4');
  expect(stage.moves()).toEqual([
    [null, 'r0'],
    ['r0', 'r4'],
    ['r2', 'r3'],
    ['r3', 'r0'],
    ['r0', 'r4'],
  ]);
  stage.add(5);
  stage.work();
  expect(stage.broken()).toEqual([]);
});

test('also what hangs on many that were lost is stored, and the next one as ever', () => {
  const stage = makeStage();
  for (let seq = 1; seq <= 300; seq += 1) stage.add(seq);
  stage.work();
  stage.lose();
  stage.add(301);
  stage.work();
  expect([...stage.riffs(), ...stage.riffs(199)]).toHaveLength(302);
  stage.asked.length = 0;
  stage.add(302);
  stage.work();
  expect(stage.asked).toHaveLength(1);
  expect(stage.head()?.riffId).toBe('r302');
});

test('one that is refused when it is told again is left out, and its loop is kept', () => {
  const stage = makeStage();
  for (const seq of [1, 2, 3]) stage.add(seq);
  stage.work();
  stage.lose();
  stage.bad.add('r2');
  stage.add(4);
  stage.add(5);
  stage.work();
  expect(stage.riffs()).toEqual([
    ['r0', null],
    ['r1', 'r0'],
    ['r4', 'r1'],
    ['r5', 'r4'],
  ]);
  expect(stage.takes().map(([id]) => id)).toEqual(['t1', 't4', 't3', 't5']);
  stage.asked.length = 0;
  stage.add(6);
  stage.work();
  expect(stage.asked).toHaveLength(1);
});

test('takes of an engine before this one are stored, although its run was lost', () => {
  const stage = makeStage();
  stage.add(1);
  stage.work();
  stage.lose();
  stage.add(2, 4, 'cd'.repeat(16));
  stage.work();
  expect(stage.takes().map(([id]) => id)).toEqual(['t1', 't2']);
  expect(stage.grid()).toEqual([EPOCH]);
});
