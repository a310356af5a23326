import { describe, expect, test } from 'bun:test';
import { LIMITS } from '../../../protocol/limits.ts';
import { codeIn, useLanStages } from './support/lan-stage.ts';

const setStage = useLanStages();

describe('a stranger of the network', () => {
  const CLOSED = [
    ['GET', '/api/health'],
    ['GET', '/api/state'],
    ['GET', '/api/riffs'],
    ['GET', '/api/sessions'],
    ['GET', '/api/past'],
    ['GET', '/api/plugins'],
    ['GET', '/api/plugins/x/params'],
    ['GET', '/api/protocol'],
    ['GET', '/metrics'],
    ['GET', '/api/metrics/history'],
    ['GET', '/api/exports'],
    ['GET', '/api/exports/a/b.wav'],
    ['HEAD', '/api/exports/a/b.wav'],
    ['GET', '/api/takes/00000000-0000-4000-8000-000000000000'],
    ['GET', '/api/takes/00000000-0000-4000-8000-000000000000/audio'],
    ['GET', '/api/takes/00000000-0000-4000-8000-000000000000/peaks?n=16'],
    ['POST', '/api/commands'],
    ['GET', '/ws'],
    ['GET', '/api/state/'],
    ['GET', '/api/state?x'],
  ] as const;

  test.each(CLOSED)('%s %s is closed, and open for a paired one', async (method, path) => {
    const stage = setStage();
    const refused = await stage.ask(path, { method });
    expect(refused.status).toBe(401);
    const phone = await stage.phone();
    const open = await stage.ask(path, { method, headers: { cookie: phone.cookie } });
    expect(open.status).not.toBe(401);
  });

  test.each(['/api/../api/state', '//api/state', '/%61pi/state', '/API/state', '/./api/state'])(
    '%s shows nothing',
    async (path) => {
      const stage = setStage();
      stage.engine();
      await (await stage.join()).barrier();
      const refused = await stage.ask(path);
      expect([401, 404]).toContain(refused.status);
    },
  );

  test('gets the page, to type the code into, and no socket', async () => {
    const stage = setStage();
    stage.engine();
    expect((await stage.ask('/')).headers.get('content-type')).toContain('text/html');
    const told = await stage.ask('/api/pair');
    expect([told.status, await codeIn(told)]).toEqual([401, 5014]);
    const stranger = stage.player({ headers: { host: stage.host } });
    expect(await stranger.opened.catch((error: Error) => error.message)).toBe('no connection');
  });

  test('may ask two hundred times at once; paired ones are not slowed by that', async () => {
    const stage = setStage({ now: () => 0 });
    stage.engine();
    const phone = await stage.phone();
    const statuses: number[] = [];
    for (let n = 0; n < LIMITS.commandBurst; n += 1) statuses.push((await stage.ask('/')).status);
    expect(statuses.filter((status) => status === 429)).toHaveLength(1);
    const paired = await stage.ask('/api/protocol', { headers: { cookie: phone.cookie } });
    expect(paired.status).toBe(200);
  });
});
