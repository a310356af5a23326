/** A keeper's thread that dies is told and begun again, until the engine ends. */
import { afterAll, expect, test } from 'bun:test';
import { startKeeper } from '../../../server/engine/keeper-watch.ts';
import type { KeeperNews } from '../../../server/session/keeper/keeper-port.ts';
import { makeInbox } from '../../support/inbox.ts';

/** Says that it is there, and dies. */
const url = URL.createObjectURL(
  new Blob([
    "self.onmessage = () => { postMessage({ t: 'done', what: 'backup' }); throw new Error('died'); };",
  ]),
);
afterAll(() => URL.revokeObjectURL(url));

test('it is begun again after each death, and not after the end', async () => {
  const news = makeInbox<KeeperNews>();
  const restarts = makeInbox<() => void>();
  const logged: string[] = [];
  const watch = startKeeper('/nowhere', (_, what) => void logged.push(what), news.put, {
    url,
    later: (_, act) => restarts.put(act),
  });
  for (let life = 1; life <= 3; life += 1) {
    await restarts.reach(life);
    restarts.items.at(-1)?.();
  }
  await restarts.reach(4);
  const failed = news.items.filter(({ t }) => t === 'failed');
  expect(failed).toHaveLength(4);
  expect(failed[0]).toMatchObject({ what: 'thread', why: expect.stringContaining('died') });
  expect(logged.filter((what) => what === 'keeper: no thread')).toHaveLength(4);
  watch.end();
  restarts.items.at(-1)?.();
  await Bun.sleep(0);
  expect(restarts.items).toHaveLength(4);
});

/** Finds two takes whole, one of them damaged before; then dies. */
const healing = URL.createObjectURL(
  new Blob([
    `self.onmessage = () => {
      for (const [takeId, isDamaged] of [['a', false], ['b', true], ['b', false]])
        postMessage({ t: 'take', takeId, isDamaged });
      throw new Error('died');
    };`,
  ]),
);
afterAll(() => URL.revokeObjectURL(healing));

test('the session hears of every take in each life, the log of what has changed', async () => {
  const news = makeInbox<KeeperNews>();
  const restarts = makeInbox<() => void>();
  const logged: string[] = [];
  const watch = startKeeper('/nowhere', (_, what) => void logged.push(what), news.put, {
    url: healing,
    later: (_, act) => restarts.put(act),
  });
  await restarts.reach(1);
  restarts.items.at(-1)?.();
  await restarts.reach(2);
  watch.end();
  expect(news.items.filter(({ t }) => t === 'take')).toHaveLength(6);
  const once = ['a take is damaged', 'a take is whole again'];
  expect(logged.filter((what) => what.startsWith('a take'))).toEqual([...once, ...once]);
});
