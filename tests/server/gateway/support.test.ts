/** A support bundle: complete, without sound, without the name of anybody's home, whole when parts are missing. */
import { afterAll, describe, expect, test } from 'bun:test';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { tarOf } from '../../../server/gateway/support/tar.ts';
import { textTail } from '../../../server/gateway/support/text-tail.ts';
import { useStages } from './support/stage.ts';

const setStage = useStages();
const root = mkdtempSync(join(tmpdir(), 'fz-support-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const put = (path: string, content: string | Uint8Array) => {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content);
};

/** Opened by the system's own tar, so that it is one. */
const unpacked = (bytes: Uint8Array): Map<string, Buffer> => {
  const folder = mkdtempSync(join(root, 'out-'));
  writeFileSync(join(folder, 'b.tar.gz'), bytes);
  const done = Bun.spawnSync(['tar', 'xzf', 'b.tar.gz'], { cwd: folder });
  expect({ code: done.exitCode, says: done.stderr.toString() }).toEqual({ code: 0, says: '' });
  const files = new Map<string, Buffer>();
  for (const path of new Bun.Glob('flowzone-support-*/**').scanSync({ cwd: folder, dot: true })) {
    const text = Bun.spawnSync(['cat', path], { cwd: folder }).stdout;
    files.set(path.slice(path.indexOf('/') + 1), text);
  }
  return files;
};

/** What could be sound: everything that is not plain text, whatever it is called. */
const sounds = (files: Map<string, Buffer>): string[] =>
  [...files].flatMap(([name, bytes]) => {
    const isText = !bytes.includes(0) && Buffer.from(bytes.toString('utf8')).equals(bytes);
    const isNamedText = /\.(jsonl|json|txt)$/.test(name);
    return isText && isNamedText && !bytes.toString('latin1').startsWith('RIFF') ? [] : [name];
  });

const SAMPLES = new Uint8Array(new Float32Array([0.25, -0.5, 0.75]).buffer);

put('data/logs/engine.jsonl', `{"event":"b","path":"${homedir()}/Music"}\n`);
put('data/logs/engine.1.jsonl', '{"event":"a"}\n');
put('data/logs/gateway.jsonl', '{"event":"c"}\n');
put('data/logs/notes.txt', 'mine');
put('data/crashes.json', '{"step":0}');
put('data/audio/abc.wav', SAMPLES);
put('data/flowzone.db', 'secret');
put('log/2026-01-01-1/log.jsonl', '{"t":"log"}\n');
put('log/2026-01-02-2/log.jsonl', '{"t":"log","n":2}\n');
put('log/2026-01-02-2/input.wav', SAMPLES);
put('log/2026-01-02-2/0a0b', SAMPLES);
put('log/2026-01-03-3/log.jsonl', '{"t":"log","n":3}\n');

const bundle = async (more: object = {}) => {
  const stage = setStage({ dataFolder: join(root, 'data'), logFolder: join(root, 'log'), ...more });
  stage.engine();
  await (await stage.join()).barrier();
  const response = await stage.fetch('/api/support/bundle');
  expect(response.status).toBe(200);
  expect(response.headers.get('content-disposition')).toMatch(/"flowzone-support-[\w-]+\.tar\.gz"/);
  return unpacked(new Uint8Array(await response.arrayBuffer()));
};

test('what a page says of its faults is in the log, and no more of it than its schema takes', async () => {
  const stage = setStage();
  stage.engine();
  const player = await stage.join();
  player.send({ cmd: 'REPORT_FAULT', says: 'TypeError: x', reqId: 'a' });
  await player.next('OK', ({ reqId }) => reqId === 'a');
  expect(stage.logged).toContain('warn: page fault');
  player.send({ cmd: 'REPORT_FAULT', says: 'x'.repeat(501), reqId: 'b' });
  expect(await player.next('ERROR')).toMatchObject({ code: 5003, reqId: 'b' });
});

describe('the support bundle', () => {
  test('has logs, figures, settings and what was done, and nothing that could be sound', async () => {
    const files = await bundle();
    expect([...files.keys()].toSorted()).toEqual([
      'README.txt',
      'about.json',
      'clients.json',
      'config.json',
      'crashes.json',
      'health.json',
      'logs/engine.1.jsonl',
      'logs/engine.jsonl',
      'logs/gateway.jsonl',
      'metrics.json',
      'metrics.txt',
      'replay/2026-01-02-2/log.jsonl',
      'replay/2026-01-03-3/log.jsonl',
    ]);
    expect(sounds(files)).toEqual([]);
    const text = (name: string) => files.get(name)?.toString() ?? '';
    expect(JSON.parse(text('config.json'))).toEqual({ device: 'headless' });
    expect(JSON.parse(text('health.json'))).toMatchObject({ device: 'headless', trouble: null });
    expect(JSON.parse(text('metrics.json'))).toHaveProperty('series');
    expect(JSON.parse(text('clients.json'))).toMatchObject([{ loopback: true, isFollowing: true }]);
    expect(text('metrics.txt')).toContain('flowzone_engine_up 1');
    expect(text('logs/engine.jsonl')).toBe('{"event":"b","path":"~/Music"}\n');
  });

  test('the judge finds sound under any name, also under that of a log', () => {
    const found = sounds(
      new Map([
        ['logs/engine.jsonl', Buffer.from(SAMPLES)],
        ['replay/x/input.wav', Buffer.from('text')],
        ['a.txt', Buffer.from('RIFFabcd')],
        ['b.txt', Buffer.from('plain')],
      ]),
    );
    expect(found).toEqual(['logs/engine.jsonl', 'replay/x/input.wav', 'a.txt']);
  });

  test('without an engine, without logs and without a folder it is there all the same', async () => {
    const stage = setStage({ dataFolder: join(root, 'none'), logFolder: join(root, 'none') });
    const response = await stage.fetch('/api/support/bundle');
    const files = unpacked(new Uint8Array(await response.arrayBuffer()));
    expect([...files.keys()]).toContain('README.txt');
    expect(JSON.parse(files.get('health.json')?.toString() ?? '')).toEqual({ trouble: 1010 });
  });

  test('two at once get the same one', async () => {
    const stage = setStage({ dataFolder: join(root, 'data') });
    const read = async () =>
      Buffer.from(new Uint8Array(await (await stage.fetch('/api/support/bundle')).arrayBuffer()));
    const [first, second] = await Promise.all([read(), read()]);
    expect(first.equals(second)).toBe(true);
  });
});

test('of a long log the end is taken, in whole lines', async () => {
  put('long.jsonl', 'first\nsecond\nthird\n');
  expect(await textTail(join(root, 'long.jsonl'), 9)).toBe('third\n');
  expect(await textTail(join(root, 'long.jsonl'), 1000)).toBe('first\nsecond\nthird\n');
  expect(await textTail(join(root, 'nothing.jsonl'), 9)).toBe('');
});

test('an archive of files of every length around a block is read by tar', () => {
  const files = [0, 1, 511, 512, 513, 1024].map((length) => ({
    name: `flowzone-support-x/${length}.txt`,
    bytes: new Uint8Array(length).fill(65),
  }));
  const read = unpacked(Bun.gzipSync(tarOf(files, 1_700_000_000_000) as Uint8Array<ArrayBuffer>));
  for (const { bytes, name } of files) {
    expect(read.get(name.slice(name.indexOf('/') + 1))?.length).toBe(bytes.length);
  }
});
