/** Reads an audio file of a take at the pace that is asked for: what it is, and whether it is that. */
import { type FileHandle, open } from 'node:fs/promises';
import {
  CHANNELS_AT,
  FRAME_BYTES,
  RATE_AT,
  SAMPLE_BITS_AT,
  SAMPLE_BYTES,
  TAKE_CHANNELS,
  WAV_HEADER_BYTES,
} from '../../wav-header.ts';

export interface AudioFileLook {
  /** Its name is the hash of its contents. */
  readonly isNamedByContents: boolean;
  readonly bytes: number;
  readonly frames: number;
  /** 0 when its header is none that FlowZone writes. */
  readonly rateHz: number;
}

/** Called with what was read since the call before; resolves when reading may go on. */
export type Pace = (bytes: number) => Promise<void>;

const CHUNK_BYTES = 1 << 20;

const rateOf = (head: Buffer): number => {
  const isWav = head.length >= WAV_HEADER_BYTES && head.toString('latin1', 0, 4) === 'RIFF';
  const isStereo =
    isWav &&
    head.readUInt16LE(CHANNELS_AT) === TAKE_CHANNELS &&
    head.readUInt16LE(SAMPLE_BITS_AT) === 8 * SAMPLE_BYTES;
  return isStereo ? head.readUInt32LE(RATE_AT) : 0;
};

const look = async (file: FileHandle, sha256: string, pace: Pace): Promise<AudioFileLook> => {
  const hash = new Bun.CryptoHasher('sha256');
  const chunk = Buffer.alloc(CHUNK_BYTES);
  let [bytes, rateHz] = [0, 0];
  for (;;) {
    const { bytesRead } = await file.read(chunk, 0, CHUNK_BYTES, bytes);
    if (bytesRead === 0) break;
    const part = chunk.subarray(0, bytesRead);
    if (bytes === 0) rateHz = rateOf(part);
    hash.update(part);
    bytes += bytesRead;
    await pace(bytesRead);
  }
  return {
    isNamedByContents: hash.digest('hex') === sha256,
    bytes,
    frames: Math.max(0, Math.floor((bytes - WAV_HEADER_BYTES) / FRAME_BYTES)),
    rateHz,
  };
};

/** Null when there is none, or it cannot be read. */
export const lookAt = async (
  path: string,
  sha256: string,
  pace: Pace,
): Promise<AudioFileLook | null> => {
  let file: FileHandle | null = null;
  try {
    file = await open(path, 'r');
    return await look(file, sha256, pace);
  } catch {
    return null;
  } finally {
    await file?.close();
  }
};
