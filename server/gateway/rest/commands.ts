/** `POST /api/commands`: the commands of the socket, one a request, answered when it took effect. */
import { Elysia } from 'elysia';
import type { SessionCommand } from '../../../protocol/commands.ts';
import { ERRORS } from '../../../protocol/errors.ts';
import { LIMITS } from '../../../protocol/limits.ts';
import type { Message } from '../../../protocol/messages.ts';
import { checkCommand, isPairCommand, parseMessage } from '../doors.ts';
import { errorMessage } from '../messages.ts';
import { pairAnswer } from '../pairing/answer.ts';
import type { Guard } from '../pairing/guard.ts';
import { REST_CLIENT_ID } from '../pending-commands.ts';
import type { Room } from '../room.ts';
import type { TokenBucket } from '../token-bucket.ts';
import { AnyCommand, CommandDone } from './answers.ts';
import { about } from './describe.ts';
import { json, refuse, statusOf } from './respond.ts';

/** A recall on the bar line answers at that line: at 20 bpm and 16 beats, after 48 s. */
const ANSWER_MS = 60_000;
const TOO_LARGE = 413;

const answerOf = (room: Room, command: SessionCommand, reqId: string, loopback: boolean) =>
  new Promise<Message>((resolve) => {
    const settle = (message: Message) => {
      clearTimeout(limit);
      resolve(message);
    };
    const limit = setTimeout(() => {
      room.pending.drop(REST_CLIENT_ID, reqId, settle);
      resolve(errorMessage(ERRORS.ERR_CONTROL_FROZEN.code, reqId));
    }, ANSWER_MS);
    room.pending.add(REST_CLIENT_ID, reqId, settle);
    const refused = room.engine.send({
      t: 'command',
      clientId: REST_CLIENT_ID,
      loopback,
      command: { ...command, reqId },
    });
    if (refused === null) return;
    room.pending.drop(REST_CLIENT_ID, reqId, settle);
    settle(errorMessage(refused, reqId));
  });

const respond = (answer: Message): Response => {
  if (answer.type !== 'ERROR') return json(answer);
  return json({ code: answer.code, msg: answer.msg }, statusOf(answer.code));
};

const run = async (room: Room, bucket: TokenBucket | null, text: string, loopback: boolean) => {
  if (bucket !== null && !bucket.take(room.now())) return refuse(ERRORS.ERR_TOO_FAST.code);
  const parsed = parseMessage(text);
  const checked = parsed.ok ? checkCommand(parsed, { loopback, socket: false }) : parsed;
  if (!checked.ok) return refuse(checked.code, checked.detail);
  const { command } = checked;
  const reqId = command.reqId ?? crypto.randomUUID();
  if (isPairCommand(command)) return respond(await pairAnswer(room, command, reqId));
  return respond(await answerOf(room, command as SessionCommand, reqId, loopback));
};

export const commandRoutes = (room: Room, guard: Guard) => {
  const ownBucket = room.makeBucket(true);
  return new Elysia().post(
    '/api/commands',
    async ({ request, server }) => {
      const text = await request.text();
      if (text.length > LIMITS.messageBytesMax) {
        return refuse(ERRORS.ERR_BAD_COMMAND.code, 'Longer than 64 KiB.', TOO_LARGE);
      }
      const { loopback } = guard.visitor({ request, server });
      // A device has taken its token at the guard.
      return run(room, loopback ? ownBucket : null, text, loopback);
    },
    {
      parse: 'none',
      ...about({
        id: 'sendCommand',
        says: 'Does what a command of the session says; answered when it took effect.',
        body: AnyCommand,
        answer: CommandDone,
      }),
    },
  );
};
