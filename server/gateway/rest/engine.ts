/** `GET /api/health` and `GET /api/state`: how the engine is, and what it holds. */
import { Elysia } from 'elysia';
import { ERRORS } from '../../../protocol/errors.ts';
import { stateHash } from '../../../protocol/state-hash.ts';
import { sentence } from '../messages.ts';
import type { Room } from '../room.ts';
import { json, refuse, statusOf } from './respond.ts';

const health = ({ engine }: Room): Response => {
  const { health: told, trouble: code } = engine;
  const gatewayPid = process.pid;
  if (code !== null) {
    return json({ code, msg: sentence(code), gatewayPid, ...told }, statusOf(code));
  }
  return json({ ...told, gatewayPid });
};

const state = ({ engine, features, replica }: Room): Response => {
  const { epoch, revId } = replica;
  const data = replica.stateAt(features.clock);
  if (!engine.isUp || !replica.isCurrent || data === null) {
    return refuse(ERRORS.ERR_ENGINE_RESTARTING.code);
  }
  return json({ epoch, revId, stateHash: stateHash(data), data });
};

export const engineRoutes = (room: Room) =>
  new Elysia().get('/api/health', () => health(room)).get('/api/state', () => state(room));
