/** A device that is forgotten is out: at once, on every way in, and for good. */
import { describe, expect, test } from 'bun:test';
import { connectDeaf } from './support/deaf-socket.ts';
import { answerOk } from './support/fake-engine.ts';
import { codeIn, useLanStages } from './support/lan-stage.ts';

const setStage = useLanStages();
const CUT_MS = 1000;

describe('a forgotten phone', () => {
  test('is cut off within a second, all its pages, and no other device is', async () => {
    const stage = setStage();
    stage.engine();
    const [lost, kept] = [await stage.phone(), await stage.phone()];
    const pages = [stage.pageOf(lost), stage.pageOf(lost)];
    const other = stage.pageOf(kept);
    await Promise.all([...pages, other].map((page) => page.next('STATE_FULL')));
    const started = performance.now();
    expect((await stage.forget(lost.clientId)).status).toBe(200);
    for (const page of pages) expect(await page.closed).toMatchObject({ code: 4005 });
    expect(performance.now() - started).toBeLessThan(CUT_MS);
    await other.barrier();
    expect((await stage.list()).devices.map(({ clientId }) => clientId)).toContain(kept.clientId);
  });

  test('that does not read is cut off all the same', async () => {
    const stage = setStage();
    stage.engine();
    const lost = await stage.phone();
    const deaf = await connectDeaf(stage.gateway.port, {}, lost.headers);
    const own = await stage.join();
    await own.barrier();
    expect((await stage.list()).devices.at(-1)?.pages).toBe(1);
    const started = performance.now();
    await stage.forget(lost.clientId);
    expect((await stage.list()).devices.some(({ clientId }) => clientId === lost.clientId)).toBe(
      false,
    );
    deaf.listen();
    await deaf.closed;
    expect(performance.now() - started).toBeLessThan(CUT_MS);
  });

  test('is heard no more: what it sends after that has no effect', async () => {
    const stage = setStage();
    const engine = stage.engine({ onMessage: answerOk });
    const lost = await stage.phone();
    const page = stage.pageOf(lost);
    await page.next('STATE_FULL');
    const forgotten = stage.forget(lost.clientId);
    await forgotten;
    page.send({ cmd: 'PANIC', scope: 'ALL', reqId: 'late' });
    await page.closed;
    const own = await stage.join();
    await own.barrier();
    expect(engine.heard.items.filter((message) => message.t === 'command')).toEqual([]);
    // Control: a paired one is heard.
    const again = stage.pageOf(await stage.phone());
    await again.next('STATE_FULL');
    again.send({ cmd: 'PLAY', reqId: 'heard' });
    await again.next('OK');
    expect(engine.heard.items.filter((message) => message.t === 'command')).toHaveLength(1);
  });

  test('is refused on the socket and over HTTP, also by the next gateway', async () => {
    const stage = setStage();
    stage.engine();
    const lost = await stage.phone();
    await stage.forget(lost.clientId);
    const isOut = async (at: ReturnType<typeof setStage>) => {
      const page = at.player({ headers: lost.headers });
      expect(await page.opened.catch((error: Error) => error.message)).toBe('no connection');
      const asked = await at.ask('/api/state', { headers: { cookie: lost.cookie } });
      expect([asked.status, await codeIn(asked)]).toEqual([401, 5014]);
    };
    await isOut(stage);
    stage.gateway.stop();
    await isOut(setStage({ port: stage.gateway.port, dataFolder: stage.dataFolder }));
  });

  test('can be named by one of its pages; unknown ones are 5018', async () => {
    const stage = setStage();
    stage.engine();
    const page = stage.pageOf(await stage.phone(), { clientId: 'tab' });
    await page.next('STATE_FULL');
    expect((await stage.forget('tab')).status).toBe(200);
    await page.closed;
    const unknown = await stage.forget('tab');
    expect([unknown.status, await codeIn(unknown)]).toEqual([404, 5018]);
    const own = await stage.join({ hello: { clientId: 'computer' } });
    expect(await codeIn(await stage.forget('computer'))).toBe(5018);
    own.send({ cmd: 'FORGET_CLIENT', clientId: 'nobody', reqId: 'a' });
    await own.next('ERROR', ({ code, reqId }) => code === 5018 && reqId === 'a');
  });
});

test('of seventeen the last is refused, phones and pages of this computer alike', async () => {
  const stage = setStage();
  stage.engine();
  const phone = await stage.phone();
  const pages = Array.from({ length: 16 }, (_, n) =>
    n % 2 === 0 ? stage.player() : stage.pageOf(phone),
  );
  await Promise.all(pages.map((page) => page.next('STATE_FULL')));
  for (const late of [stage.player(), stage.pageOf(phone)]) {
    expect(await late.closed).toMatchObject({ code: 4003 });
    expect(late.texts()).toMatchObject([{ type: 'ERROR', code: 5006 }]);
  }
  // A stranger takes no place.
  const stranger = stage.player({ headers: { host: stage.host } });
  expect(await stranger.opened.catch((error: Error) => error.message)).toBe('no connection');
});
