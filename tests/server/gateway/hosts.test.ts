import { describe, expect, test } from 'bun:test';
import { connect } from 'node:net';
import { makeHostList } from '../../../server/gateway/hosts.ts';
import { useStages } from './support/stage.ts';

const setStage = useStages();

/** Host, Origin, code of the refusal. */
const TABLE: [string | null, string | null, number | null][] = [
  ['localhost:4800', null, null],
  ['127.0.0.1:4800', null, null],
  ['LOCALHOST:4800', null, null],
  ['localhost:4800', 'http://localhost:4800', null],
  ['localhost:4800', 'http://127.0.0.1:4800', null],
  [null, null, 5005],
  ['', null, 5005],
  ['localhost', null, 5005],
  ['localhost:4801', null, 5005],
  ['localhost.:4800', null, 5005],
  ['evil.example:4800', null, 5005],
  ['127.0.0.1.evil.example:4800', null, 5005],
  ['127.0.0.2:4800', null, 5005],
  ['0.0.0.0:4800', null, 5005],
  ['[::1]:4800', null, 5005],
  ['localhost:4800', 'http://[::1]:4800', 5004],
  ['localhost:4800, evil.example', null, 5005],
  ['evil.example:4800', 'http://localhost:4800', 5005],
  ['localhost:4800', 'http://evil.example', 5004],
  ['localhost:4800', 'http://localhost:4801', 5004],
  ['localhost:4800', 'http://localhost', 5004],
  ['localhost:4800', 'https://localhost:4800', 5004],
  ['localhost:4800', 'http://localhost:4800.evil.example', 5004],
  ['localhost:4800', 'null', 5004],
  ['localhost:4800', '', 5004],
];

/** Bun's fetch writes its own Host; a plain socket says what it is told. */
const ask = (port: number, lines: string[]): Promise<string> =>
  new Promise((done, fail) => {
    let answer = '';
    const socket = connect(port, '127.0.0.1');
    socket.on('data', (data) => {
      answer += data.toString('latin1');
    });
    socket.on('close', () => done(answer));
    socket.on('error', fail);
    socket.write(`${lines.join('\r\n')}\r\nConnection: close\r\n\r\n`);
  });

describe('hosts and origins', () => {
  test.each(TABLE)('Host %p with Origin %p: %p', (host, origin, code) => {
    expect(makeHostList(4800).refusal(host, origin, true)).toBe(code);
  });

  test('on port 80 browsers leave the port out', () => {
    const list = makeHostList(80);
    expect(list.refusal('localhost', 'http://localhost', true)).toBeNull();
    expect(list.refusal('localhost:80', null, true)).toBeNull();
    expect(list.refusal('evil.example', null, true)).toBe(5005);
  });

  test.each(['/', '/api/health', '/api/nothing', '/ws', '/assets/x.js'])(
    'the check stands before %s',
    async (path) => {
      const { gateway } = setStage();
      const host = `Host: 127.0.0.1:${gateway.port}`;
      const foreignHost = await ask(gateway.port, [`GET ${path} HTTP/1.1`, 'Host: evil.example']);
      expect(foreignHost).toStartWith('HTTP/1.1 403');
      expect(foreignHost).toContain('"code":5005');
      const foreign = await ask(gateway.port, [
        `GET ${path} HTTP/1.1`,
        host,
        'Origin: http://evil.example',
      ]);
      expect(foreign).toStartWith('HTTP/1.1 403');
      expect(foreign).toContain('"code":5004');
      const own = await ask(gateway.port, [`GET ${path} HTTP/1.1`, host]);
      expect(own).not.toStartWith('HTTP/1.1 403');
    },
  );

  test('a foreign page cannot upgrade, our own can', async () => {
    const { player, origin, engine } = setStage();
    engine();
    const foreign = player({ headers: { origin: 'http://evil.example' } });
    expect(await foreign.opened.catch((error: Error) => error.message)).toBe('no connection');
    const own = player({ headers: { origin } });
    await own.next('STATE_FULL');
  });

  test('every response carries the security headers, refusals too', async () => {
    const { fetch, origin } = setStage();
    for (const [path, headers] of [
      ['/', {}],
      ['/api/health', {}],
      ['/api/nothing', {}],
      ['/api/health', { origin: 'http://evil.example' }],
    ] as const) {
      const response = await fetch(path, { headers });
      expect(response.headers.get('x-content-type-options')).toBe('nosniff');
      const policy = response.headers.get('content-security-policy');
      expect(policy).toContain("default-src 'self'");
      expect(policy).not.toContain('evil');
      expect(policy).not.toContain("script-src 'unsafe");
    }
    const policy = (await fetch('/')).headers.get('content-security-policy');
    expect(policy).toContain(`ws://${new URL(origin).host}`);
  });

  test('TLS on the port is refused at once', async () => {
    const { gateway } = setStage();
    const socket = connect(gateway.port, '127.0.0.1');
    const started = performance.now();
    socket.write(Buffer.from('16030100a5010000a10303', 'hex'));
    await new Promise((done) => socket.on('close', done).resume());
    expect(performance.now() - started).toBeLessThan(1000);
  });
});
