import { describe, expect, test } from 'bun:test';
import { COMMANDS } from '../../../protocol/commands.ts';
import type { PastRun, SessionRow, ToEngine } from '../../../protocol/link.ts';
import type { RiffRow } from '../../../protocol/state.ts';
import { stateHash } from '../../../protocol/state-hash.ts';
import { PROTOCOL_HASH, PROTOCOL_VERSION } from '../../../protocol/version.ts';
import { answerOk, makeHealth } from './support/fake-engine.ts';
import { type Stage, useStages } from './support/stage.ts';

const setStage = useStages();

const post = (stage: Stage, body: string, headers: Record<string, string> = {}) =>
  stage.fetch('/api/commands', { method: 'POST', body, headers });

const settle = async (stage: Stage) => (await stage.join()).barrier();

describe('POST /api/commands', () => {
  test('waits for the answer; without reqId one is made', async () => {
    const stage = setStage();
    const engine = stage.engine({
      onMessage: (fake, message) => {
        if (message.t === 'command') fake.touch(0.5);
        answerOk(fake, message);
      },
    });
    await settle(stage);
    const named = await post(stage, '{"cmd":"PLAY","reqId":"mine","atFrame":5}');
    expect(named.status).toBe(200);
    expect(await named.json()).toEqual({ type: 'OK', reqId: 'mine', revId: 2 });
    const unnamed = (await (await post(stage, '{"cmd":"PLAY"}')).json()) as { reqId: string };
    expect(unnamed.reqId).toMatch(/^[0-9a-f-]{36}$/);
    const commands = engine.heard.items.filter(
      (message): message is ToEngine & { t: 'command' } => message.t === 'command',
    );
    expect(commands.map(({ clientId, loopback }) => [clientId, loopback])).toEqual([
      ['rest', true],
      ['rest', true],
    ]);
    expect(commands[0]?.command).toMatchObject({ cmd: 'PLAY', atFrame: 5 });
  });

  /** The numbers under which the session heard what was asked, one for each name and reqId. */
  const numbersOf = async (...asked: [client: string | null, reqId: string][]) => {
    const stage = setStage();
    const engine = stage.engine({ onMessage: answerOk });
    await settle(stage);
    for (const [client, reqId] of asked) {
      const query = client === null ? '' : `?client=${encodeURIComponent(client)}`;
      const body = JSON.stringify({ cmd: 'UNDO', scope: 'SESSION', reqId });
      const answer = await stage.fetch(`/api/commands${query}`, { method: 'POST', body });
      expect(await answer.json()).toMatchObject({ type: 'OK', reqId });
    }
    return engine.heard.items.flatMap((message) =>
      message.t === 'command' ? [message.command.reqId] : [],
    );
  };

  test('what a script that names itself repeats is a repeat', async () => {
    const [first, again, other] = await numbersOf(['a', '1'], ['a', '1'], ['a', '2']);
    expect(again).toBe(first);
    expect(other).not.toBe(first);
  });

  test('two scripts that count alike get none of each other’s answers, named or not', async () => {
    const numbers = await numbersOf(
      ['a', '1'],
      ['b', '1'],
      ['a 1', '1'],
      ['a', '1 1'],
      [null, '1'],
      [null, '1'],
    );
    expect(new Set(numbers).size).toBe(numbers.length);
  });

  test('a name is short', async () => {
    const stage = setStage();
    const response = await stage.fetch(`/api/commands?client=${'x'.repeat(65)}`, {
      method: 'POST',
      body: '{"cmd":"PLAY"}',
    });
    expect([response.status, await response.json()]).toMatchObject([400, { code: 5013 }]);
  });

  /** Body, status, code. */
  const REFUSED: [string, number, number][] = [
    ['', 400, 5001],
    ['{bad', 400, 5001],
    ['[]', 400, 5001],
    ['{"cmd":"JUMP"}', 400, 5002],
    ['{"cmd":"HELLO"}', 400, 5002],
    ['{"cmd":"ACK","seq":1}', 400, 5002],
    ['{"cmd":"SET_VOL","slot":0,"val":3}', 400, 5003],
    [`{"cmd":"RENAME_SESSION","name":"${'x'.repeat(70_000)}"}`, 413, 5003],
  ];
  test.each(REFUSED)('the same doors: %#', async (body, status, code) => {
    const stage = setStage();
    const engine = stage.engine();
    await settle(stage);
    const response = await post(stage, body);
    expect(response.status).toBe(status);
    const answer = (await response.json()) as { code: number; msg: string };
    expect(Object.keys(answer).toSorted()).toEqual(['code', 'msg']);
    expect(answer.code).toBe(code);
    expect(engine.heard.items.filter(({ t }) => t === 'command')).toEqual([]);
  });

  /** What the session says, and the status it becomes. */
  const ANSWERS: [number, number][] = [
    [1012, 503],
    [2006, 400],
    [2007, 503],
    [2008, 409],
    [2010, 500],
    [4001, 409],
    [4003, 409],
    [5012, 400],
  ];
  test.each(ANSWERS)('the session answers %i: HTTP %i', async (code, status) => {
    const stage = setStage();
    stage.engine({
      onMessage: (fake, message) => {
        if (message.t !== 'command') return;
        const { clientId, command } = message;
        const { reqId = '' } = command;
        fake.send({ t: 'answer', clientId, message: { type: 'ERROR', code, msg: 'No.', reqId } });
      },
    });
    await settle(stage);
    const response = await post(stage, '{"cmd":"PLAY"}');
    expect(response.status).toBe(status);
    expect(await response.json()).toEqual({ code, msg: 'No.' });
  });

  test('answers that come in another order find their request', async () => {
    const stage = setStage();
    const held: (ToEngine & { t: 'command' })[] = [];
    stage.engine({
      onMessage: (fake, message) => {
        if (message.t !== 'command') return;
        held.push(message);
        if (held.length === 3) for (const one of held.toReversed()) answerOk(fake, one);
      },
    });
    await settle(stage);
    const names = ['a', 'b', 'c'];
    const answers = await Promise.all(
      names.map(async (reqId) =>
        (await post(stage, JSON.stringify({ cmd: 'PLAY', reqId }))).json(),
      ),
    );
    expect(answers.map((answer) => (answer as { reqId: string }).reqId)).toEqual(names);
  });

  test('a foreign page is refused, and so is more than a burst', async () => {
    const stage = setStage({ now: () => 0 });
    const engine = stage.engine({ onMessage: answerOk });
    await settle(stage);
    const foreign = await post(stage, '{"cmd":"PLAY"}', { origin: 'http://evil.example' });
    expect(foreign.status).toBe(403);
    expect(engine.heard.items.filter(({ t }) => t === 'command')).toEqual([]);
    const statuses: number[] = [];
    for (let i = 0; i < 201; i += 1) statuses.push((await post(stage, '{"cmd":"PLAY"}')).status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(200);
    expect(statuses.at(-1)).toBe(429);
  });
});

describe('GET', () => {
  test('/api/health is what the engine told, with the gateway beside it', async () => {
    const stage = setStage();
    const engine = stage.engine();
    await settle(stage);
    const response = await stage.fetch('/api/health');
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toStartWith('application/json');
    expect(await response.json()).toEqual({
      ...makeHealth(engine.epoch),
      gatewayPid: process.pid,
      isWell: true,
      problems: [],
    });
  });

  test('/api/state is the replica with its hash', async () => {
    const stage = setStage();
    const engine = stage.engine();
    const player = await stage.join();
    engine.touch(0.75);
    await player.barrier();
    expect(await (await stage.fetch('/api/state')).json()).toEqual({
      epoch: engine.epoch,
      revId: 2,
      stateHash: stateHash(engine.state),
      data: engine.state,
    });
  });

  const ID = '00000000-0000-4000-8000-000000000001';
  const ASKED: [string, object][] = [
    ['', { limit: 32 }],
    ['?limit=200', { limit: 200 }],
    [`?before=${ID}&limit=1`, { limit: 1, before: ID }],
    ['?marked=1&q=blue%20hat', { limit: 32, marked: true, q: 'blue hat' }],
    ['?marked=&q=&before=', { limit: 32 }],
  ];
  test.each(ASKED)('/api/riffs%s asks the session', async (search, expected) => {
    const stage = setStage();
    const items = [{ id: ID }] as RiffRow[];
    const engine = stage.engine({
      onMessage: (fake, message) => {
        if (message.t !== 'query') return;
        fake.send({ t: 'result', id: message.id, result: { kind: 'riffs', items, next: ID } });
      },
    });
    await settle(stage);
    const response = await stage.fetch(`/api/riffs${search}`);
    expect(await response.json()).toEqual({ items, next: ID });
    expect(engine.heard.items.find(({ t }) => t === 'query')).toEqual({
      t: 'query',
      id: 1,
      query: { kind: 'riffs', ...expected } as never,
    });
  });

  test.each([
    'limit=0',
    'limit=201',
    'limit=x',
    'limit=1e2',
    'limit=',
    'limit=1&limit=2',
    'before=x',
    'marked=maybe',
    `q=${'x'.repeat(65)}`,
    'more=1',
  ])('/api/riffs?%s is refused with 5013', async (search) => {
    const stage = setStage();
    stage.engine();
    const response = await stage.fetch(`/api/riffs?${search}`);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ code: 5013 });
  });

  test('/api/sessions asks the session for a page', async () => {
    const stage = setStage();
    const items = [{ id: ID, open: true }] as SessionRow[];
    const engine = stage.engine({
      onMessage: (fake, message) => {
        if (message.t !== 'query') return;
        fake.send({ t: 'result', id: message.id, result: { kind: 'sessions', items, next: null } });
      },
    });
    await settle(stage);
    const response = await stage.fetch(`/api/sessions?limit=5&before=${ID}`);
    expect(await response.json()).toEqual({ items, next: null });
    const asked = engine.heard.items.find(({ t }) => t === 'query');
    expect(asked).toMatchObject({ query: { kind: 'sessions', limit: 5, before: ID } });
  });

  test.each(['limit=0', 'limit=101', 'before=x', 'q=a'])(
    '/api/sessions?%s is refused with 5013',
    async (search) => {
      const stage = setStage();
      stage.engine();
      const response = await stage.fetch(`/api/sessions?${search}`);
      expect(await response.json()).toMatchObject({ code: 5013 });
    },
  );

  test('/api/past asks the session; without a store that is 4019', async () => {
    const stage = setStage();
    const runs = [{ runId: 'a'.repeat(32), now: true }] as PastRun[];
    let isAway = false;
    stage.engine({
      onMessage: (fake, message) => {
        if (message.t !== 'query') return;
        const found = { kind: 'past', runs } as const;
        const result = isAway ? ({ kind: 'error', code: 4019 } as const) : found;
        fake.send({ t: 'result', id: message.id, result });
      },
    });
    await settle(stage);
    expect(await (await stage.fetch('/api/past')).json()).toEqual({ runs });
    isAway = true;
    expect(await (await stage.fetch('/api/past')).json()).toMatchObject({ code: 4019 });
  });

  test('/api/protocol describes every command, message, error and limit', async () => {
    const stage = setStage();
    const response = await stage.fetch('/api/protocol');
    const told = (await response.json()) as Record<string, Record<string, unknown>>;
    expect(told).toMatchObject({ protocol: PROTOCOL_HASH, version: PROTOCOL_VERSION });
    expect(Object.keys(told['commands'] ?? {})).toEqual(Object.keys(COMMANDS));
    expect(told['commands']?.['SET_VOL']).toMatchObject({
      type: 'object',
      properties: { val: { type: 'number', minimum: 0, maximum: 1 } },
      required: ['cmd', 'slot', 'val'],
    });
    expect(told['messages']).toHaveProperty('STATE_FULL');
    expect(told['errors']).toHaveProperty('ERR_BAD_QUERY');
    expect(told['limits']).toHaveProperty('framesInFlightMax', 5);
    expect(told['features']).toHaveProperty('FEATURE_HEADER');
    expect(told['metrics']).toHaveProperty('engineCpu.says');
  });

  test.each(['/api', '/api/', '/api/nothing', '/api/takes', '/api/takes/a/b/c', '/api/../x'])(
    'nothing at %s: 404 with 5010',
    async (path) => {
      const stage = setStage();
      for (const method of ['GET', 'POST', 'PUT', 'DELETE']) {
        const response = await stage.fetch(path, { method });
        expect(response.status).toBe(404);
        expect(await response.json()).toMatchObject({ code: 5010 });
      }
    },
  );

  test('/ws without an upgrade is refused', async () => {
    const stage = setStage();
    const response = await stage.fetch('/ws');
    expect(response.status).toBe(426);
    expect(await response.json()).toMatchObject({ code: 5013 });
  });
});
