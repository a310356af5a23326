/** Backups whose dates lie, because the wall clock did: what is newest is what holds the most commits. */
import { afterAll, expect, test } from 'bun:test';
import { mkdirSync, mkdtempSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Keeper } from '../../../server/session/keeper/keeper.ts';
import { backupsIn, makeBackup } from '../../../server/session/store/backup.ts';
import { Journal } from '../../../server/session/store/journal.ts';
import { databasePath, openStore } from '../../../server/session/store/mend.ts';
import { write } from '../../../server/session/store/write.ts';

const root = mkdtempSync(join(tmpdir(), 'fz-clock-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let count = 0;

const NOW_MS = Date.UTC(2026, 10, 27, 12, 30);
const HOUR_MS = 3_600_000;
/** A battery that is empty, and a year that was set wrong. */
const PAST_MS = 86_400_000;
const FUTURE_MS = Date.UTC(2040, 0);

/** A data folder in which a session is named anew again and again. */
const makeStage = () => {
  const folder = join(root, `${(count += 1)}`);
  mkdirSync(folder);
  const { db } = openStore(folder, 1);
  let journal = new Journal(folder);
  let named = 0;
  const commit = (request: Parameters<typeof write>[1]) => journal.add(write(db, request), request);
  commit({ kind: 'firstSession', sessionId: 's', name: '0', atMs: 1, openId: 'o' });
  return {
    folder,
    db,
    /** An engine begins a new file of the journal. */
    restart: () => (journal = new Journal(folder)),
    name(times: number) {
      for (let time = 0; time < times; time += 1) {
        const takeId = `c${(named += 1)}`;
        commit({ kind: 'newSession', ...sessionOf(takeId) });
      }
    },
    backUp: (atMs: number) => makeBackup(db, folder, atMs),
    /** The file is damaged; how many sessions there are when it was put together again. */
    mended() {
      db.close();
      truncateSync(databasePath(folder), 100);
      for (const part of ['-wal', '-shm']) rmSync(databasePath(folder) + part, { force: true });
      const { db: again, mended } = openStore(folder, 2);
      const { sessions } = again.query('SELECT count(*) AS sessions FROM session').get() as {
        sessions: number;
      };
      again.close();
      return { sessions, missing: mended?.missingCount };
    },
  };
};

const sessionOf = (id: string) => ({
  sessionId: id,
  name: id,
  root: {
    id: `r${id}`,
    parentId: null,
    seq: 0,
    tsMs: 0,
    cause: 'ROOT' as const,
    slot: null,
    bars: 0,
    label: '',
    bpm: 120,
    meter: { beats: 4, unit: 4 as const },
    slots: [],
  },
  gridShift: 0,
  atMs: 1,
  moveId: `m${id}`,
  openId: `o${id}`,
});

test.each([
  ['the past', PAST_MS],
  ['the future', FUTURE_MS],
])('one that is dated in %s takes no commit with it', (_, wrongMs) => {
  for (const [first, second] of [
    [NOW_MS, wrongMs],
    [wrongMs, NOW_MS],
  ] as const) {
    const stage = makeStage();
    stage.name(3);
    stage.backUp(first);
    stage.restart();
    stage.name(4);
    stage.restart();
    stage.name(1);
    stage.backUp(second);
    stage.restart();
    stage.name(2);
    expect(stage.mended()).toEqual({ sessions: 11, missing: 0 });
  }
});

test('the one just made stays, whatever its date', () => {
  const stage = makeStage();
  for (let hours = 0; hours < 24 * 9; hours += 1) {
    stage.name(1);
    stage.backUp(NOW_MS + hours * HOUR_MS);
  }
  stage.name(1);
  stage.backUp(PAST_MS);
  expect(backupsIn(stage.folder).at(-1)?.atMs).toBe(PAST_MS);
  // The one after it may take its place.
  stage.name(1);
  stage.backUp(NOW_MS + 24 * 9 * HOUR_MS);
  expect(backupsIn(stage.folder).map(({ atMs }) => atMs)).not.toContain(PAST_MS);
}, 60_000);

const keeperOf = (folder: string, stage: { nowMs: number }, onRest = (): void => undefined) => {
  const news: string[] = [];
  const keeper = new Keeper({
    dataFolder: folder,
    clock: () => stage.nowMs,
    rest(ms) {
      stage.nowMs += ms;
      onRest();
      return Promise.resolve();
    },
    tell(each) {
      if (each.t === 'done' || each.t === 'failed') news.push(`${each.t} ${each.what}`);
    },
  });
  return { keeper, news };
};

test('after one that is dated in the future there is one an hour, not one a minute', () => {
  const stage = makeStage();
  stage.name(1);
  stage.backUp(FUTURE_MS);
  const clock = { nowMs: NOW_MS };
  const { keeper } = keeperOf(stage.folder, clock);
  for (let minute = 0; minute < 60; minute += 1) {
    stage.name(1);
    keeper.backUp();
    clock.nowMs += 60_000;
  }
  expect(backupsIn(stage.folder).map(({ atMs }) => atMs)).toEqual([FUTURE_MS, NOW_MS]);
});

test('a round comes once a day, also when the clock of the last one was a year ahead', async () => {
  const stage = makeStage();
  mkdirSync(join(stage.folder, 'audio'));
  const clock = { nowMs: FUTURE_MS };
  const isOver = new Error('over');
  const { keeper, news } = keeperOf(stage.folder, clock, () => {
    if (news.includes('done round') && clock.nowMs > FUTURE_MS) clock.nowMs = NOW_MS;
    if (clock.nowMs > NOW_MS + 50 * HOUR_MS && clock.nowMs < FUTURE_MS) throw isOver;
  });
  await expect(keeper.run()).rejects.toBe(isOver);
  const rounds = news.filter((each) => each === 'done round').length;
  expect([rounds, news.filter((each) => each.startsWith('failed'))]).toEqual([4, []]);
});
