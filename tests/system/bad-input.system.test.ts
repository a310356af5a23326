/** Bad input: each a clear coded answer or exit code, and the engine plays on. */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { ERRORS } from '../../protocol/errors.ts';
import { type Client, connect, type Json } from '../judge/client.ts';
import { makeFolder, type Product, runToEnd, startProduct, until } from '../judge/product.ts';
import { canCompile, compile } from '../plugins/bundle.ts';

let product: Product;
let client: Client;

beforeAll(async () => {
  product = await startProduct(['--device', 'headless']);
  client = await connect(product.url);
}, 30_000);

afterAll(async () => {
  client.close();
  expect(await product.stop()).toBe(0);
});

const playsOn = async (): Promise<void> => {
  const before = (await product.json<Json>('/api/health')).blocks;
  await until('more blocks', async () => (await product.json<Json>('/api/health')).blocks > before);
};

const nextError = async (send: () => void): Promise<Json> => {
  const seen = client.messages.length;
  send();
  return until('an ERROR', () =>
    client.messages.slice(seen).find((message) => message.type === 'ERROR'),
  );
};

describe('on the socket', () => {
  const cases: [string, string, number][] = [
    ['malformed JSON', '{"cmd":', 5001],
    ['a number', '0x10', 5001],
    ['a list', '[]', 5001],
    ['an unknown command', '{"cmd":"EXPLODE"}', 5002],
    ['an inherited name as a command', '{"cmd":"__proto__"}', 5002],
    ['a volume out of range', '{"cmd":"SET_VOL","slot":0,"val":1.5}', 5003],
    ['an unexpected field', '{"cmd":"PLAY","loud":true}', 5003],
    ['a slot that is not there', '{"cmd":"SET_VOL","slot":99,"val":0.5}', 4001],
    ['clearing an empty slot', '{"cmd":"CLEAR_SLOT","slot":0}', 4002],
  ];
  for (const [index, [name, text, code]] of cases.entries()) {
    test(`${name} is answered with ${code}`, async () => {
      const reachesSession = code < 5000;
      const sent = reachesSession ? text.replace('}', `,"reqId":"bad-${index}"}`) : text;
      const error = await nextError(() => client.raw.send(sent));
      expect(error['code']).toBe(code);
      expect(error['msg'].length).toBeGreaterThan(10);
      await playsOn();
    });
  }

  test('a message of 1 MB closes that client alone', async () => {
    const loud = await connect(product.url);
    loud.raw.send(`{"cmd":"PLAY","x":"${'a'.repeat(1_000_000)}"}`);
    expect([1006, 1009]).toContain((await loud.closed).code);
    expect((await client.ask({ cmd: 'PLAY' })).type).toBe('OK');
    await playsOn();
  });
});

describe('over HTTP', () => {
  test('a foreign Host and a foreign Origin are refused', async () => {
    const host = await product.get('/api/health', { headers: { Host: 'evil.example' } });
    expect([host.status, ((await host.json()) as Json).code]).toEqual([403, 5005]);
    const origin = await product.get('/api/commands', {
      method: 'POST',
      headers: { Origin: 'https://evil.example' },
      body: '{"cmd":"PLAY"}',
    });
    expect([origin.status, ((await origin.json()) as Json).code]).toEqual([403, 5004]);
  });

  test('unknown addresses and wrong queries have codes', async () => {
    for (const [path, code] of [
      ['/api/nothing', 5010],
      ['/api/takes/00000000-0000-4000-8000-000000000000', 4008],
      ['/api/riffs?limit=0', 5013],
      ['/api/takes/../../etc/passwd', 5010],
    ] as const) {
      const answer = await product.get(path);
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(((await answer.json()) as Json).code).toBe(code);
    }
    await playsOn();
  });
});

describe('at the start', () => {
  test('an unknown flag and values out of range end with 2 and a sentence', async () => {
    for (const args of [['--loud'], ['--bpm', '5'], ['--slots', '7']]) {
      const { code, stdout, stderr } = await runToEnd([...args, '--data', makeFolder()]);
      expect([code, stdout]).toEqual([2, '']);
      expect(stderr.length).toBeGreaterThan(20);
    }
  });

  test('a port in use ends with 3', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await until('listening', () => server.listening);
    const { port } = server.address() as { port: number };
    const { code, stderr } = await runToEnd([
      '--port',
      String(port),
      '--data',
      makeFolder(),
      '--device',
      'headless',
    ]);
    server.close();
    expect(code).toBe(3);
    expect(stderr).toContain(String(port));
  }, 20_000);

  test('a second instance ends with 5 and says where the first one is', async () => {
    const { code, stderr } = await runToEnd([
      '--port',
      '0',
      '--data',
      product.data,
      '--device',
      'headless',
    ]);
    expect(code).toBe(5);
    expect(stderr).toContain(product.url.replace(/\/$/, ''));
    await playsOn();
  }, 20_000);

  test('a data folder that cannot be used ends with 4', async () => {
    const folder = makeFolder();
    writeFileSync(`${folder}/file`, '');
    const { code } = await runToEnd([
      '--port',
      '0',
      '--data',
      `${folder}/file/below`,
      '--device',
      'headless',
    ]);
    expect(code).toBe(4);
    mkdirSync(`${folder}/locked`);
    chmodSync(`${folder}/locked`, 0o500);
    const proc = await runToEnd([
      '--port',
      '0',
      '--data',
      '/proc/flowzone',
      '--device',
      'headless',
    ]);
    expect(proc.code).toBe(4);
    mkdirSync(`${folder}/no-run`);
    writeFileSync(`${folder}/no-run/run`, 'not a folder');
    const run = await runToEnd(['--port', '0', '--data', `${folder}/no-run`]);
    expect(run.code).toBe(4);
    expect(run.stderr).toContain('cannot be used');
  }, 20_000);

  test.skipIf(process.platform !== 'linux' || process.arch !== 'x64' || !canCompile())(
    'a processor that lacks what the build needs ends with 6',
    async () => {
      const folder = makeFolder();
      writeFileSync(`${folder}/old.c`, 'int flow_cpu_is_v3(void) { return 0; }');
      await compile(['cc', '-shared', '-fPIC', '-o', `${folder}/old.so`, `${folder}/old.c`]);
      const old = { LD_PRELOAD: `${folder}/old.so` };
      const data = ['--device', 'headless', '--port', '0', '--data', `${folder}/data`];
      const { code, stderr } = await runToEnd(data, old);
      expect(code).toBe(6);
      expect(stderr).toContain(ERRORS.ERR_CPU_LACKS.says);
    },
    20_000,
  );

  test('an input that is no WAV file ends with a sentence, not with a running engine', async () => {
    const folder = makeFolder();
    writeFileSync(`${folder}/not.wav`, 'this is no sound');
    const { code, stdout, stderr } = await runToEnd([
      '--port',
      '0',
      '--data',
      folder,
      '--device',
      'headless',
      '--input',
      `${folder}/not.wav`,
    ]);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain('not.wav');
  }, 20_000);
});
