/** A session file that is refused after it was opened does not stay open. */
import { afterAll, expect, test } from 'bun:test';
import { readdirSync, rmSync } from 'node:fs';
import { makeStoreWorker, StoreClient } from '../../../server/session/store/client.ts';
import { openDatabase } from '../../../server/session/store/database.ts';
import { databasePath } from '../../../server/session/store/mend.ts';
import { makeFolder } from '../../judge/product.ts';

const data = makeFolder();
afterAll(() => rmSync(data, { recursive: true }));

test('it is closed, so that the next try finds nobody in it', async () => {
  const db = openDatabase(databasePath(data));
  db.run('DROP TABLE latency');
  db.close();
  const store = new StoreClient({ makeWorker: makeStoreWorker, onFailure: () => undefined });
  const asked = { kind: 'open', dataFolder: data, atMs: 1, newSessionName: 'S' } as const;
  await expect(store.read(asked)).rejects.toThrow('no such table: latency');
  // Whoever closes it last takes these away.
  expect(readdirSync(data).filter((name) => name.includes('db-'))).toEqual([]);
  await store.end(9);
});
