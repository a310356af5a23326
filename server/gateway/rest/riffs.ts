/** `GET /api/riffs`: the history beyond what the state carries, a page at a time. */
import { Elysia } from 'elysia';
import { ERRORS } from '../../../protocol/errors.ts';
import { LIMITS } from '../../../protocol/limits.ts';
import type { LinkQuery } from '../../../protocol/link.ts';
import type { Room } from '../room.ts';
import { Riffs, RiffsQuery } from './answers.ts';
import { about } from './describe.ts';
import { isUuid, Query } from './query.ts';
import { json, refuse } from './respond.ts';

const readQuery = (url: string): LinkQuery & { kind: 'riffs' } => {
  const query = new Query(url, ['before', 'limit', 'marked', 'q']);
  const before = query.text('before', isUuid);
  const marked = query.flag('marked');
  const q = query.text('q', (text) => text.length <= LIMITS.nameCharsMax);
  return {
    kind: 'riffs',
    limit: query.integer('limit', {
      min: 1,
      max: LIMITS.riffPageMax,
      otherwise: LIMITS.historyNewest,
    }),
    ...(before === undefined ? {} : { before }),
    ...(marked === undefined ? {} : { marked }),
    ...(q === undefined ? {} : { q }),
  };
};

export const riffRoutes = ({ engine }: Room) =>
  new Elysia().get(
    '/api/riffs',
    async ({ request }) => {
      const answer = await engine.query(readQuery(request.url));
      if (answer.kind === 'error') return refuse(answer.code);
      if (answer.kind !== 'riffs') return refuse(ERRORS.ERR_NO_SUCH_RIFF.code);
      return json({ items: answer.items, next: answer.next });
    },
    about({
      id: 'listRiffs',
      says: 'Steps of the history, newest first.',
      query: RiffsQuery,
      answer: Riffs,
    }),
  );
