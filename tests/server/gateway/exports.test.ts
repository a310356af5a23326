import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { useStages } from './support/stage.ts';

const dataFolder = mkdtempSync(join(tmpdir(), 'fz-exports-'));
const root = join(dataFolder, 'exports');
const setStage = useStages();
const SOUND = 'RIFF and so on, 24 bytes';

const put = (path: string, text: string, madeSeconds = 1) => {
  mkdirSync(join(root, path, '..'), { recursive: true });
  writeFileSync(join(root, path), text);
  utimesSync(join(root, path), madeSeconds, madeSeconds);
};

const document = (number: number) =>
  JSON.stringify({ riff: { number }, files: [{ file: `riff ${number}_mix.wav` }] });

beforeAll(() => {
  put('Evening/riff 1.json', document(1), 10);
  put('Evening/riff 2.json', document(2), 30);
  put('Été & co/riff 3.json', document(3), 20);
  put('Été & co/riff 3_mix.wav', SOUND);
  put('.part-1/half.wav', SOUND);
  put('Evening/.hidden.json', document(9), 40);
  put('Evening/other.json', '[1]', 50);
  put('Evening/torn.json', '{"files": [', 60);
  put('Evening/notes.txt', 'mine');
  writeFileSync(join(dataFolder, 'flowzone.db'), 'secret');
  writeFileSync(join(dataFolder, 'secret.json'), '{"files": "secret"}');
  symlinkSync(join(dataFolder, 'secret.json'), join(root, 'Evening', 'link.wav'));
});
afterAll(() => rmSync(dataFolder, { recursive: true, force: true }));

describe('GET /api/exports', () => {
  test('lists ours, the newest first, and nothing that is not whole', async () => {
    const { fetch } = setStage({ dataFolder });
    const answer = await fetch('/api/exports');
    expect(answer.status).toBe(200);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    const { items } = (await answer.json()) as { items: unknown[] };
    expect(items).toEqual([
      { folder: 'Evening', json: 'riff 2.json', ...JSON.parse(document(2)) },
      { folder: 'Été & co', json: 'riff 3.json', ...JSON.parse(document(3)) },
      { folder: 'Evening', json: 'riff 1.json', ...JSON.parse(document(1)) },
    ]);
    const one = (await (await fetch('/api/exports?limit=1')).json()) as { items: unknown[] };
    expect(one.items).toHaveLength(1);
    expect((await fetch('/api/exports?limit=0')).status).toBe(400);
  });

  test('without any it is an empty list', async () => {
    const { fetch } = setStage({ dataFolder: join(dataFolder, 'nothing') });
    expect(await (await fetch('/api/exports')).json()).toEqual({ items: [] });
  });
});

describe('a file of an export', () => {
  const address = `/api/exports/${encodeURIComponent('Été & co')}/riff%203_mix.wav`;

  test('comes whole or in part, under its own name', async () => {
    const { fetch } = setStage({ dataFolder });
    const whole = await fetch(address);
    expect(whole.headers.get('content-type')).toBe('audio/wav');
    expect(whole.headers.get('content-disposition')).toBe(
      "attachment; filename*=UTF-8''riff%203_mix.wav",
    );
    expect(await whole.text()).toBe(SOUND);
    const part = await fetch(address, { headers: { range: 'bytes=5-7' } });
    expect(part.status).toBe(206);
    expect(part.headers.get('content-range')).toBe(`bytes 5-7/${SOUND.length}`);
    expect(await part.text()).toBe('and');
    const behind = await fetch(address, { headers: { range: 'bytes=900-' } });
    expect(behind.status).toBe(416);
    const head = await fetch(address, { method: 'HEAD' });
    expect(head.headers.get('content-length')).toBe(String(SOUND.length));
  });

  test.each([
    '/api/exports/.part-1/half.wav',
    '/api/exports/Evening/.hidden.json',
    '/api/exports/Evening/notes.txt',
    '/api/exports/Evening/link.wav',
    '/api/exports/Evening/missing.wav',
    '/api/exports/Evening',
    '/api/exports/..%2fsecret.json',
    '/api/exports/Evening/..%2f..%2fsecret.json',
    '/api/exports/%2e%2e/secret.json',
    '/api/exports/Evening/%00.wav',
    '/api/exports/Evening/%ff.wav',
    '/api/exports/Evening/..%5c..%5csecret.json',
  ])('%s is not there', async (path) => {
    const { fetch } = setStage({ dataFolder });
    const answer = await fetch(path);
    expect(answer.status).toBe(404);
    expect(await answer.text()).not.toContain('secret"');
  });
});
