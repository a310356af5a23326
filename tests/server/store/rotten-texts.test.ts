/** One byte of a text has rotten: it comes back out of backup and journal, or costs what it says alone. */
import { Database } from 'bun:sqlite';
import { afterAll, describe, expect, test } from 'bun:test';
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { Ballast } from '../../../server/ballast.ts';
import { historyOf, loadSession, restoreTakes } from '../../../server/session/load-session.ts';
import { EMPTY_SLOT, type Riff } from '../../../server/session/riffs/riff.ts';
import { makeBackup } from '../../../server/session/store/backup.ts';
import type { StoreReader } from '../../../server/session/store/client.ts';
import { Journal } from '../../../server/session/store/journal.ts';
import { databasePath, openStore } from '../../../server/session/store/mend.ts';
import { openFile } from '../../../server/session/store/open-file.ts';
import { openSession } from '../../../server/session/store/open.ts';
import type { OpenedStore } from '../../../server/session/store/stored.ts';
import type { MixDocument, StoreWrite } from '../../../server/session/store/write-requests.ts';
import { read } from '../../../server/session/store/read.ts';
import { checkSeals } from '../../../server/session/store/seals.ts';
import type { RottenText } from '../../../server/session/store/texts.ts';
import { write } from '../../../server/session/store/write.ts';
import { type Take, Takes } from '../../../server/session/takes/takes.ts';
import { makeFolder } from '../../judge/product.ts';
import { makeRiff, makeTake, RUN_ID } from './samples.ts';

const root = makeFolder();
afterAll(() => rmSync(root, { recursive: true, force: true }));
let count = 0;
const nextFolder = () => {
  const folder = join(root, `${(count += 1)}`);
  mkdirSync(folder);
  return folder;
};

const MIX: MixDocument = {
  slots: [{ gain: 0.5, pan: 0, muted: false, soloed: false, name: 'Bass' }],
  bpm: 97,
  meter: { beats: 4, unit: 4 },
  metronome: { on: false, gainDb: -6 },
  loopBars: 2,
};
const LAYER = {
  takeId: 't1',
  originBeat: 0,
  lengthBeats: 16,
  offsetFrames: 0,
  gainLeft: 1,
  gainRight: 1,
  mode: 'repitch',
  tail: false,
} as const;
const RECIPE = { kind: 'merge', lengthBeats: 16, framesPerBeat: 24_000, layers: [LAYER] } as const;
const NOTE = { frame: 97_000, instanceId: 'p1', note: 60, velocity: 90, on: true };

/** What is read of a data folder as an engine that begins does. */
const loaded = async (folder: string) => {
  const { db, mended } = openStore(folder, 900_000);
  const anyOpen = { kind: 'open', dataFolder: folder, atMs: 5, newSessionName: 'S' } as const;
  const opened = openSession(db, anyOpen) as OpenedStore;
  const store: StoreReader = {
    read: (request) => Promise.resolve(read(db, request as never) as never),
  };
  const session = await loadSession(store, opened);
  const takes = new Takes(folder);
  restoreTakes(session, takes);
  const history = historyOf(session, takes, () => makeRiff('made', null, 0));
  const broken = [...checkSeals(db)].flatMap((page) => page.broken);
  db.close();
  return { mended, mix: opened.mix, takes, history, riffs: session.riffs, broken };
};

/** A riff with chains, one with a loop made of another, a dry side and a mix; a backup of half of it. */
const makeClosed = (): string => {
  const folder = nextFolder();
  const { db } = openStore(folder, 1);
  const journal = new Journal(folder);
  const commit = (request: StoreWrite) => journal.add(write(db, request), request);
  const anyOpen = { kind: 'open', dataFolder: folder, atMs: 5, newSessionName: 'S' } as const;
  const { sessionId } = openSession(db, anyOpen, commit);
  const riff = (id: string, parent: string | null, seq: number, takeId?: string) =>
    makeRiff(id, parent, seq, takeId === undefined ? {} : { 0: takeId });
  const add = (each: Riff, takes: readonly Take[]) =>
    commit({ kind: 'riff', sessionId, riff: each, takes, gridShift: 0, moveId: `m${each.id}` });
  commit({ kind: 'beginRun', runId: RUN_ID, sessionId, rateHz: 48_000, atMs: 6, gridShift: 0 });
  add(riff('r0', null, 0), []);
  makeBackup(db, folder, 500_000);
  const chained = riff('r1', 'r0', 1, 't1');
  const [slot = EMPTY_SLOT] = chained.slots;
  add(
    { ...chained, slots: [{ ...slot, chain: ['chain-of-slot'] }], inputChain: ['chain-of-input'] },
    [makeTake('t1')],
  );
  add(riff('r2', 'r1', 2, 'd1'), [{ ...makeTake('d1'), recipe: RECIPE }]);
  const dry = makeTake('dry1');
  commit({ kind: 'dry', sessionId, takeId: 't1', take: dry, notes: [NOTE] });
  commit({ kind: 'mix', sessionId, mix: MIX });
  db.close();
  return folder;
};

const TEXTS = {
  'a mix': JSON.stringify(MIX),
  'the chain of a slot': '["chain-of-slot"]',
  'the chain of the input': '["chain-of-input"]',
  'a recipe': JSON.stringify(RECIPE),
  'the keys of an instrument': JSON.stringify([NOTE]),
};

/** In the session file alone. */
const damage = (folder: string, text: string, place: number, byte: number) => {
  const path = databasePath(folder);
  const bytes = readFileSync(path);
  const at = bytes.indexOf(text);
  expect(at).toBeGreaterThan(0);
  bytes[at + place] = byte;
  writeFileSync(path, bytes);
};

const textColumns = (folder: string): [table: string, column: string][] => {
  using db = new Database(databasePath(folder));
  return db
    .query(
      `SELECT sqlite_schema.name, columns.name FROM sqlite_schema,
       pragma_table_info(sqlite_schema.name) AS columns
       WHERE sqlite_schema.type = 'table' AND columns.type = 'TEXT'`,
    )
    .values() as [string, string][];
};

/** The first byte of what stands there last. */
const rot = (folder: string, table: string, column: string) => {
  using db = new Database(databasePath(folder));
  const guard = `${table}_no_update`;
  db.run(`PRAGMA ignore_check_constraints = ON; DROP TRIGGER IF EXISTS ${guard}`);
  db.run(
    `UPDATE ${table} SET ${column} = char(1) || substr(${column}, 2)
     WHERE rowid = (SELECT max(rowid) FROM ${table} WHERE ${column} IS NOT NULL)`,
  );
};

const keptTexts = (folder: string) => join(folder, 'aside', 'rotten-texts.jsonl');

const leftOf = (path: string) =>
  readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => Buffer.from((JSON.parse(line) as RottenText).bytes, 'hex').toString());

const withoutCopies = (folder: string) => {
  for (const copies of ['backup', 'journal']) rmSync(join(folder, copies), { recursive: true });
};

const copyOf = (folder: string) => {
  const copy = nextFolder();
  cpSync(folder, copy, { recursive: true });
  return copy;
};

const shown = ({ broken, history, mix, riffs, takes }: Awaited<ReturnType<typeof loaded>>) => {
  const derived = takes.get('d1');
  return {
    mix,
    head: history.head.id,
    riffs,
    broken,
    derived: [derived?.recipe, derived?.tainted],
    notes: takes.info('t1')?.notes,
  };
};

describe('a text of which one byte has rotten', () => {
  const closed = makeClosed();

  test.each(Object.entries(TEXTS))(
    '%s comes back out of backup and journal, and that is told',
    async (_, text) => {
      const whole = shown(await loaded(copyOf(closed)));
      const folder = copyOf(closed);
      damage(folder, text, 0, 0x01);
      const found = await loaded(folder);
      expect(shown(found)).toEqual(whole);
      expect(found.mended).toMatchObject({ backupAtMs: 500_000, missingCount: 0 });
      expect(readdirSync(join(folder, 'aside'))).toHaveLength(1);
      expect((await loaded(folder)).mended?.asidePath ?? null).toBeNull();
    },
  );

  test.each(Object.entries(TEXTS))(
    '%s that nobody has any more costs what it says, and no more; it is kept and told once',
    async (what, text) => {
      const whole = shown(await loaded(copyOf(closed)));
      const folder = copyOf(closed);
      damage(folder, text, 0, 0x01);
      withoutCopies(folder);
      const found = await loaded(folder);
      const { mix, riffs, broken, derived, notes, ...others } = shown(found);
      expect(others).toEqual({ head: whole.head });
      const keptIn = keptTexts(folder);
      expect(found.mended).toMatchObject({ asidePath: null, missingCount: 0 });
      expect(found.mended?.rotten).toMatchObject({ count: 1, keptIn });
      expect(leftOf(keptIn)).toEqual([`\x01${text.slice(1)}`]);
      expect((await loaded(folder)).mended?.asidePath ?? null).toBeNull();
      expect(mix).toEqual(what === 'a mix' ? null : MIX);
      const isChain = what.startsWith('the chain');
      expect(broken).toEqual(isChain ? ['r1'] : []);
      const chains = riffs[1]?.slots[0]?.chain?.length ?? 0;
      const inputs = riffs[1]?.inputChain?.length ?? 0;
      expect(chains + inputs).toBe(isChain ? 1 : 2);
      expect(derived[1]).toBe(what === 'a recipe');
      expect(found.takes.info('d1')?.location).toMatchObject({ kind: 'derived' });
      expect(notes).toEqual(what.startsWith('the keys') ? [] : [NOTE]);
    },
  );

  test('what is JSON all the same and says something else is rotten, too', async () => {
    for (const key of ['"slots"', '"unit"', '"layers"', '"takeId"']) {
      const folder = copyOf(closed);
      const text = Object.values(TEXTS).find((each) => each.includes(key)) ?? '';
      damage(folder, text, text.indexOf(key) + 1, 0x78);
      const found = await loaded(folder);
      expect(found.mended).toMatchObject({ missingCount: 0 });
      expect([found.mix, found.takes.get('d1')?.recipe]).toEqual([MIX, RECIPE]);
    }
  });

  test('in whatever column it is, the session opens', async () => {
    const columns = textColumns(closed);
    expect(columns.length).toBeGreaterThan(30);
    for (const [table, column] of columns) {
      const folder = copyOf(closed);
      withoutCopies(folder);
      rot(folder, table, column);
      const { riffs } = await loaded(folder);
      if (!['session', 'riff', 'opened'].includes(table)) expect(riffs).toHaveLength(3);
    }
  });

  /** The journal lacks its last line, so that nobody has all. */
  const makeBeyondMending = () => {
    const folder = copyOf(closed);
    damage(folder, TEXTS['a recipe'], 0, 0x01);
    const journal = join(folder, 'journal');
    for (const name of readdirSync(journal)) {
      const lines = readFileSync(join(journal, name), 'utf8').split('\n');
      writeFileSync(join(journal, name), lines.slice(0, -1).join('\n'));
    }
    return folder;
  };

  test('what nobody has whole is looked for once, and again when there is another backup', async () => {
    const folder = makeBeyondMending();
    const backup = join(folder, 'backup');
    const path = join(backup, 'tmp-mended.db');
    /** Whoever tries it begins by clearing its place. */
    const isTried = async () => {
      writeFileSync(path, '');
      expect((await loaded(folder)).mended?.asidePath ?? null).toBeNull();
      return !existsSync(path);
    };
    const add = (from: string, hour: string) =>
      copyFileSync(from, join(backup, `flowzone-2001-01-01T${hour}-00-00.000Z.db`));
    expect([await isTried(), await isTried()]).toEqual([true, false]);
    const [older = ''] = readdirSync(backup).filter((name) => name.startsWith('flowzone'));
    add(join(backup, older), '00');
    expect([await isTried(), await isTried()]).toEqual([true, false]);
    add(databasePath(folder), '01');
    // Also a rotten one is looked at, once.
    expect([await isTried(), await isTried()]).toEqual([true, false]);
    add(databasePath(closed), '02');
    const { mended, takes } = await loaded(folder);
    expect(mended).toMatchObject({ backupAtMs: Date.UTC(2001, 0, 1, 2), missingCount: 0 });
    expect(takes.get('d1')?.recipe).toEqual(RECIPE);
  });

  test('a journal without its last line costs no commit for it', async () => {
    const folder = makeBeyondMending();
    const found = await loaded(folder);
    expect([found.mix, found.history.head.id]).toEqual([MIX, 'r2']);
    expect(found.mended).toMatchObject({ backupAtMs: null, rotten: { count: 1 } });
    expect(readdirSync(join(folder, 'backup')).filter((name) => name.startsWith('tmp'))).toEqual(
      [],
    );
  });

  test('one that rots after another is kept beside it, and told alone', async () => {
    const folder = copyOf(closed);
    withoutCopies(folder);
    damage(folder, TEXTS['the chain of a slot'], 0, 0x01);
    await loaded(folder);
    damage(folder, TEXTS['a mix'], 0, 0xff);
    const { mended } = await loaded(folder);
    expect(mended?.rotten?.count).toBe(1);
    expect(mended?.rotten?.first[0]).toStartWith('mix.document of ');
    const lines = readFileSync(keptTexts(folder), 'utf8').trimEnd().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as RottenText).bytes.slice(0, 2))).toEqual([
      '01',
      'FF',
    ]);
  });

  test('where it cannot be kept the session opens all the same, and it is told each time', async () => {
    const folder = copyOf(closed);
    withoutCopies(folder);
    writeFileSync(join(folder, 'aside'), '');
    damage(folder, TEXTS['a mix'], 0, 0x01);
    for (const _ of [1, 2]) {
      const { history, mended } = await loaded(folder);
      expect(history.head.id).toBe('r2');
      expect(mended?.rotten).toMatchObject({ count: 1, keptIn: null });
    }
  });

  test('on a full disk its room is asked for, and the session opens without', () => {
    const folder = copyOf(closed);
    withoutCopies(folder);
    mkdirSync(join(folder, 'aside'));
    symlinkSync('/dev/full', `${keptTexts(folder)}.tmp`);
    damage(folder, TEXTS['a mix'], 0, 0x01);
    const ballast = new Ballast(folder);
    ballast.lay();
    const { db, isAlone, mended } = openFile(folder, 900_000, ballast);
    db.close();
    expect([isAlone, ballast.drop(), mended?.rotten?.keptIn]).toEqual([true, false, null]);
  });
});
