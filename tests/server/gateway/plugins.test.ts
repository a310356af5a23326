/** GET /api/plugins and parameters, before a scripted engine. */
import { expect, test } from 'bun:test';
import type { LinkQuery, LinkQueryResult } from '../../../protocol/link.ts';
import { useStages } from './support/stage.ts';

const setStage = useStages();

const LIST: Extract<LinkQueryResult, { kind: 'plugins' }> = {
  kind: 'plugins',
  revision: 3,
  items: [
    {
      pluginId: `vst3:${'a'.repeat(32)}`,
      name: 'Room',
      vendor: 'Maker',
      version: '1.0',
      kind: 'effect',
      categories: ['Fx', 'Reverb'],
      bundle: '/usr/lib/vst3/Room.vst3',
      isConfirmed: true,
      group: 'maker',
    },
  ],
  refused: [{ bundle: '/usr/lib/vst3/Bad.vst3', name: 'Bad', code: 3010, reason: 'It crashed.' }],
};

test('GET /api/plugins tells what is offered and what is refused', async () => {
  const stage = setStage();
  stage.engine({
    onMessage(fake, message) {
      if (message.t === 'query') fake.send({ t: 'result', id: message.id, result: LIST });
    },
  });
  await (await stage.join()).barrier();
  const answer = await stage.fetch('/api/plugins');
  const { kind: _, ...body } = LIST;
  expect([answer.status, await answer.json()]).toEqual([200, body]);
});

test('GET /api/plugins without an engine says so', async () => {
  const answer = await setStage().fetch('/api/plugins');
  expect([answer.status, await answer.json()]).toMatchObject([503, { code: 1010 }]);
});

const ID = '00000000-0000-4000-8000-000000000007';
const PARAM = {
  paramId: 4_294_967_295,
  title: 'Decay',
  units: 's',
  text: '2.5',
  value: 0.5,
  defaultValue: 0.25,
  stepCount: 0,
  canSet: true,
  isBypass: false,
  isHidden: false,
};

test('GET /api/plugins/:instanceId/params tells them page by page', async () => {
  const stage = setStage();
  const asked: LinkQuery[] = [];
  stage.engine({
    onMessage(fake, message) {
      if (message.t !== 'query') return;
      asked.push(message.query);
      const params = { items: [PARAM], next: 256 };
      const isKnown = message.query.kind === 'params' && message.query.instanceId === ID;
      const result = { kind: 'params', params: isKnown ? params : null } as const;
      fake.send({ t: 'result', id: message.id, result });
    },
  });
  await (await stage.join()).barrier();
  const get = async (path: string) => {
    const answer = await stage.fetch(`/api/plugins/${path}`);
    return [answer.status, await answer.json()];
  };
  expect(await get(`${ID}/params`)).toEqual([200, { items: [PARAM], next: 256 }]);
  await get(`${ID}/params?from=256`);
  await get(`${ID}/params?from=3&fresh=1`);
  const query = { kind: 'params', instanceId: ID } as const;
  expect(asked).toEqual([
    { ...query, from: 0, isFresh: false },
    { ...query, from: 256, isFresh: false },
    { ...query, from: 3, isFresh: true },
  ]);
  expect(await get(`${ID}/params?fresh=maybe`)).toMatchObject([400, { code: 5013 }]);
  const other = ID.replace('7', '8');
  expect(await get(`${other}/params`)).toMatchObject([404, { code: 4023 }]);
  expect(await get('x/params')).toMatchObject([404, { code: 4023 }]);
  expect(await get(`${ID}/params?from=-1`)).toMatchObject([400, { code: 5013 }]);
  expect(await get(`${ID}/params?page=1`)).toMatchObject([400, { code: 5013 }]);
});

test('PARAMS reach the client that watches, and nobody else', async () => {
  const stage = setStage();
  const engine = stage.engine();
  const watcher = await stage.join({ hello: { clientId: 'watcher' } });
  const other = await stage.join({ hello: { clientId: 'other' } });
  const message = { type: 'PARAMS', instanceId: ID, values: { 7: 0.5 } } as const;
  engine.send({ t: 'answer', clientId: 'watcher', message });
  expect(await watcher.next('PARAMS')).toEqual(message);
  await other.barrier();
  expect(other.ofType('PARAMS')).toEqual([]);
});
