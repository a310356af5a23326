/** A page that comes back while its old, dead line still stands. */
import { describe, expect, test } from 'bun:test';
import { useLanStages } from './support/lan-stage.ts';

const setStage = useLanStages();

const idOf = (player: { ofType(type: 'WELCOME'): { clientId: string }[] }) =>
  player.ofType('WELCOME')[0]?.clientId;

describe('a page that comes back', () => {
  test('takes its old line over: its id goes on, and the engine hears it go and come', async () => {
    const stage = setStage();
    const engine = stage.engine();
    const old = await stage.join({ hello: { clientId: 'page' } });
    const again = await stage.join({ hello: { clientId: 'page' } });
    expect(idOf(again)).toBe('page');
    expect(await old.closed).toEqual({ code: 4006, reason: 'taken over' });
    await again.barrier();
    const heard = engine.heard.items.filter((message) => message.t === 'client');
    // What the session does for one that goes, it does for the old line: held keys are let go of.
    expect(heard.map(({ clientId, joined }) => [clientId, joined])).toEqual([
      ['page', true],
      ['page', false],
      ['page', true],
    ]);
    // The end of the old socket takes nothing away from the new one.
    again.send({ cmd: 'SET_VIS', fps: 8, reqId: 'a' });
    await again.next('OK', ({ reqId }) => reqId === 'a');
    engine.touch(0.5);
    await again.next('STATE_PATCH');
  });

  test('gets the answer that its old line waited for', async () => {
    const stage = setStage();
    const engine = stage.engine();
    const old = await stage.join({ hello: { clientId: 'page' } });
    old.send({ cmd: 'UNDO', scope: 'SESSION', reqId: 'a' });
    await engine.heard.find((message) => message.t === 'command');
    const again = await stage.join({ hello: { clientId: 'page' } });
    const message = { type: 'OK', reqId: 'a', revId: 1 } as const;
    engine.send({ t: 'answer', clientId: 'page', message });
    expect(await again.next('OK')).toEqual(message);
  });

  test('asks the session under the id that it had: a repeat is known there', async () => {
    const stage = setStage();
    const engine = stage.engine();
    await stage.join({ hello: { clientId: 'page' } });
    const again = await stage.join({ hello: { clientId: 'page' } });
    again.send({ cmd: 'UNDO', scope: 'SESSION', reqId: 'a' });
    const heard = await engine.heard.find((message) => message.t === 'command');
    expect(heard).toMatchObject({ clientId: 'page', command: { reqId: 'a' } });
  });

  test('needs no place of its own among sixteen', async () => {
    const stage = setStage();
    stage.engine();
    const hello = { clientId: 'page' };
    const old = await stage.join({ hello });
    await Promise.all(Array.from({ length: 15 }, () => stage.join()));
    const again = await stage.join({ hello });
    expect((await old.closed).code).toBe(4006);
    const late = stage.player();
    expect(await late.closed).toMatchObject({ code: 4003 });
    await again.barrier();
  });

  test('leaves a line alone that another device calls by the same id', async () => {
    const stage = setStage();
    stage.engine();
    const [phone, tablet] = [await stage.phone(), await stage.phone()];
    const hello = { clientId: 'page' };
    const own = stage.pageOf(phone, hello);
    await own.next('STATE_FULL');
    const others = [stage.pageOf(tablet, hello), stage.player({ hello })];
    for (const other of others) {
      await other.next('STATE_FULL');
      expect(idOf(other)).not.toBe('page');
    }
    await own.barrier();
    own.close();
    await own.closed;
    // Nor is it anybody else's when it has gone: its answers lie there.
    const later = stage.pageOf(tablet, hello);
    await later.next('STATE_FULL');
    expect(idOf(later)).not.toBe('page');
    const back = stage.pageOf(phone, hello);
    await back.next('STATE_FULL');
    expect(idOf(back)).toBe('page');
  });

  test('nobody is called as those who ask without a socket are', async () => {
    const stage = setStage();
    stage.engine();
    expect(idOf(await stage.join({ hello: { clientId: 'rest' } }))).not.toBe('rest');
  });
});

test('sixteen who say no HELLO keep the seventeenth out for a few seconds only', async () => {
  const stage = setStage();
  stage.engine();
  const silent = Array.from({ length: 16 }, () => stage.player({ hello: null }));
  await Promise.all(silent.map(({ opened }) => opened));
  const late = stage.player({ hello: null });
  expect(await late.closed).toMatchObject({ code: 4003 });
  stage.advance(5000);
  await Promise.all(silent.map(({ closed }) => closed));
  await stage.join();
});
