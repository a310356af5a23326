/** Rows of plug-ins. */
import type { Database } from 'bun:sqlite';
import type { StoredPlugin } from '../chains/stored-plugin.ts';
import { STORE_PAGE } from './port.ts';
import type { StoredPluginRow } from './stored.ts';

export const writePlugin = (db: Database, sessionId: string, plugin: StoredPlugin): void => {
  db.query(
    `INSERT INTO plugin (id, session_id, plugin_id, name, vendor, maker, bundle, is_instrument,
     bypassed, state, earlier_state) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET maker = excluded.maker, bundle = excluded.bundle`,
  ).run(
    plugin.id,
    sessionId,
    plugin.pluginId,
    plugin.name,
    plugin.vendor,
    plugin.group,
    plugin.bundle,
    Number(plugin.isInstrument),
    Number(plugin.bypassed),
    plugin.state,
    plugin.earlierState,
  );
};

/** Done twice it has no second effect. */
export const writePluginState = (db: Database, instanceId: string, sha256: string): void => {
  db.query(
    `UPDATE plugin SET state = ?2, earlier_state = state
     WHERE id = ?1 AND (state IS NULL OR state <> ?2)`,
  ).run(instanceId, sha256);
};

export const writeBypass = (db: Database, instanceId: string, bypassed: boolean): void => {
  db.query('UPDATE plugin SET bypassed = ? WHERE id = ?').run(Number(bypassed), instanceId);
};

type Columns = Omit<StoredPlugin, 'isInstrument' | 'bypassed'> & {
  readonly row: number;
  readonly isInstrument: number;
  readonly bypassed: number;
};

export const readPlugins = (
  db: Database,
  sessionId: string,
  afterRow: number,
): StoredPluginRow[] => {
  const rows = db
    .query(
      `SELECT rowid AS row, id, plugin_id AS pluginId, name, vendor, maker AS "group", bundle,
       is_instrument AS isInstrument, bypassed, state, earlier_state AS earlierState
       FROM plugin WHERE session_id = ? AND rowid > ? ORDER BY rowid LIMIT ?`,
    )
    .all(sessionId, afterRow, STORE_PAGE) as Columns[];
  return rows.map(({ row, ...plugin }) => ({
    row,
    plugin: {
      ...plugin,
      isInstrument: plugin.isInstrument !== 0,
      bypassed: plugin.bypassed !== 0,
    },
  }));
};

/** The one before its newest; null = it has none. */
export const earlierState = (db: Database, instanceId: string): string | null => {
  const row = db.query('SELECT earlier_state AS sha256 FROM plugin WHERE id = ?').get(instanceId);
  return (row as { sha256: string | null } | null)?.sha256 ?? null;
};
