/**
 * A run of bytes made of parts of files and of bytes in memory, read in small steps.
 *
 * One take is one file, or a header and the parts of several spool segments; reader and ranges need
 * not know which. Never more than one step is in memory.
 */
import { open } from 'node:fs/promises';

export type Piece =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly kind: 'file'; readonly path: string; readonly from: number; readonly to: number };

const STEP_BYTES = 262_144;

const sizeOf = (piece: Piece): number =>
  piece.kind === 'bytes' ? piece.bytes.length : piece.to - piece.from;

export const totalSize = (pieces: readonly Piece[]): number =>
  pieces.reduce((sum, piece) => sum + sizeOf(piece), 0);

const cut = (piece: Piece, from: number, to: number): Piece => {
  if (piece.kind === 'bytes') return { kind: 'bytes', bytes: piece.bytes.subarray(from, to) };
  return { ...piece, from: piece.from + from, to: piece.from + to };
};

/** The pieces of bytes `from` to `to` of the whole. */
export const slice = (pieces: readonly Piece[], from: number, to: number): Piece[] => {
  const cuts: Piece[] = [];
  let start = 0;
  for (const piece of pieces) {
    const end = start + sizeOf(piece);
    const first = Math.max(from, start);
    const last = Math.min(to, end);
    if (first < last) cuts.push(cut(piece, first - start, last - start));
    start = end;
  }
  return cuts;
};

export class ShortFileError extends Error {
  override readonly name = 'ShortFileError';
}

async function* readFilePart(
  path: string,
  from: number,
  to: number,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const file = await open(path, 'r');
  try {
    for (let at = from; at < to; ) {
      const length = Math.min(STEP_BYTES, to - at);
      const { bytesRead, buffer } = await file.read(new Uint8Array(length), 0, length, at);
      if (bytesRead === 0) throw new ShortFileError(`a file ends at ${at} bytes instead of ${to}`);
      yield buffer.subarray(0, bytesRead);
      at += bytesRead;
    }
  } finally {
    await file.close();
  }
}

/** All bytes in order; throws when a file is gone or shorter than promised. */
export async function* readPieces(
  pieces: readonly Piece[],
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  for (const piece of pieces) {
    if (piece.kind === 'bytes') yield piece.bytes;
    else yield* readFilePart(piece.path, piece.from, piece.to);
  }
}

/** For a response: reads the next step when the socket asks for it. */
export const streamPieces = (pieces: readonly Piece[]): ReadableStream<Uint8Array<ArrayBuffer>> => {
  const steps = readPieces(pieces);
  return new ReadableStream<Uint8Array<ArrayBuffer>>({
    async pull(controller) {
      const step = await steps.next();
      if (step.done) controller.close();
      else controller.enqueue(step.value);
    },
    async cancel() {
      await steps.return(undefined);
    },
  });
};

/** For a short part: all at once. */
export const collectPieces = async (pieces: readonly Piece[]): Promise<Uint8Array<ArrayBuffer>> => {
  const all = new Uint8Array(totalSize(pieces));
  let at = 0;
  for await (const step of readPieces(pieces)) {
    all.set(step, at);
    at += step.length;
  }
  return all;
};
