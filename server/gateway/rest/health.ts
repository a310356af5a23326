/**
 * `GET /api/health`: whether FlowZone does what it is there for, and what is wrong otherwise.
 *
 * 503 when nothing can be played: no engine, one that does not answer, or one without sound. What the
 * player is told of besides is listed, and leaves it at 200: the loops go on.
 */
import { Elysia } from 'elysia';
import { ERRORS } from '../../../protocol/errors.ts';
import { sentence } from '../messages.ts';
import type { Room } from '../room.ts';
import { Health } from './answers.ts';
import { about } from './describe.ts';
import { json } from './respond.ts';

const UNAVAILABLE = 503;
/** A block lasts a fifth of a second at most. */
const STANDING_MS = 1000;

interface Problem {
  readonly code: number;
  readonly msg: string;
}

/** Why nothing can be played; null = it can. */
const fatal = ({ engine }: Room): Problem | null => {
  const { standingMs, trouble } = engine;
  if (trouble !== null) return { code: trouble, msg: sentence(trouble) };
  if (standingMs < STANDING_MS) return null;
  const { code } = ERRORS.ERR_DEVICE_LOST;
  return { code, msg: sentence(code, `No block of sound came for ${Math.round(standingMs)} ms.`) };
};

const alerts = ({ engine, replica }: Room): Problem[] => {
  if (!engine.isUp || !replica.isCurrent || replica.state === null) return [];
  const codes = new Set(Object.values(replica.state.alerts).map(({ code }) => code));
  return [...codes].map((code) => ({ code, msg: sentence(code) }));
};

const health = (room: Room): Response => {
  const worst = fatal(room);
  const problems = [...(worst ? [worst] : []), ...alerts(room)];
  const told = {
    ...room.engine.health,
    gatewayPid: process.pid,
    isWell: problems.length === 0,
    problems,
  };
  return worst ? json({ ...worst, ...told }, UNAVAILABLE) : json(told);
};

export const healthRoutes = (room: Room) =>
  new Elysia().get(
    '/api/health',
    () => health(room),
    about({ id: 'getHealth', says: 'Whether there is sound, and what is wrong.', answer: Health }),
  );
