/**
 * JSON in cells of the session file. What a rotten byte has made of one costs what it says, and never
 * the rest of the session.
 */
import type { Database } from 'bun:sqlite';
import { type Chain, NO_CHAIN } from '../riffs/riff.ts';
import type { Recipe, RecipeLayer } from '../takes/recipe.ts';
import type { TakeNote } from '../../../protocol/link.ts';
import type { MixDocument } from './write-requests.ts';

type Guard<T> = (value: unknown) => value is T;

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isListOf =
  <T>(isOne: Guard<T>): Guard<readonly T[]> =>
  (value): value is readonly T[] =>
    Array.isArray(value) && value.every(isOne);

const isRecords = isListOf(isRecord);

const isNumber = (value: unknown): value is number => Number.isFinite(value);

const isText = (value: unknown): value is string => typeof value === 'string';

const isChain: Guard<Chain> = isListOf(isText);

/** Older ones lack what came later. */
const isMix = (value: unknown): value is MixDocument => {
  if (!isRecord(value)) return false;
  const { bpm = 0, inputs = {}, loopBars = 0, meter = { beats: 0, unit: 0 }, slots } = value;
  return (
    isRecords(slots) &&
    isNumber(bpm) &&
    isNumber(loopBars) &&
    isRecord(meter) &&
    isNumber(meter['beats']) &&
    isNumber(meter['unit']) &&
    isRecord(inputs) &&
    Object.values(inputs).every(isRecords)
  );
};

const isLayer = (value: unknown): value is RecipeLayer =>
  isRecord(value) &&
  isText(value['takeId']) &&
  ['originBeat', 'lengthBeats', 'offsetFrames', 'gainLeft', 'gainRight'].every((key) =>
    isNumber(value[key]),
  );

const isLayers = isListOf(isLayer);

const isRecipe = (value: unknown): value is Recipe =>
  isRecord(value) &&
  isNumber(value['lengthBeats']) &&
  isNumber(value['framesPerBeat']) &&
  isLayers(value['layers']);

const isNotes = (value: unknown): value is readonly TakeNote[] => isRecords(value);

const parsed = <T, Other>(text: string, isIt: Guard<T>, fallback: Other): T | Other => {
  try {
    const value: unknown = JSON.parse(text);
    return isIt(value) ? value : fallback;
  } catch {
    return fallback;
  }
};

/** Null: mixer and settings are as in a new session. */
export const mixOfText = (text: string): MixDocument | null => parsed(text, isMix, null);

/** Empty: the riff is not what was sealed. */
export const chainOfText = (text: string): Chain => parsed(text, isChain, NO_CHAIN);

export const notesOfText = (text: string): readonly TakeNote[] => parsed(text, isNotes, []);

/** Null: nobody knows what it was made of. */
export const recipeOfText = (text: string): Recipe | null => parsed(text, isRecipe, null);

const NOBODY = '00000000-0000-0000-0000-000000000000';

/** Made of what is nowhere: what was rendered of it is played as long as it is there. */
export const lostRecipe = (lengthBeats: number, framesPerBeat: number): Recipe => {
  const whole = { originBeat: 0, lengthBeats, offsetFrames: 0, gainLeft: 1, gainRight: 1 };
  const layer = { ...whole, takeId: NOBODY, mode: 'repitch', tail: false } as const;
  return { kind: 'merge', lengthBeats, framesPerBeat, layers: [layer] };
};

interface TextColumn {
  readonly table: string;
  readonly column: string;
  /** Whose text it is, as SQL. */
  readonly key: string;
  readonly isIt: Guard<unknown>;
  /** Most rows have the same few. */
  readonly isShared?: boolean;
}

const COLUMNS: readonly TextColumn[] = [
  { table: 'mix', column: 'document', key: 'session_id', isIt: isMix },
  {
    table: 'riff_slot',
    column: 'chain',
    key: "riff_id || '/' || slot",
    isIt: isChain,
    isShared: true,
  },
  { table: 'riff', column: 'input_chain', key: 'id', isIt: isChain, isShared: true },
  { table: 'take', column: 'recipe', key: 'id', isIt: isRecipe },
  { table: 'dry_side', column: 'notes', key: 'take_id', isIt: isNotes },
];

const isRotten = (text: string, { isIt }: TextColumn): boolean => {
  const rotten = Symbol('rotten');
  return parsed(text, isIt, rotten) === rotten;
};

/** SQLite's own check looks at none of them. */
export const areTextsWhole = (db: Database): boolean =>
  COLUMNS.every((each) => {
    const { column, isShared = false, table } = each;
    const rows = db.query(
      `SELECT ${isShared ? 'DISTINCT ' : ''}${column} AS text FROM ${table}
       WHERE ${column} IS NOT NULL`,
    );
    for (const { text } of rows.iterate() as Iterable<{ text: string }>) {
      if (isRotten(text, each)) return false;
    }
    return true;
  });

/** A text that does not say any more what was written. */
export interface RottenText {
  /** Where it stands. */
  readonly table: string;
  readonly column: string;
  readonly key: string;
  /** What is left of it, in hexadecimal digits: it need not be text. */
  readonly bytes: string;
}

const rottenIn = (db: Database, each: TextColumn): RottenText[] => {
  const { column, key, table } = each;
  const rows = db.query(
    `SELECT rowid AS row, ${key} AS key, ${column} AS text FROM ${table}
     WHERE ${column} IS NOT NULL ORDER BY rowid`,
  );
  const found: { row: number; key: string }[] = [];
  for (const row of rows.iterate() as Iterable<{ row: number; key: string; text: string }>) {
    if (isRotten(row.text, each)) found.push(row);
  }
  const bytes = db.query(
    `SELECT hex(CAST(${column} AS BLOB)) AS bytes FROM ${table} WHERE rowid = ?`,
  );
  return found.map(({ row, key: of }) => ({
    table,
    column,
    key: of,
    ...(bytes.get(row) as { bytes: string }),
  }));
};

export const rottenTexts = (db: Database): RottenText[] =>
  COLUMNS.flatMap((each) => rottenIn(db, each));
