/** The store as one sees it who leaves out one kind of what is needed. */
import type { Database } from 'bun:sqlite';

/** Whose needs a sweep forgets on purpose. */
export type Blindness = 'none' | 'exports' | 'takes' | 'rolls' | 'windows' | 'riffs' | 'recipes';

/** In what is asked of the store; exports are not in it. */
const LEFT_OUT: Partial<Record<Blindness, readonly [string, string]>> = {
  takes: ['FROM take WHERE recipe', 'FROM take WHERE 0 AND recipe'],
  rolls: ['FROM take_file WHERE sha256', "FROM take_file WHERE part <> 'rolls' AND sha256"],
  windows: ['FROM take_file WHERE sha256', "FROM take_file WHERE part <> 'window' AND sha256"],
  riffs: ['WHERE riff_slot.take_id', 'WHERE 0 AND riff_slot.take_id'],
  recipes: ['WHERE made.recipe', 'WHERE 0 AND made.recipe'],
};

export const seenBlindly = (db: Database, blindness: Blindness): Database => {
  const [text, other] = LEFT_OUT[blindness] ?? [];
  if (text === undefined || other === undefined) return db;
  return {
    query: (sql: string) => db.query(sql.replace(text, other)),
    transaction: (act: () => void) => db.transaction(act),
  } as unknown as Database;
};
