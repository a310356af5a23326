/** What the log says of those who ask under a foreign name, and of what players are told. */
import { expect, test } from 'bun:test';
import type { LogFields } from '../../../server/telemetry/log.ts';
import { makeLog } from '../../../server/telemetry/log.ts';
import { askRaw } from './support/raw-asker.ts';
import { useStages } from './support/stage.ts';

const setStage = useStages();

const logged = () => {
  const lines: { level: string; event: string; fields: LogFields }[] = [];
  const log = (level: string, event: string, fields: LogFields = {}) =>
    void lines.push({ level, event, fields });
  return { lines, log };
};

test('a foreign Host or Origin is a line with both, fit to be read', async () => {
  const { lines, log } = logged();
  const { gateway } = setStage({ log });
  const { port } = gateway;
  const ask = (...headers: string[]) =>
    askRaw({ port, peer: '127.0.0.1', lines: ['GET /api/state HTTP/1.1', ...headers] });
  await ask('Host: evil.example');
  await ask(`Host: 127.0.0.1:${port}`, `Origin: http://evil\u00e9${'x'.repeat(200)}.example`);
  const address = '127.0.0.1';
  expect(lines).toEqual([
    {
      level: 'warn',
      event: 'name refused',
      fields: { code: 5005, address, host: 'evil.example', origin: null },
    },
    {
      level: 'warn',
      event: 'name refused',
      fields: {
        code: 5004,
        address,
        host: `127.0.0.1:${port}`,
        origin: expect.stringMatching(/^http:\/\/evil\?+x+$/),
      },
    },
  ]);
  expect(String(lines[1]?.fields['origin']).length).toBeLessThanOrEqual(100);
});

test('a storm of them is ten lines a second for each code', async () => {
  const written: string[] = [];
  const writer = { lost: 0, write: (line: string) => void written.push(line) };
  const log = makeLog({ name: 'gateway', writer, isTerminal: false, monotonicMs: () => 0 });
  const { gateway } = setStage({ log });
  const lines = ['GET / HTTP/1.1', 'Host: evil.example'];
  const asked = Array.from({ length: 50 }, () =>
    askRaw({ port: gateway.port, peer: '127.0.0.1', lines }),
  );
  await Promise.all(asked);
  expect(written.filter((line) => line.includes('"name refused"'))).toHaveLength(10);
});

test('that the engine is away is a line when clients are told of it', async () => {
  const { lines, log } = logged();
  const stage = setStage({ log });
  const engine = stage.engine();
  const player = await stage.join();
  engine.close();
  await player.next('NOTICE');
  const notices = lines.filter(({ event }) => event === 'notice');
  expect(notices).toEqual([
    { level: 'error', event: 'notice', fields: { code: 1010, codeName: 'ERR_ENGINE_RESTARTING' } },
  ]);
});
