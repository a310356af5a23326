/** A rotten text that nobody has whole: how often it is looked for, where it is kept, how it is told. */
import { describe, expect, test } from 'bun:test';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { Ballast } from '../../../server/ballast.ts';
import { databasePath } from '../../../server/session/store/mend.ts';
import { openFile } from '../../../server/session/store/open-file.ts';
import type { RottenText } from '../../../server/session/store/texts.ts';
import {
  copyOf,
  damage,
  keptTexts,
  loaded,
  makeClosed,
  MIX,
  RECIPE,
  TEXTS,
  withoutCopies,
} from './rotten-texts-stage.ts';

describe('a text of which one byte has rotten', () => {
  const closed = makeClosed();

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
