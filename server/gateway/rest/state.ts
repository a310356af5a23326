/** `GET /api/state`: what every client sees, at one revision. */
import { Elysia } from 'elysia';
import { ERRORS } from '../../../protocol/errors.ts';
import { stateHash } from '../../../protocol/state-hash.ts';
import type { Room } from '../room.ts';
import { State } from './answers.ts';
import { about } from './describe.ts';
import { json, refuse } from './respond.ts';

const state = ({ engine, features, replica }: Room): Response => {
  const { epoch, revId } = replica;
  const data = replica.stateAt(features.clock);
  if (!engine.isUp || !replica.isCurrent || data === null) {
    return refuse(ERRORS.ERR_ENGINE_RESTARTING.code);
  }
  return json({ epoch, revId, stateHash: stateHash(data), data });
};

export const stateRoutes = (room: Room) =>
  new Elysia().get(
    '/api/state',
    () => state(room),
    about({ id: 'getState', says: 'What every client sees, at one revision.', answer: State }),
  );
