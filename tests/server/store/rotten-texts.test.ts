/** One byte of a text has rotten: it comes back out of backup and journal, or costs what it says alone. */
import { Database } from 'bun:sqlite';
import { describe, expect, test } from 'bun:test';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { databasePath } from '../../../server/session/store/mend.ts';
import type { RottenText } from '../../../server/session/store/texts.ts';
import {
  copyOf,
  damage,
  keptTexts,
  loaded,
  makeClosed,
  MIX,
  NOTE,
  RECIPE,
  TEXTS,
  withoutCopies,
} from './rotten-texts-stage.ts';

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

const leftOf = (path: string) =>
  readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => Buffer.from((JSON.parse(line) as RottenText).bytes, 'hex').toString());

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
});
