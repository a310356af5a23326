/**
 * A take as a WAV: from its own file, or from the spool as long as it has none.
 *
 * Both have the same bytes. A press is answered before the sound is on disk, so a request may come
 * first: then it waits a moment for the spool.
 */
import { stat } from 'node:fs/promises';
import { ERRORS } from '../../protocol/errors.ts';
import type { TakeInfo } from '../../protocol/link.ts';
import type { Piece } from './pieces.ts';
import { listSegments, windowPieces } from './spool.ts';
import { FRAME_BYTES, WAV_HEADER_BYTES, wavHeader } from '../wav-header.ts';

export interface TakeAudio {
  readonly pieces: readonly Piece[];
  readonly sizeBytes: number;
  readonly frameCount: number;
  readonly rateHz: number;
  /** Of the content; strong, quoted. */
  readonly etag: string;
  /** The file that holds all of it, when one does. */
  readonly path: string | null;
}

export type TakeAudioAnswer = TakeAudio | { readonly code: number };

const WAIT_MS = 3000;
const LOOK_AGAIN_MS = 20;

const unreadable = { code: ERRORS.ERR_TAKE_UNREADABLE.code };

const fromFile = async (take: TakeInfo, path: string): Promise<TakeAudioAnswer> => {
  const frameCount = take.toFrame - take.fromFrame;
  const sizeBytes = WAV_HEADER_BYTES + frameCount * FRAME_BYTES;
  const found = await stat(path).catch(() => null);
  if (found?.size !== sizeBytes) return unreadable;
  return {
    pieces: [{ kind: 'file', path, from: 0, to: sizeBytes }],
    sizeBytes,
    frameCount,
    rateHz: take.rateHz,
    etag: `"${take.sha256 ?? windowName(take)}"`,
    path,
  };
};

const windowName = (take: TakeInfo): string => `${take.id}-${take.fromFrame}-${take.toFrame}`;

const fromSpool = async (take: TakeInfo, folder: string): Promise<TakeAudioAnswer | null> => {
  const { fromFrame, toFrame } = take;
  const segments = await listSegments(folder, take);
  if (segments === null) return unreadable;
  const sound = windowPieces(segments, take);
  if (sound === null) return null;
  const frameCount = toFrame - fromFrame;
  const header: Piece = { kind: 'bytes', bytes: wavHeader(frameCount, take.rateHz) };
  return {
    pieces: [header, ...sound],
    sizeBytes: WAV_HEADER_BYTES + frameCount * FRAME_BYTES,
    frameCount,
    rateHz: take.rateHz,
    etag: `"${windowName(take)}"`,
    path: null,
  };
};

/** Asks `find` again while the spool is behind: meanwhile the take may have got its file. */
export const openTake = async (
  find: () => Promise<TakeInfo | { readonly code: number }>,
  waitMs = WAIT_MS,
): Promise<TakeAudioAnswer> => {
  for (let left = waitMs; ; left -= LOOK_AGAIN_MS) {
    const take = await find();
    if ('code' in take) return take;
    const { location } = take;
    if (location.kind === 'derived') return { code: ERRORS.ERR_TAKE_DERIVED.code };
    const audio =
      location.kind === 'file'
        ? await fromFile(take, location.path)
        : await fromSpool(take, location.folder);
    if (audio !== null) return audio;
    if (left <= 0) return { code: ERRORS.ERR_TAKE_NOT_LOADED.code };
    await Bun.sleep(LOOK_AGAIN_MS);
  }
};
