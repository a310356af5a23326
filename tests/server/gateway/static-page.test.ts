import { afterAll, describe, expect, test } from 'bun:test';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { useStages } from './support/stage.ts';

const setStage = useStages();

const root = mkdtempSync(join(tmpdir(), 'fz-page-'));
const webFolder = join(root, 'dist');
mkdirSync(join(webFolder, 'assets'), { recursive: true });
const put = (path: string, text: string) => writeFileSync(join(webFolder, path), text);
put('index.html', '<!doctype html><title>page</title>');
put('assets/main-Ab3_x-9Z.js', 'export {};');
put('assets/main-Ab3_x-9Z.css', 'a{}');
put('manifest.webmanifest', '{}');
put('icon.png', 'png');
put('.secret', 'secret');
writeFileSync(join(root, 'outside.txt'), 'outside');
symlinkSync(join(root, 'outside.txt'), join(webFolder, 'link.txt'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** fetch would tidy the path up before it sends it. */
const rawStatus = (port: number, path: string): Promise<string> =>
  new Promise((done, fail) => {
    let answer = '';
    const socket = connect(port, '127.0.0.1');
    socket.on('data', (data) => {
      answer += data.toString('latin1');
    });
    socket.on('close', () => done(answer));
    socket.on('error', fail);
    socket.write(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: close\r\n\r\n`);
  });

describe('the page', () => {
  test.each([
    ['/', 'text/html; charset=utf-8', 'no-cache'],
    ['/index.html', 'text/html; charset=utf-8', 'no-cache'],
    ['/assets/main-Ab3_x-9Z.js', 'text/javascript; charset=utf-8', 'immutable'],
    ['/assets/main-Ab3_x-9Z.css', 'text/css; charset=utf-8', 'immutable'],
    ['/manifest.webmanifest', 'application/manifest+json', 'no-cache'],
    ['/icon.png', 'image/png', 'no-cache'],
  ])('%s is %s, %s', async (path, type, cache) => {
    const { fetch } = setStage({ webFolder });
    const response = await fetch(path);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe(type);
    expect(response.headers.get('cache-control')).toContain(cache);
    const etag = response.headers.get('etag') ?? '';
    const again = await fetch(path, { headers: { 'if-none-match': etag } });
    expect(again.status).toBe(304);
    const head = await fetch(path, { method: 'HEAD' });
    expect(head.status).toBe(200);
    expect(head.headers.get('content-length')).toBe(String((await response.text()).length));
  });

  test.each(['/nothing.js', '/assets/', '/assets', '/.secret', '/link.txt', '/a%00b', '/%zz'])(
    'nothing at %s',
    async (path) => {
      const { fetch } = setStage({ webFolder });
      const response = await fetch(path);
      expect(response.status).toBe(404);
      expect(await response.json()).toMatchObject({ code: 5010 });
    },
  );

  test.each([
    '/../outside.txt',
    '/assets/../../outside.txt',
    '/%2e%2e/outside.txt',
    '/..%2foutside.txt',
    '/assets/..%2f..%2foutside.txt',
    String.raw`/..\outside.txt`,
    '/..%5coutside.txt',
    '//etc/passwd',
    '/%2fetc%2fpasswd',
  ])('%s leads nowhere', async (path) => {
    const { gateway } = setStage({ webFolder });
    const answer = await rawStatus(gateway.port, path);
    expect(answer).toStartWith('HTTP/1.1 404');
    expect(answer).not.toContain('outside.txt');
    expect(answer).not.toContain('root:');
  });

  test('a page that has not been built is a page that says so', async () => {
    const { fetch } = setStage({ webFolder: join(root, 'missing') });
    const response = await fetch('/');
    expect(response.status).toBe(503);
    expect(response.headers.get('content-type')).toStartWith('text/html');
    expect(await response.text()).toContain('not been built');
  });
});
