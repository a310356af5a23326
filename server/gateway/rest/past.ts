/** `GET /api/past`: what is kept of what was played, run by run, whether anybody pressed or not. */
import { Elysia } from 'elysia';
import { ERRORS } from '../../../protocol/errors.ts';
import type { Room } from '../room.ts';
import { Past } from './answers.ts';
import { about } from './describe.ts';
import { json, refuse } from './respond.ts';

export const pastRoutes = ({ engine }: Room) =>
  new Elysia().get(
    '/api/past',
    async () => {
      const answer = await engine.query({ kind: 'past' });
      if (answer.kind === 'error') return refuse(answer.code);
      if (answer.kind !== 'past') return refuse(ERRORS.ERR_RANGE_NOT_KEPT.code);
      return json({ runs: answer.runs });
    },
    about({ id: 'getPast', says: 'What is kept of what was played, run by run.', answer: Past }),
  );
