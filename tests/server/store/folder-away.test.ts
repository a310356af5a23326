/** A data folder that is given another name while FlowZone runs: nothing is made in its place. */
import { afterAll, expect, test } from 'bun:test';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Keeper } from '../../../server/session/keeper/keeper.ts';
import type { KeeperNews } from '../../../server/session/keeper/keeper-port.ts';
import { makeStoreWorker, StoreClient } from '../../../server/session/store/client.ts';
import { readJournal } from '../../../server/session/store/journal.ts';
import type { StoreRequest } from '../../../server/session/store/port.ts';
import type { StoreWrite } from '../../../server/session/store/write-requests.ts';
import { makeFolder } from '../../judge/product.ts';
import { makeRiff } from './samples.ts';

const home = makeFolder();
afterAll(() => rmSync(home, { recursive: true }));

const startStore = () => {
  const store = new StoreClient({
    makeWorker: makeStoreWorker,
    onFailure: () => undefined,
    onTrouble: () => undefined,
  });
  const write = (request: StoreWrite) =>
    new Promise<void>((resolve, reject) => {
      store.write(request, resolve, () => reject(new Error('refused')));
    });
  return { store, write };
};

const opening = (dataFolder: string) =>
  ({ kind: 'open', dataFolder, atMs: 1, newSessionName: 'S' }) satisfies StoreRequest;

test('a start in a data folder that is not there is refused, and makes none', async () => {
  const data = join(home, 'never');
  const { store } = startStore();
  const refused = store.read(opening(data));
  await expect(refused).rejects.toThrow(`The data folder ${data} is not there any more.`);
  expect(existsSync(data)).toBeFalse();
});

test('what is written meanwhile lies in the folder, whatever it is called', async () => {
  const [data, away] = [join(home, 'data'), join(home, 'data2')];
  mkdirSync(data);
  const { store, write } = startStore();
  const { sessionId } = await store.read(opening(data));
  const root = makeRiff('root', null, 0);
  await write({ kind: 'riff', sessionId, riff: root, takes: [], gridShift: 0, moveId: 'm0' });

  renameSync(data, away);
  const riff = makeRiff('a', 'root', 1, {});
  await write({ kind: 'riff', sessionId, riff, takes: [], gridShift: 0, moveId: 'm1' });
  const news: KeeperNews[] = [];
  new Keeper({
    dataFolder: data,
    clock: () => 5,
    rest: () => Promise.resolve(),
    tell: (each) => void news.push(each),
  }).backUp();
  expect(news.map(({ t }) => t)).toEqual(['failed']);
  expect(existsSync(data)).toBeFalse();

  renameSync(away, data);
  await write({ kind: 'mark', sessionId, riffId: 'a', label: 'x' });
  const written = readJournal(data, 0).lines.map((line) => line.write.kind);
  expect(written).toEqual(['firstSession', 'riff', 'riff', 'mark']);
  await store.end(7);
  const again = startStore();
  const opened = await again.store.read(opening(data));
  expect(opened.mended).toBeNull();
  expect(opened.head?.riffId).toBe('a');
  await again.store.end(8);
});
