import { afterAll, describe, expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PeaksCache } from '../../../server/gateway/peaks-cache.ts';
import { readPeaks } from '../../../server/gateway/peaks.ts';
import { openTake } from '../../../server/gateway/take-audio.ts';
import { useStages } from './support/stage.ts';
import { makeSound, makeTake, RATE_HZ, writeSegment, writeTakeFile } from './support/take-files.ts';

const setStage = useStages();
const folder = mkdtempSync(join(tmpdir(), 'fz-peaks-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** As slow and as plain as can be. */
const bruteForce = (sound: Float32Array, n: number): Int8Array<ArrayBuffer> => {
  const frames = sound.length / 2;
  const values: number[] = [];
  for (let i = 0; i < n; i += 1) {
    const from = Math.floor((i * frames) / n);
    const to = Math.floor(((i + 1) * frames) / n);
    const part = [...sound.subarray(2 * from, 2 * to)];
    for (const extreme of [Math.min(...part), Math.max(...part)]) {
      values.push(Math.max(-128, Math.min(127, Math.round(extreme * 127))));
    }
  }
  return new Int8Array(values);
};

const fileTake = async (sound: Float32Array) => {
  const { path, sha256 } = writeTakeFile(folder, sound);
  const take = makeTake(0, sound.length / 2, { kind: 'file', path }, sha256);
  const audio = await openTake(() => Promise.resolve(take));
  if ('code' in audio) throw new Error(`code ${audio.code}`);
  return { take, audio };
};

const sine = (hz: number, frames = 48_000) =>
  Float32Array.from({ length: 2 * frames }, (_, i) => {
    return 0.5 * Math.sin((2 * Math.PI * hz * Math.floor(i / 2)) / RATE_HZ);
  });

describe('peaks', () => {
  test.each([
    [16, 96_000],
    [512, 96_000],
    [2048, 96_000],
    [2048, 2048],
    [777, 31_337],
  ])('%i parts of %i frames equal the brute force', async (n, frames) => {
    const sound = makeSound(123, 123 + frames);
    const { audio } = await fileTake(sound);
    const bytes = await readPeaks(audio, n, false);
    expect(bytes).toHaveLength(2 * n);
    expect(new Int8Array(bytes.buffer)).toEqual(bruteForce(sound, n));
  });

  test('one sample more is seen, and it is seen in its part', async () => {
    const sound = new Float32Array(2 * 16_000);
    sound[2 * 5000 + 1] = 0.25;
    sound[2 * 5999] = -2;
    const { audio } = await fileTake(sound);
    const values = new Int8Array((await readPeaks(audio, 16, false)).buffer);
    const part = [...values.entries()].filter(([, value]) => value !== 0);
    expect(part).toEqual([
      [10, -128],
      [11, 32],
    ]);
  });

  test.each([
    [50, 0],
    [100, 0],
    [1000, 128],
    [10_000, 255],
    [20_000, 255],
  ])('a sine of %i Hz has brightness %i', async (hz, brightness) => {
    const { audio } = await fileTake(sine(hz));
    const bytes = await readPeaks(audio, 16, true);
    expect(bytes).toHaveLength(48);
    for (const value of bytes.subarray(32)) {
      expect(Math.abs(value - brightness)).toBeLessThanOrEqual(2);
    }
  });

  test('pieces that end within a frame change nothing', async () => {
    const sound = makeSound(0, 4096);
    const bytes = new Uint8Array(writeTakeFile(folder, sound).bytes);
    const pieces = [0, 59, 61, 70, 1001, 20_007].map((from, i, all) => ({
      kind: 'bytes' as const,
      bytes: bytes.slice(from, all[i + 1] ?? bytes.length),
    }));
    const { audio } = await fileTake(sound);
    const cut = await readPeaks({ ...audio, pieces }, 64, true);
    expect(cut).toEqual(await readPeaks(audio, 64, true));
  });

  test('silence is dark', async () => {
    const { audio } = await fileTake(new Float32Array(2 * 4800));
    expect([...(await readPeaks(audio, 16, true))]).toEqual(Array(48).fill(0));
  });

  test('over HTTP: from file and spool the same, immutable, bounds checked', async () => {
    const stage = setStage();
    const sound = makeSound(1000, 31_000);
    const spool = join(folder, 'spool');
    writeSegment(spool, 0, 12_345);
    writeSegment(spool, 12_345, 40_000);
    const file = writeTakeFile(folder, sound);
    const takes = [
      makeTake(1000, 31_000, { kind: 'file', path: file.path }, file.sha256),
      makeTake(1000, 31_000, { kind: 'spool', folder: spool }),
    ];
    stage.engine({
      onMessage: (fake, message) => {
        if (message.t !== 'query' || message.query.kind !== 'take') return;
        const { takeId } = message.query;
        const take = takes.find(({ id }) => id === takeId) ?? null;
        fake.send({ t: 'result', id: message.id, result: { kind: 'take', take } });
      },
    });
    await (await stage.join()).barrier();
    for (const { id } of takes) {
      const path = `/api/takes/${id}/peaks`;
      for (const n of [512, 512, 16]) {
        const response = await stage.fetch(`${path}?n=${n}`);
        expect(response.status).toBe(200);
        expect(response.headers.get('cache-control')).toContain('immutable');
        expect(response.headers.get('content-type')).toBe('application/octet-stream');
        expect(new Int8Array(await response.arrayBuffer())).toEqual(bruteForce(sound, n));
      }
      const bright = await stage.fetch(`${path}?n=64&brightness=1`);
      expect((await bright.arrayBuffer()).byteLength).toBe(64 * 3);
      const etag = bright.headers.get('etag') ?? '';
      const again = await stage.fetch(`${path}?n=64&brightness=1`, {
        headers: { 'if-none-match': etag },
      });
      expect(again.status).toBe(304);
      for (const search of ['', '?n=15', '?n=2049', '?n=x', '?n=16&brightness=2', '?n=16&x=1']) {
        const refused = await stage.fetch(path + search);
        expect(refused.status).toBe(400);
        expect(await refused.json()).toMatchObject({ code: 5013 });
      }
    }
  });

  test('are computed once, and again after a failure', async () => {
    const cache = new PeaksCache();
    let count = 0;
    const compute = () => {
      count += 1;
      return Promise.resolve(new Uint8Array([count]));
    };
    const both = await Promise.all([cache.get('a', compute), cache.get('a', compute)]);
    expect(both).toEqual([new Uint8Array([1]), new Uint8Array([1])]);
    await cache.get('b', () => Promise.reject(new Error('unreadable'))).catch(() => undefined);
    expect(await cache.get('b', compute)).toEqual(new Uint8Array([2]));
    for (let i = 0; i < 256; i += 1) await cache.get(`c${i}`, compute);
    expect(await cache.get('a', compute)).not.toEqual(new Uint8Array([1]));
  });
});
