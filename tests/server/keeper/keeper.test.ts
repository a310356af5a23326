/** A round through what is stored: what is damaged, found or torn is told, and nothing else. */
import { Database } from 'bun:sqlite';
import { afterAll, expect, test } from 'bun:test';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LIMITS } from '../../../protocol/limits.ts';
import { wavHeader } from '../../../server/wav-header.ts';
import { Keeper } from '../../../server/session/keeper/keeper.ts';
import type { KeeperNews, KeeperReport } from '../../../server/session/keeper/keeper-port.ts';
import { backupsIn } from '../../../server/session/store/backup.ts';
import { databasePath, openStore } from '../../../server/session/store/mend.ts';
import { write } from '../../../server/session/store/write.ts';
import { Dice } from '../../guard/generators.ts';
import { printedSeed } from '../../support/seed.ts';
import { makeRiff, makeTake, RUN_ID } from '../store/samples.ts';

const root = mkdtempSync(join(tmpdir(), 'fz-keeper-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let count = 0;

const HOUR_MS = 3_600_000;
const FRAMES = 1000;
const sessionId = 's1';

const soundOf = (value: number): Buffer => {
  const bytes = Buffer.alloc(58 + 8 * FRAMES, value);
  bytes.set(wavHeader(FRAMES, 48_000, 2));
  return bytes;
};
const shaOf = (bytes: Buffer): string => new Bun.CryptoHasher('sha256').update(bytes).digest('hex');

/** Four takes with files, and a keeper that rests in no time. */
const makeStage = () => {
  const folder = join(root, `${(count += 1)}`);
  mkdirSync(join(folder, 'audio'), { recursive: true });
  const { db } = openStore(folder, 1);
  write(db, { kind: 'firstSession', sessionId, name: 'S', atMs: 1, openId: 'o' });
  write(db, { kind: 'beginRun', runId: RUN_ID, sessionId, rateHz: 48_000, atMs: 1, gridShift: 0 });
  const pathOf = (sha256: string) => join(folder, 'audio', `${sha256}.wav`);
  const put = (bytes: Buffer, sha256 = shaOf(bytes), ageMs = HOUR_MS) => {
    writeFileSync(pathOf(sha256), bytes);
    const seconds = (stage.nowMs - ageMs) / 1000;
    utimesSync(pathOf(sha256), seconds, seconds);
    return sha256;
  };
  const stage = { nowMs: 1e12, restedMs: 0 };
  for (let value = 0; value < 4; value += 1) {
    const takeId = `t${value}`;
    write(db, { kind: 'take', sessionId, take: makeTake(takeId) });
    const bytes = soundOf(value);
    const file = { takeId, part: 'window', sha256: put(bytes), bytes: bytes.length } as const;
    write(db, { kind: 'takeFile', file: { ...file, preFrames: 0 } });
  }
  for (const [seq, parent] of [null, 'r0'].entries()) {
    const riff = makeRiff(`r${seq}`, parent, seq, { 0: 't0' });
    write(db, { kind: 'riff', sessionId, riff, takes: [], gridShift: 0, moveId: `m${seq}` });
  }
  const news: KeeperNews[] = [];
  const keeper = new Keeper({
    dataFolder: folder,
    clock: () => stage.nowMs,
    rest(ms) {
      stage.restedMs += ms;
      return Promise.resolve();
    },
    tell: (each) => news.push(each),
  });
  /** The takes that were called whole, and what else was told. */
  const round = async (): Promise<{
    news: KeeperNews[];
    whole: string[];
    report: KeeperReport | undefined;
  }> => {
    news.length = 0;
    await keeper.round();
    const last = news.findLast((each) => each.t === 'report');
    const isWhole = (each: KeeperNews) => each.t === 'take' && !each.isDamaged;
    return {
      news: news.filter((each) => each.t !== 'report' && each.t !== 'done' && !isWhole(each)),
      whole: news.flatMap((each) => (each.t === 'take' && !each.isDamaged ? [each.takeId] : [])),
      report: last?.t === 'report' ? last.report : undefined,
    };
  };
  return { db, folder, keeper, news, pathOf, put, round, stage };
};

const WHOLE = { t: 'file', isWhole: true, why: '' } as const;

test('what is whole is called so in each round, and is read at its pace', async () => {
  const { round, stage } = makeStage();
  const { news, report, whole } = await round();
  expect(news).toEqual([WHOLE]);
  // Whoever was told of damage by a thread that is gone has to hear it.
  expect(whole).toEqual(['t0', 't1', 't2', 't3']);
  expect(report).toMatchObject({ checkedFiles: 4, files: 4, damagedTakes: 0, roundEndedMs: 1e12 });
  const bytes = 4 * (58 + 8 * FRAMES);
  expect(stage.restedMs).toBeGreaterThanOrEqual((bytes * 1000) / LIMITS.keeperBytesPerSecond);
});

test('a missing file and a changed one are told of their takes, until they are whole again', async () => {
  const { pathOf, put, round } = makeStage();
  rmSync(pathOf(shaOf(soundOf(1))));
  writeFileSync(pathOf(shaOf(soundOf(2))), soundOf(3));
  const first = await round();
  expect(first.news).toEqual([
    WHOLE,
    // A missing one at once, and when its turn comes.
    { t: 'take', takeId: 't1', isDamaged: true },
    { t: 'take', takeId: 't1', isDamaged: true },
    { t: 'take', takeId: 't2', isDamaged: true },
  ]);
  expect(first.report?.damagedTakes).toBe(2);
  for (const value of [1, 2]) put(soundOf(value));
  const second = await round();
  expect(second.news).toEqual([WHOLE]);
  expect(second.whole).toEqual(['t0', 't1', 't2', 't3']);
  expect(second.report?.damagedTakes).toBe(0);
});

test('a damaged take of a session that was removed is damaged no more', async () => {
  const { db, pathOf, round } = makeStage();
  rmSync(pathOf(shaOf(soundOf(1))));
  expect((await round()).report?.damagedTakes).toBe(1);
  write(db, { kind: 'removeSession', sessionId, atMs: 2 });
  const { news, report, whole } = await round();
  expect(news).toEqual([WHOLE]);
  expect(whole).toContain('t1');
  expect(report?.damagedTakes).toBe(0);
});

test('any flipped bit of any file is found', async () => {
  const { pathOf, round } = makeStage();
  const dice = new Dice(printedSeed());
  for (let trial = 0; trial < 100; trial += 1) {
    const value = dice.below(4);
    const path = pathOf(shaOf(soundOf(value)));
    const bytes = readFileSync(path);
    const place = dice.below(bytes.length);
    bytes[place] = (bytes[place] ?? 0) ^ (1 << dice.below(8));
    writeFileSync(path, bytes);
    const { news } = await round();
    expect(news).toContainEqual({ t: 'take', takeId: `t${value}`, isDamaged: true });
    expect(news.filter((each) => each.t === 'take' && each.isDamaged)).toHaveLength(1);
    writeFileSync(path, soundOf(value));
    await round();
  }
});

test('a file of nobody is told when it is old enough; a torn one apart; others are not ours', async () => {
  const { folder, put, round } = makeStage();
  const found = put(soundOf(7));
  put(soundOf(8), shaOf(soundOf(8)), 1000);
  const torn = put(Buffer.alloc(0), 'ab'.repeat(32));
  const odd = Buffer.from('no sound at all'.repeat(9));
  put(odd);
  writeFileSync(join(folder, 'audio', 'mine.wav'), soundOf(9));
  const { news } = await round();
  const file = { sha256: found, bytes: 58 + 8 * FRAMES, frames: FRAMES, rateHz: 48_000 };
  expect(news).toEqual([
    WHOLE,
    { t: 'found', files: [expect.objectContaining(file)] },
    { t: 'torn', sha256s: [torn] },
  ]);
});

test('a file of nobody is found also when it was written while the clock was years ahead', async () => {
  const { put, round } = makeStage();
  const sha256 = put(soundOf(7), shaOf(soundOf(7)), -9000 * HOUR_MS);
  // A clock that was corrected by a moment makes no file old.
  put(soundOf(8), shaOf(soundOf(8)), -1000);
  const { news } = await round();
  expect(news).toEqual([WHOLE, { t: 'found', files: [expect.objectContaining({ sha256 })] }]);
});

test('a riff that is not what was written is told', async () => {
  const { db, round } = makeStage();
  db.run("DROP TRIGGER riff_no_update; UPDATE riff SET bpm = 99 WHERE id = 'r1'");
  const { news } = await round();
  expect(news).toEqual([{ t: 'file', isWhole: false, why: expect.stringContaining('r1') }]);
});

test('a backup each hour in which something was written, of which a day and a week are kept', () => {
  const { db, folder, keeper, news, stage } = makeStage();
  const from = stage.nowMs;
  for (let hour = 0; hour < 24 * 9; hour += 1) {
    stage.nowMs = from + hour * HOUR_MS;
    write(db, { kind: 'sessionName', sessionId, name: `${hour}` });
    for (let minute = 0; minute < 60; minute += 20) {
      keeper.backUp();
      stage.nowMs += 20 * 60_000;
    }
  }
  const kept = backupsIn(folder);
  const agesHours = kept.map(({ atMs }) => Math.round((stage.nowMs - atMs) / HOUR_MS));
  expect(agesHours.slice(0, 24)).toEqual(Array.from({ length: 24 }, (_, index) => index + 1));
  expect(agesHours.slice(24).length).toBeLessThanOrEqual(7);
  expect(agesHours.at(-1)).toBeGreaterThan(24 * 5);
  using newest = new Database(kept[0]?.path ?? '', { readonly: true });
  expect(newest.query('SELECT name FROM session').get()).toEqual({ name: '215' });
  keeper.backUp();
  keeper.backUp();
  stage.nowMs += 5 * HOUR_MS;
  keeper.backUp();
  // Nothing was written since.
  expect(backupsIn(folder)).toEqual(kept);
  expect(news.filter(({ t }) => t === 'failed')).toEqual([]);
}, 60_000);

test('what cannot be done is told, and is no end', async () => {
  const { db, folder, keeper, news, round } = makeStage();
  db.close();
  writeFileSync(databasePath(folder), 'no database'.repeat(999));
  expect((await round()).news).toMatchObject([{ t: 'failed', what: 'round' }]);
  keeper.backUp();
  expect(news.at(-1)).toMatchObject({ t: 'failed', what: 'backup' });
});
