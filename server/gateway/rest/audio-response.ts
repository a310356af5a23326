/** One WAV as a response: whole or a range of it, never more than a step of it in memory. */
import { ERRORS } from '../../../protocol/errors.ts';
import { type ByteRange, parseRange } from '../byte-range.ts';
import { collectPieces, slice, streamPieces } from '../pieces.ts';
import type { TakeAudio } from '../take-audio.ts';
import { refuse } from './respond.ts';

const PARTIAL = 206;
const NOT_MODIFIED = 304;
const UNSATISFIABLE = 416;
/** Up to here a part is read at once, so that its length can be told: Bun streams without one. */
const COLLECTED_BYTES_MAX = 1_048_576;

/** A take has one content, whatever the name of its version: revalidating is free. */
const headersOf = (audio: TakeAudio, id: string): Record<string, string> => ({
  'accept-ranges': 'bytes',
  'cache-control': 'private, no-cache',
  'content-disposition': `inline; filename="take-${id}.wav"`,
  'content-type': 'audio/wav',
  etag: audio.etag,
});

const body = async (audio: TakeAudio, { from, to }: ByteRange) => {
  // Bun sends a file without reading it.
  if (audio.path !== null) return Bun.file(audio.path).slice(from, to);
  const part = slice(audio.pieces, from, to);
  return to - from <= COLLECTED_BYTES_MAX ? await collectPieces(part) : streamPieces(part);
};

/** An old version's range would be glued to the new one: then all of it is sent. */
const rangeHeader = (request: Request, audio: TakeAudio): string | null => {
  const ifRange = request.headers.get('if-range');
  return ifRange === null || ifRange === audio.etag ? request.headers.get('range') : null;
};

export const audioResponse = async (
  request: Request,
  audio: TakeAudio,
  id: string,
): Promise<Response> => {
  const headers = headersOf(audio, id);
  const { sizeBytes } = audio;
  if (request.headers.get('if-none-match') === audio.etag) {
    return new Response(null, { status: NOT_MODIFIED, headers });
  }
  if (request.method === 'HEAD') {
    return new Response(null, { headers: { ...headers, 'content-length': String(sizeBytes) } });
  }
  const range = parseRange(rangeHeader(request, audio), sizeBytes);
  if (range === 'unsatisfiable') {
    const refused = refuse(ERRORS.ERR_BAD_QUERY.code, `${sizeBytes} bytes.`, UNSATISFIABLE);
    refused.headers.set('content-range', `bytes */${sizeBytes}`);
    return refused;
  }
  if (range === null) {
    return new Response(await body(audio, { from: 0, to: sizeBytes }), { headers });
  }
  return new Response(await body(audio, range), {
    status: PARTIAL,
    headers: {
      ...headers,
      'content-range': `bytes ${range.from}-${range.to - 1}/${sizeBytes}`,
    },
  });
};
