import { describe, expect, test } from 'bun:test';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { LIMITS } from '../../../protocol/limits.ts';
import { answerOk } from './support/fake-engine.ts';
import { codeIn, LAN_ADDRESS, LAN_NAME, useLanStages } from './support/lan-stage.ts';

const setStage = useLanStages();

describe('the offer', () => {
  test('is made on this computer only, by socket and by HTTP', async () => {
    const stage = setStage();
    stage.engine();
    const own = await stage.join();
    own.send({ cmd: 'PAIR_START', reqId: 'a' });
    const { result } = await own.next('OK', ({ reqId }) => reqId === 'a');
    const { port } = stage.gateway;
    expect(result).toEqual({
      addresses: [`http://${LAN_ADDRESS}:${port}`, `http://${LAN_NAME}:${port}`],
      token: expect.stringMatching(/^[\w-]{22}$/),
      code: expect.stringMatching(/^\d{6}$/),
      expiresInMs: LIMITS.pairOfferMs,
    });
    const phone = await stage.phone();
    const page = stage.pageOf(phone);
    await page.next('STATE_FULL');
    page.send({ cmd: 'PAIR_START', reqId: 'b' });
    await page.next('ERROR', ({ code, reqId }) => code === 5011 && reqId === 'b');
    const asked = await stage.ask('/api/commands', {
      method: 'POST',
      body: '{"cmd":"PAIR_START"}',
      headers: { cookie: phone.cookie },
    });
    expect(await codeIn(asked)).toBe(5011);
  });

  test('without --lan is refused, and says how to start FlowZone', async () => {
    const stage = setStage({ host: '127.0.0.1', lan: null });
    const answer = await stage.fetch('/api/commands', {
      method: 'POST',
      body: '{"cmd":"PAIR_START"}',
    });
    expect(answer.status).toBe(403);
    expect((await answer.json()) as object).toMatchObject({
      code: 5017,
      msg: 'FlowZone answers on this computer only.',
    });
    expect(await stage.list()).toEqual({ lan: false, devices: [] });
    const pair = { method: 'POST', body: '{"code":"000000"}' };
    expect(await codeIn(await stage.fetch('/api/pair', pair))).toBe(5017);
    // Under a name of the network it does not answer at all.
    expect(await codeIn(await stage.ask('/'))).toBe(5005);
  });

  test('lets one device in, by token or by code, and none after it', async () => {
    const stage = setStage();
    const first = await stage.offer();
    expect((await stage.pair({ token: first.token })).status).toBe(200);
    for (const again of [{ token: first.token }, { code: first.code }]) {
      const refused = await stage.pair(again);
      expect([refused.status, await codeIn(refused)]).toEqual([403, 5015]);
      expect(refused.headers.get('set-cookie')).toBeNull();
    }
    const second = await stage.offer();
    const spaced = `${second.code.slice(0, 3)} ${second.code.slice(3)}`;
    expect((await stage.pair({ code: spaced })).status).toBe(200);
    expect(await codeIn(await stage.pair({ token: second.token }))).toBe(5015);
    expect((await stage.list()).devices).toHaveLength(2);
  });

  test('of two that come at the same time one is let in', async () => {
    const stage = setStage();
    const { code, token } = await stage.offer();
    const answers = await Promise.all([
      stage.pair({ token }),
      stage.pair({ token }),
      stage.pair({ code }),
    ]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 403, 403]);
    expect((await stage.list()).devices).toHaveLength(1);
  });

  test('is over after five minutes, and when another one is made', async () => {
    let nowMs = 0;
    const stage = setStage({ now: () => nowMs });
    const late = await stage.offer();
    nowMs += LIMITS.pairOfferMs;
    expect(await codeIn(await stage.pair({ token: late.token }))).toBe(5015);
    const replaced = await stage.offer();
    const last = await stage.offer();
    expect(await codeIn(await stage.pair({ token: replaced.token }))).toBe(5015);
    nowMs += LIMITS.pairOfferMs - 1;
    expect((await stage.pair({ token: last.token })).status).toBe(200);
  });

  test.each([
    '',
    '{bad',
    '[]',
    'null',
    '{}',
    '{"code":123456}',
    '{"token":""}',
    '{"code":"123456","token":"x"}',
    '{"code":"123456","more":1}',
    '{"code":"123456","name":" "}',
    '{"code":"123456","name":"a\\u0000b"}',
    '{"code":"123456","name":"a\\u202eb"}',
  ])('what is no such request costs no try: %s', async (body) => {
    const stage = setStage();
    const refused = await stage.pair(body);
    expect([refused.status, await codeIn(refused)]).toEqual([400, 5003]);
  });

  test('a body of more than a kilobyte is not looked into', async () => {
    const stage = setStage();
    const refused = await stage.pair({ code: '1', name: 'x'.repeat(LIMITS.pairBodyBytesMax) });
    expect([refused.status, await codeIn(refused)]).toEqual([413, 5003]);
  });
});

describe('what a device gets', () => {
  test('is a cookie for this host alone, which no script can read', async () => {
    const stage = setStage();
    const { token } = await stage.offer();
    const answer = await stage.pair({ token });
    expect(await answer.json()).toEqual({
      clientId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      name: 'iPhone',
    });
    expect(answer.headers.get('set-cookie')).toMatch(
      new RegExp(
        `^flowzone-${stage.gateway.port}=[\\w-]{43}; Path=/; Max-Age=34560000; HttpOnly; SameSite=Strict$`,
      ),
    );
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });

  test('on disk there is a hash of it, for the owner alone', async () => {
    const stage = setStage();
    const offer = await stage.offer();
    const { cookie } = await stage.phone();
    const path = join(stage.dataFolder, 'paired.json');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const text = readFileSync(path, 'utf8');
    const secret = cookie.split('=')[1] ?? '';
    expect(text).toContain(new Bun.CryptoHasher('sha256').update(secret).digest('hex'));
    for (const kept of [secret, offer.token]) expect(text).not.toContain(kept);
    for (const line of stage.logged) expect(line).not.toContain(secret);
  });

  test('outlives the gateway', async () => {
    const first = setStage();
    const phone = await first.phone();
    first.gateway.stop();
    const second = setStage({ port: first.gateway.port, dataFolder: first.dataFolder });
    second.engine();
    await second.pageOf(phone).next('STATE_FULL');
    const { clientId, name } = phone;
    expect((await second.list()).devices).toEqual([
      { clientId, name, pages: 1, pairedMs: expect.any(Number) },
    ]);
  });

  test('is to play, not to be this computer', async () => {
    const stage = setStage();
    const engine = stage.engine({ onMessage: answerOk });
    const phone = await stage.phone();
    const page = stage.pageOf(phone);
    await page.next('STATE_FULL');
    page.send({ cmd: 'PLAY', reqId: 'a' });
    await page.next('OK', ({ reqId }) => reqId === 'a');
    const heard = engine.heard.items.find((message) => message.t === 'command');
    expect(heard).toMatchObject({ loopback: false });
    page.send({ cmd: 'PLAY', atFrame: 1, reqId: 'b' });
    await page.next('ERROR', ({ code, reqId }) => code === 5011 && reqId === 'b');
    const other = await stage.phone();
    const list = await stage.ask('/api/pair', { headers: { cookie: phone.cookie } });
    expect(await list.json()).toMatchObject({ devices: [{ clientId: phone.clientId, pages: 1 }] });
    expect((await stage.list()).devices.map(({ clientId }) => clientId)).toContain(other.clientId);
  });

  test('is a name of its own: the second iPhone is the second', async () => {
    const stage = setStage();
    const names = [(await stage.phone()).name, (await stage.phone()).name];
    expect(names).toEqual(['iPhone', 'iPhone 2']);
    const { code } = await stage.offer();
    const named = await stage.pair({ code, name: '  Ana’s  ' });
    expect(await named.json()).toMatchObject({ name: 'Ana’s' });
  });
});
