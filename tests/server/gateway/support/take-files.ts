/** Sound on disk as FlowCore writes it: spool segments, and a take's own file from the same sound. */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import type { TakeInfo } from '../../../../protocol/link.ts';

export const RATE_HZ = 48_000;
const FRAME_BYTES = 8;

/** The 58 bytes by the format's description, not by the code under test. */
const header = (frames: number, frameBytes = FRAME_BYTES): Buffer => {
  const bytes = Buffer.alloc(58);
  const dataBytes = frames * frameBytes;
  bytes.write('RIFF', 0);
  bytes.writeUInt32LE(4 + 26 + 12 + 8 + dataBytes, 4);
  bytes.write('WAVE', 8);
  bytes.write('fmt ', 12);
  bytes.writeUInt32LE(18, 16);
  bytes.writeUInt16LE(3, 20);
  bytes.writeUInt16LE(frameBytes / 4, 22);
  bytes.writeUInt32LE(RATE_HZ, 24);
  bytes.writeUInt32LE(RATE_HZ * frameBytes, 28);
  bytes.writeUInt16LE(frameBytes, 32);
  bytes.writeUInt16LE(32, 34);
  bytes.writeUInt16LE(0, 36);
  bytes.write('fact', 38);
  bytes.writeUInt32LE(4, 42);
  bytes.writeUInt32LE(frames, 46);
  bytes.write('data', 50);
  bytes.writeUInt32LE(dataBytes, 54);
  return bytes;
};

/** Interleaved stereo; a function of the sample's place, so that any part can be made anew. */
export const makeSound = (fromFrame: number, toFrame: number): Float32Array => {
  const sound = new Float32Array(2 * (toFrame - fromFrame));
  for (let i = 0; i < sound.length; i += 1) {
    const t = 2 * fromFrame + i;
    sound[i] = Math.sin(t * 0.013) * 0.6 + Math.sin(t * t * 1e-7) * 0.5;
  }
  return sound;
};

export const wavOf = (sound: Float32Array): Buffer =>
  Buffer.concat([header(sound.length / 2), Buffer.from(sound.slice().buffer)]);

export const segmentPath = (folder: string, firstFrame: number): string =>
  join(folder, `seg-${String(firstFrame).padStart(12, '0')}.wav`);

/** A segment of several sources: the sound is that of `source`, the others hold something else. */
export const writeWideSegment = (
  folder: string,
  { endFrame, firstFrame, source, sources }: Record<string, number>,
): void => {
  mkdirSync(folder, { recursive: true });
  const [first = 0, end = 0, count = 1] = [firstFrame, endFrame, sources];
  const sound = makeSound(first, end);
  const wide = new Float32Array(sound.length * count).fill(0.25);
  sound.forEach((sample, i) => {
    wide[2 * (count * Math.floor(i / 2) + (source ?? 0)) + (i % 2)] = sample;
  });
  const bytes = [header(end - first, count * FRAME_BYTES), Buffer.from(wide.buffer)];
  writeFileSync(segmentPath(folder, first), Buffer.concat(bytes));
};

/** Its header claims a full segment, as that of the one being written does. */
export const writeSegment = (folder: string, firstFrame: number, endFrame: number): void => {
  mkdirSync(folder, { recursive: true });
  const bytes = wavOf(makeSound(firstFrame, endFrame));
  bytes.writeUInt32LE(60 * RATE_HZ * FRAME_BYTES, 54);
  writeFileSync(segmentPath(folder, firstFrame), bytes);
};

/** The checksums beside a segment, one each so many frames. */
export const writeProof = (folder: string, firstFrame: number, everyFrames: number): void => {
  const path = segmentPath(folder, firstFrame);
  const sound = readFileSync(path).subarray(58);
  const points: Buffer[] = [];
  for (let frames = everyFrames; frames * FRAME_BYTES <= sound.length; frames += everyFrames) {
    const point = Buffer.alloc(16);
    point.writeBigUInt64LE(BigInt(frames), 0);
    point.writeUInt32LE(crc32(sound.subarray(0, frames * FRAME_BYTES)), 8);
    point.writeUInt32LE(crc32(point.subarray(0, 12)), 12);
    points.push(point);
  }
  writeFileSync(path.replace('.wav', '.crc'), Buffer.concat(points));
};

export interface TakeFile {
  readonly path: string;
  readonly sha256: string;
  readonly bytes: Buffer;
}

export const writeTakeFile = (folder: string, sound: Float32Array): TakeFile => {
  mkdirSync(folder, { recursive: true });
  const bytes = wavOf(sound);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const path = join(folder, `${sha256}.wav`);
  writeFileSync(path, bytes);
  return { path, sha256, bytes };
};

export const makeTake = (
  fromFrame: number,
  toFrame: number,
  location: TakeInfo['location'],
  sha256: string | null = null,
): TakeInfo => ({
  id: crypto.randomUUID(),
  source: 0,
  fromFrame,
  toFrame,
  rateHz: RATE_HZ,
  bars: 1,
  bpm: 120,
  originBeat: 4,
  lengthBeats: 4,
  offsetFrames: 0,
  sha256,
  saved: sha256 !== null,
  tainted: false,
  acrossChange: false,
  dryTakeId: null,
  notes: [],
  location,
});
