/** `GET /api/takes/:id`, its sound and its overview. A take never changes, so all of it is cached. */
import { Elysia } from 'elysia';
import { ERRORS } from '../../../protocol/errors.ts';
import { LIMITS } from '../../../protocol/limits.ts';
import type { TakeInfo } from '../../../protocol/link.ts';
import type { EngineLink } from '../engine-link.ts';
import { openLook } from '../derived-sound.ts';
import { readPeaks } from '../peaks.ts';
import { PeaksCache } from '../peaks-cache.ts';
import type { Room } from '../room.ts';
import { openTake, type TakeAudioAnswer } from '../take-audio.ts';
import { Id, PeaksQuery, Take } from './answers.ts';
import { about } from './describe.ts';
import { audioResponse } from './audio-response.ts';
import { isUuid, Query } from './query.ts';
import { json, refuse } from './respond.ts';

const IMMUTABLE = 'private, max-age=31536000, immutable';

const findTake = async (
  engine: EngineLink,
  takeId: string,
): Promise<TakeInfo | { readonly code: number }> => {
  if (!isUuid(takeId)) return { code: ERRORS.ERR_NO_SUCH_TAKE.code };
  const answer = await engine.query({ kind: 'take', takeId });
  if (answer.kind === 'error') return { code: answer.code };
  const take = answer.kind === 'take' ? answer.take : null;
  return take ?? { code: ERRORS.ERR_NO_SUCH_TAKE.code };
};

/** Everything but where the file is. */
const describe = ({ location: _location, ...told }: TakeInfo) => told;

class NoLookError extends Error {
  override readonly name = 'NoLookError';
  readonly code: number;

  constructor(code: number) {
    super(`no overview: ${code}`);
    this.code = code;
  }
}

const peaksResponse = async (cache: PeaksCache, request: Request, id: string, open: OpenTake) => {
  const query = new Query(request.url, ['n', 'brightness']);
  const n = query.integer('n', { min: LIMITS.peaksMin, max: LIMITS.peaksMax });
  const withBrightness = query.flag('brightness') ?? false;
  const etag = `"${id}-${n}${withBrightness ? 'b' : ''}"`;
  const headers = { 'cache-control': IMMUTABLE, etag };
  const compute = async () => {
    const audio = await open();
    if ('code' in audio) throw new NoLookError(audio.code);
    return readPeaks(audio, n, withBrightness);
  };
  try {
    const bytes = await cache.get(etag, compute);
    if (request.headers.get('if-none-match') === etag) {
      return new Response(null, { status: 304, headers });
    }
    return new Response(bytes, {
      headers: { ...headers, 'content-type': 'application/octet-stream' },
    });
  } catch (error) {
    if (error instanceof NoLookError) return refuse(error.code);
    throw error;
  }
};

const PATH = { id: Id };

type OpenTake = () => Promise<TakeAudioAnswer>;

export const takeRoutes = ({ engine }: Room) => {
  const cache = new PeaksCache();
  const opener = (id: string): OpenTake => {
    return () => openTake(() => findTake(engine, id));
  };
  const audio = async (request: Request, id: string) => {
    const take = await opener(id)();
    return 'code' in take ? refuse(take.code) : audioResponse(request, take, id);
  };
  return new Elysia()
    .get(
      '/api/takes/:id',
      async ({ params }) => {
        const take = await findTake(engine, params.id);
        return 'code' in take ? refuse(take.code) : json(describe(take));
      },
      about({ id: 'getTake', says: 'What a take is.', path: PATH, answer: Take }),
    )
    .get(
      '/api/takes/:id/audio',
      ({ request, params }) => audio(request, params.id),
      about({
        id: 'getTakeAudio',
        says: 'Its sound: the window only, as it came in.',
        path: PATH,
        answer: 'audio/wav',
      }),
    )
    .head('/api/takes/:id/audio', ({ request, params }) => audio(request, params.id))
    .get(
      '/api/takes/:id/peaks',
      ({ request, params }) =>
        peaksResponse(cache, request, params.id, () =>
          openLook(params.id, (id) => findTake(engine, id)),
        ),
      about({
        id: 'getTakePeaks',
        says: 'Its overview: lowest and highest sample of each of n parts.',
        path: PATH,
        query: PeaksQuery,
        answer: 'application/octet-stream',
      }),
    );
};
