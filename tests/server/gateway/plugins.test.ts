/** GET /api/plugins before a scripted engine. */
import { expect, test } from 'bun:test';
import type { LinkQueryResult } from '../../../protocol/link.ts';
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
