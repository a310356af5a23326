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
import type { Visitor } from '../pairing/visitor.ts';
import { REST_CLIENT_ID } from '../pending-commands.ts';
import type { Room } from '../room.ts';
import type { TokenBucket } from '../token-bucket.ts';
import { AnyCommand, CommandDone, CommandQuery } from './answers.ts';
import { about } from './describe.ts';
import { Query } from './query.ts';
import { json, refuse, statusOf } from './respond.ts';

/** A recall on the bar line answers at that line: at 20 bpm and 16 beats, after 48 s. */
const ANSWER_MS = 60_000;
const TOO_LARGE = 413;

/** Who asks, and what of it is told again to one who asks again. */
interface Asker {
  readonly loopback: boolean;
  /** The caller as the session knows it: by device and by the name that it gave; null = it gave none. */
  readonly name: string | null;
}

/** Under another number than the caller's: two of them may count alike. */
const ownNumber = ({ name }: Asker, reqId: string): string =>
  name === null ? crypto.randomUUID() : `${name} ${reqId}`;

const answerOf = (room: Room, command: SessionCommand, asked: string, asker: Asker) =>
  new Promise<Message>((resolve) => {
    const { loopback } = asker;
    const reqId = ownNumber(asker, asked);
    const settle = (message: Message) => {
      clearTimeout(limit);
      resolve('reqId' in message ? { ...message, reqId: asked } : message);
    };
    const limit = setTimeout(() => {
      room.pending.drop(REST_CLIENT_ID, reqId, settle);
      settle(errorMessage(ERRORS.ERR_CONTROL_FROZEN.code, reqId));
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

const run = async (room: Room, bucket: TokenBucket | null, text: string, asker: Asker) => {
  if (bucket !== null && !bucket.take(room.now())) return refuse(ERRORS.ERR_TOO_FAST.code);
  const parsed = parseMessage(text);
  const { loopback } = asker;
  const checked = parsed.ok ? checkCommand(parsed, { loopback, socket: false }) : parsed;
  if (!checked.ok) return refuse(checked.code, checked.detail);
  const { command } = checked;
  const reqId = command.reqId ?? crypto.randomUUID();
  if (isPairCommand(command)) return respond(await pairAnswer(room, command, reqId));
  return respond(await answerOf(room, command as SessionCommand, reqId, asker));
};

const askerOf = (url: string, { deviceId, loopback }: Visitor): Asker => {
  const client = new Query(url, ['client']).text(
    'client',
    (text) => text.length <= LIMITS.reqIdCharsMax,
  );
  return { loopback, name: client === undefined ? null : JSON.stringify([deviceId, client]) };
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
      const asker = askerOf(request.url, guard.visitor({ request, server }));
      // A device has taken its token at the guard.
      return run(room, asker.loopback ? ownBucket : null, text, asker);
    },
    {
      parse: 'none',
      ...about({
        id: 'sendCommand',
        says: 'Does what a command of the session says; answered when it took effect.',
        query: CommandQuery,
        body: AnyCommand,
        answer: CommandDone,
      }),
    },
  );
};
