/** Row 29 from the network's side: whatever a stranger sends, nobody is let in and nothing changes. */
import { expect, test } from 'bun:test';
import * as fc from 'fast-check';
import { printedSeed } from '../../support/seed.ts';
import { answerOk } from './support/fake-engine.ts';
import { LAN_ADDRESS, useLanStages } from './support/lan-stage.ts';
import { askRaw, UPGRADE } from './support/raw-asker.ts';

const setStage = useLanStages();

const word = fc.oneof(
  fc.constantFrom('code', 'token', 'name', 'cmd', '__proto__', 'constructor', 'PAIR_START'),
  fc.stringMatching(/^\d{6}$/),
  fc.string({ maxLength: 30 }),
);
const bodies = fc.oneof(
  fc.dictionary(word, fc.oneof(word, fc.jsonValue({ maxDepth: 3 }))).map((o) => JSON.stringify(o)),
  fc.tuple(word, word).map(([code, token]) => JSON.stringify({ code, token })),
  word.map((code) => JSON.stringify({ code })),
  word.map((token) => JSON.stringify({ token })),
  fc.json(),
  fc.string({ unit: 'binary', maxLength: 2000 }),
);
/** What a header line can hold. */
const headerValue = fc.stringMatching(/^[!-~ ]{0,80}$/);

test('bodies and cookies of strangers', async () => {
  const seed = printedSeed();
  const stage = setStage();
  const engine = stage.engine({ onMessage: answerOk });
  await (await stage.join()).barrier();
  const before = JSON.stringify(engine.state);
  const statuses: Record<number, number> = {};
  const { cookie } = await stage.phone();
  const name = cookie.split('=')[0];
  const knock = fc.record({
    path: fc.constantFrom('/api/pair', '/api/commands', '/api/state', '/api/exports/a/b.wav'),
    body: bodies,
    cookie: fc.oneof(
      headerValue,
      headerValue.map((value) => `${name}=${value}`),
    ),
  });
  await fc.assert(
    fc.asyncProperty(knock, async (asked) => {
      stage.advance(1000);
      const isRead = asked.path.startsWith('/api/state') || asked.path.includes('exports');
      const answer = await stage.ask(asked.path, {
        headers: { cookie: asked.cookie },
        ...(isRead ? {} : { method: 'POST', body: asked.body }),
      });
      statuses[answer.status] = (statuses[answer.status] ?? 0) + 1;
      expect([400, 401, 403, 413, 429]).toContain(answer.status);
      expect(answer.headers.get('set-cookie')).toBeNull();
    }),
    { seed, numRuns: 3000 },
  );
  process.stderr.write(`strangers: ${JSON.stringify(statuses)}\n`);
  expect((await stage.list()).devices).toHaveLength(1);
  expect(engine.heard.items.filter((message) => message.t === 'command')).toEqual([]);
  expect(JSON.stringify(engine.state)).toBe(before);
  // The right cookie still opens.
  expect((await stage.ask('/api/state', { headers: { cookie } })).status).toBe(200);
}, 60_000);

test('sockets of strangers, torn and garbled', async () => {
  const seed = printedSeed();
  const stage = setStage();
  const engine = stage.engine();
  const lines = [...UPGRADE, `Host: ${stage.host}`];
  const frames = fc.uint8Array({ maxLength: 200 });
  await fc.assert(
    fc.asyncProperty(frames, fc.nat({ max: lines.length }), async (bytes, dropped) => {
      stage.advance(1000);
      const body = Buffer.from(bytes).toString('latin1');
      const told = await askRaw({
        port: stage.gateway.port,
        peer: LAN_ADDRESS,
        lines: lines.filter((_, nth) => nth === 0 || nth !== dropped),
        body: `${body}\r\n\r\n`,
      });
      expect(told).not.toContain('WELCOME');
      expect(told).not.toContain('STATE_FULL');
    }),
    { seed, numRuns: 500 },
  );
  const own = await stage.join();
  await own.barrier();
  expect(engine.heard.items.filter((message) => message.t === 'client')).toHaveLength(1);
}, 60_000);
