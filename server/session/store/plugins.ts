/** Rows of plug-ins, and the files of their states. */
import type { Database } from 'bun:sqlite';
import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { StoredPlugin } from '../chains/stored-plugin.ts';
import { STORE_PAGE } from './port.ts';
import type { StoredPluginRow } from './stored.ts';
import type { TrashSweep } from './trash.ts';
import { TRASH_MS } from './trash-time.ts';

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

export const statesFolder = (dataFolder: string): string => join(dataFolder, 'states');

/** Its row may still be on its way. */
const FRESH_MS = 60_000;

/** Those a plug-in names whose session can be opened, or brought back. */
const NAMED = `SELECT state AS sha256 FROM plugin JOIN session ON session.id = session_id
  WHERE removed_ms IS NULL OR removed_ms > ?1
  UNION SELECT earlier_state FROM plugin JOIN session ON session.id = session_id
  WHERE removed_ms IS NULL OR removed_ms > ?1`;

/**
 * Removes files of states that no plug-in names; those of a removed session a month after it, unless the
 * clock that says so may be wrong.
 *
 * Safe against a state whose row has not come: what is younger than a minute stays.
 *
 * @returns How many went.
 */
export const sweepStates = (
  db: Database,
  dataFolder: string,
  { mayEmpty, nowMs, onTrouble }: TrashSweep,
): number => {
  const folder = statesFolder(dataFolder);
  const named = new Set(
    (db.query(NAMED).all(mayEmpty ? nowMs - TRASH_MS : 0) as { sha256: string | null }[]).map(
      ({ sha256 }) => sha256,
    ),
  );
  const ownerless = stateFiles(folder).filter((sha256) => !named.has(sha256));
  let count = 0;
  for (const sha256 of ownerless) {
    const path = join(folder, `${sha256}.state`);
    try {
      if (nowMs - statSync(path).mtimeMs < FRESH_MS) continue;
      rmSync(path, { force: true });
      count += 1;
    } catch (error) {
      onTrouble?.(`${sha256}.state: ${String(error)}`);
    }
  }
  return count;
};

const NAME = /^[0-9a-f]{64}\.state$/;

const stateFiles = (folder: string): string[] => {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch {
    // No plug-in was ever loaded.
    return [];
  }
  return names.filter((name) => NAME.test(name)).map((name) => name.slice(0, -'.state'.length));
};
