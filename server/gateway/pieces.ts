/**
 * A run of bytes made of parts of files and of bytes in memory, read in small steps.
 *
 * One take is one file, or a header and the parts of several spool segments; reader and ranges need
 * not know which. Never more than one step is in memory.
 */
import { type FileHandle, open } from 'node:fs/promises';

interface FilePart {
  readonly path: string;
  readonly from: number;
  readonly to: number;
}

/** `columns`: of a file whose frames hold several sources, one; `from` and `to` count its bytes. */
export interface Columns extends FilePart {
  readonly kind: 'columns';
  /** Where the source begins in the first frame. */
  readonly firstByte: number;
  readonly widthBytes: number;
  readonly frameBytes: number;
}

export type Piece =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array<ArrayBuffer> }
  | ({ readonly kind: 'file' } & FilePart)
  | Columns;

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

async function* readPart(
  file: FileHandle,
  from: number,
  to: number,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  for (let at = from; at < to; ) {
    const length = Math.min(STEP_BYTES, to - at);
    const { bytesRead, buffer } = await file.read(new Uint8Array(length), 0, length, at);
    if (bytesRead === 0) throw new ShortFileError(`a file ends at ${at} bytes instead of ${to}`);
    yield buffer.subarray(0, bytesRead);
    at += bytesRead;
  }
}

/** Reads whole frames, and keeps of each what belongs to the source. */
async function* readColumns(
  file: FileHandle,
  { firstByte, frameBytes, from, to, widthBytes }: Columns,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const stepFrames = Math.max(1, Math.floor(STEP_BYTES / frameBytes));
  const endFrame = Math.ceil(to / widthBytes);
  for (let frame = Math.floor(from / widthBytes); frame < endFrame; frame += stepFrames) {
    const count = Math.min(stepFrames, endFrame - frame);
    const start = firstByte + frame * frameBytes;
    const bytes = new Uint8Array((count - 1) * frameBytes + widthBytes);
    let at = 0;
    for await (const step of readPart(file, start, start + bytes.length)) {
      bytes.set(step, at);
      at += step.length;
    }
    const kept = new Uint8Array(count * widthBytes);
    for (let i = 0; i < count; i += 1) {
      kept.set(bytes.subarray(i * frameBytes, i * frameBytes + widthBytes), i * widthBytes);
    }
    yield kept.subarray(Math.max(0, from - frame * widthBytes), to - frame * widthBytes);
  }
}

async function* readFile(piece: Piece & FilePart): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const file = await open(piece.path, 'r');
  try {
    if (piece.kind === 'columns') yield* readColumns(file, piece);
    else yield* readPart(file, piece.from, piece.to);
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
    else yield* readFile(piece);
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
