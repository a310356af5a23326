/** The description of the REST interface: whole, usable by a generated client, and true. */
import { describe, expect, test } from 'bun:test';
import type { ParamRow } from '../../../protocol/link.ts';
import {
  clientOf,
  type Description,
  descriptionFaults,
  NotAsDescribedError,
} from '../../support/openapi-client.ts';
import { schemaFaults } from '../../support/json-schema.ts';
import { answerOk } from './support/fake-engine.ts';
import { type Stage, useStages } from './support/stage.ts';

const setStage = useStages();
const ID = '00000000-0000-4000-8000-000000000001';

const describedBy = async (stage: Stage): Promise<Description> =>
  (await (await stage.fetch('/openapi')).json()) as Description;

describe('GET /openapi', () => {
  test('is a description that a generator of clients can read', async () => {
    const description = await describedBy(setStage());
    expect(description.info.title).toBe('FlowZone');
    expect(descriptionFaults(description)).toEqual([]);
    const [commands] = Object.values(description.paths['/api/commands'] ?? {});
    expect(commands?.requestBody?.content['application/json']?.schema['anyOf']).toBeArray();
    const [peaks] = Object.values(description.paths['/api/takes/{id}/peaks'] ?? {});
    expect(peaks?.parameters?.map(({ name }) => name)).toEqual(['id', 'n', 'brightness']);
  });

  test('the judge finds a name twice, a parameter that is not told, an answer that is missing', async () => {
    const description = structuredClone(await describedBy(setStage()));
    const paths = description.paths as Record<string, Record<string, object>>;
    paths['/api/takes/{id}/more'] = { get: { operationId: 'getTake', responses: {} } };
    expect(descriptionFaults(description)).toEqual([
      'get /api/takes/{id}/more: getTake twice',
      'get /api/takes/{id}/more: no summary',
      'get /api/takes/{id}/more: path says id, not ',
      'get /api/takes/{id}/more: no answer',
    ]);
  });

  test('a generated client sends commands and reads parameters', async () => {
    const stage = setStage();
    const row: ParamRow = {
      paramId: 4,
      title: 'Cutoff',
      units: 'Hz',
      text: '440',
      value: 0.5,
      defaultValue: 0,
      stepCount: 0,
      canSet: true,
      isBypass: false,
      isHidden: false,
    };
    const params = { items: [row], next: null };
    stage.engine({
      onMessage: (fake, message) => {
        answerOk(fake, message);
        if (message.t !== 'query') return;
        fake.send({ t: 'result', id: message.id, result: { kind: 'params', params } });
      },
    });
    await (await stage.join()).barrier();
    const client = clientOf(stage.origin, await describedBy(stage));
    const answer = await client['getPluginParams']?.({ instanceId: ID, from: 0 });
    expect(answer).toEqual({ status: 200, body: params });
    const done = await client['sendCommand']?.({ body: { cmd: 'PLAY' } });
    expect(done).toMatchObject({ status: 200, body: { type: 'OK' } });
    // It refuses by itself what is not described.
    const refused = async (id: string, given: object) =>
      expect(client[id]?.({ ...given })).rejects.toBeInstanceOf(NotAsDescribedError);
    await refused('sendCommand', { body: { cmd: 'PLAY', loud: true } });
    await refused('getTakePeaks', { id: ID });
    await refused('getHealth', { more: 1 });
  });

  test('an answer with a field too few is refused', async () => {
    const stage = setStage();
    const items = [{ id: ID, name: 'Evening' }] as never[];
    stage.engine({
      onMessage: (fake, message) => {
        if (message.t !== 'query') return;
        fake.send({ t: 'result', id: message.id, result: { kind: 'sessions', items, next: null } });
      },
    });
    await (await stage.join()).barrier();
    const client = clientOf(stage.origin, await describedBy(stage));
    await expect(client['listSessions']?.()).rejects.toThrow('/items/0/createdMs is missing');
  });

  test('the judge of schemas passes over no word that it does not know', () => {
    expect(schemaFaults(1, { type: 'integer', minimum: 0 })).toEqual([]);
    expect(schemaFaults(1, { type: 'integer', exclusiveMinimum: 1 })).toHaveLength(1);
    expect(schemaFaults('a', { anyOf: [{ const: 'b' }, { type: 'null' }] })).toHaveLength(1);
    expect(schemaFaults([1, 'a'], { type: 'array', items: { type: 'number' } })).toHaveLength(1);
    expect(schemaFaults({ a: 1 }, { type: 'object', additionalProperties: false })).toHaveLength(1);
  });
});
