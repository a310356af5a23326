/** `POST /api/commands`: the commands of the socket, one a request, answered when it took effect. */
import { Elysia } from 'elysia';
import type { SessionCommand } from '../../../protocol/commands.ts';
import { ERRORS } from '../../../protocol/errors.ts';
import { LIMITS } from '../../../protocol/limits.ts';
import type { Message } from '../../../protocol/messages.ts';
import { checkCommand, parseMessage } from '../doors.ts';
import { errorMessage } from '../messages.ts';
import { REST_CLIENT_ID } from '../pending-commands.ts';
import type { Room } from '../room.ts';
import { isLoopback } from '../socket.ts';
import type { TokenBucket } from '../token-bucket.ts';
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
  const command = checked.command as SessionCommand;
  return respond(await answerOf(room, command, command.reqId ?? crypto.randomUUID(), loopback));
};

export const commandRoutes = (room: Room) => {
  const bucket = room.makeBucket(true);
  return new Elysia().post(
    '/api/commands',
    async ({ request, server }) => {
      const text = await request.text();
      if (text.length > LIMITS.messageBytesMax) {
        return refuse(ERRORS.ERR_BAD_COMMAND.code, 'Longer than 64 KiB.', TOO_LARGE);
      }
      const address = server?.requestIP(request)?.address ?? '';
      return run(room, bucket, text, isLoopback(address));
    },
    { parse: 'none' },
  );
};
