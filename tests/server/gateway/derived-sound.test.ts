import { describe, expect, test } from 'bun:test';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TakeInfo, TakeLayer } from '../../../protocol/link.ts';
import { addLayer, openLook } from '../../../server/gateway/derived-sound.ts';
import { readPeaks } from '../../../server/gateway/peaks.ts';
import { openTake } from '../../../server/gateway/take-audio.ts';
import { makeSound, makeTake, writeTakeFile } from './support/take-files.ts';

const layerOf = (takeId: string, more: Partial<TakeLayer> = {}): TakeLayer => ({
  takeId,
  startFrames: 0,
  ratio: 1,
  gainLeft: 1,
  gainRight: 1,
  ...more,
});

/** A take of 600 frames, one of 300, and a loop made of them as `layers` says. */
const setThree = (layers: (long: TakeInfo, short: TakeInfo) => TakeLayer[]) => {
  const folder = mkdtempSync(join(tmpdir(), 'flowzone-derived-'));
  const fileOf = (from: number, to: number) => {
    const { path } = writeTakeFile(folder, makeSound(from, to));
    return makeTake(from, to, { kind: 'file', path });
  };
  const [long, short] = [fileOf(0, 600), fileOf(1000, 1300)];
  const made = makeTake(0, 600, { kind: 'derived', layers: layers(long, short) });
  const known = new Map([long, short, made].map((take) => [take.id, take]));
  const find = async (id: string) => known.get(id) ?? { code: 4008 };
  return { long, short, made, find };
};

const soundOf = async (id: string, find: ReturnType<typeof setThree>['find']) => {
  const audio = await openLook(id, find);
  if ('code' in audio) throw new Error(String(audio.code));
  const [, piece] = audio.pieces;
  if (piece?.kind !== 'bytes') throw new Error('not in memory');
  return new Float32Array(piece.bytes.buffer);
};

describe('the look of a derived loop', () => {
  test('is that of its takes laid over each other, each at its place and gain', async () => {
    const { made, find } = setThree((long, short) => [
      layerOf(long.id, { gainLeft: 0.5 }),
      layerOf(short.id, { startFrames: 100 }),
    ]);
    const [first, second] = [makeSound(0, 600), makeSound(1000, 1300)];
    const wanted = new Float32Array(1200);
    for (let frame = 0; frame < 600; frame += 1) {
      const place = (frame + 100) % 300;
      wanted[2 * frame] = 0.5 * (first[2 * frame] ?? 0) + (second[2 * place] ?? 0);
      wanted[2 * frame + 1] = (first[2 * frame + 1] ?? 0) + (second[2 * place + 1] ?? 0);
    }
    expect(await soundOf(made.id, find)).toEqual(wanted);
    const audio = await openLook(made.id, find);
    if ('code' in audio) throw new Error(String(audio.code));
    expect(await readPeaks(audio, 16, true)).toHaveLength(48);
  });

  test('follows another tempo', () => {
    const result = new Float32Array(8);
    addLayer(result, Float32Array.of(1, 1, 2, 2, 3, 3, 4, 4), layerOf('', { ratio: 0.5 }));
    expect([...result]).toEqual([1, 1, 1, 1, 2, 2, 2, 2]);
  });

  test('a take that was played is opened as it is, an unknown one is 4008', async () => {
    const { long, find } = setThree(() => []);
    expect(await openLook(long.id, find)).toMatchObject({
      frameCount: 600,
      path: expect.stringContaining('.wav'),
    });
    expect(await openLook(crypto.randomUUID(), find)).toEqual({ code: 4008 });
    const { made, find: lost } = setThree(() => [layerOf(crypto.randomUUID())]);
    expect(await openLook(made.id, lost)).toEqual({ code: 4008 });
  });

  test('has no file of its own: its sound is 4016', async () => {
    const { made, find } = setThree(() => []);
    expect(await openTake(() => find(made.id))).toEqual({ code: 4016 });
  });
});
