/** `GET /api/sessions`: what there is to open, the one last used first, a page at a time. */
import { Elysia } from 'elysia';
import { ERRORS } from '../../../protocol/errors.ts';
import { LIMITS } from '../../../protocol/limits.ts';
import type { Room } from '../room.ts';
import { Sessions, SessionsQuery } from './answers.ts';
import { about } from './describe.ts';
import { isUuid, Query } from './query.ts';
import { json, refuse } from './respond.ts';

export const sessionRoutes = ({ engine }: Room) =>
  new Elysia().get(
    '/api/sessions',
    async ({ request }) => {
      const query = new Query(request.url, ['before', 'limit', 'removed']);
      const before = query.text('before', isUuid);
      const removed = query.flag('removed');
      const limit = query.integer('limit', {
        min: 1,
        max: LIMITS.sessionPageMax,
        otherwise: LIMITS.sessionPageMax,
      });
      const asked = {
        kind: 'sessions',
        limit,
        ...(before !== undefined && { before }),
        ...(removed !== undefined && { removed }),
      } as const;
      const answer = await engine.query(asked);
      if (answer.kind === 'error') return refuse(answer.code);
      if (answer.kind !== 'sessions') return refuse(ERRORS.ERR_NO_SUCH_SESSION.code);
      return json({ items: answer.items, next: answer.next });
    },
    about({
      id: 'listSessions',
      says: 'Sessions, the one last used first.',
      query: SessionsQuery,
      answer: Sessions,
    }),
  );
