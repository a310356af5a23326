/**
 * One message of one client: through the doors, then to whom it concerns.
 *
 * Synchronous from end to end, so that two messages of a client can never overtake each other.
 */
import type { Command, CommandOf, PairCommand, SessionCommand } from '../../protocol/commands.ts';
import { ERRORS } from '../../protocol/errors.ts';
import { CLOSE, type Message } from '../../protocol/messages.ts';
import { PROTOCOL_HASH } from '../../protocol/version.ts';
import type { Client } from './client.ts';
import { checkCommand, parseMessage } from './doors.ts';
import { errorMessage, okMessage } from './messages.ts';
import { pairAnswer } from './pairing/answer.ts';
import { announce, enter } from './presence.ts';
import type { Room } from './room.ts';

const refuse = (client: Client, code: number, reqId?: string, detail?: string) =>
  client.sendMessage(errorMessage(code, reqId, detail));

const hello = (room: Room, client: Client, command: CommandOf<'HELLO'>) => {
  if (command.protocol !== undefined && command.protocol !== PROTOCOL_HASH) {
    refuse(client, ERRORS.ERR_OLD_PAGE.code, command.reqId);
    client.close(CLOSE.oldPage, 'another protocol');
    return;
  }
  const isFirst = !client.hasJoined;
  if (isFirst && !enter(room, client, command.clientId)) return;
  client.sendMessage({
    type: 'WELCOME',
    clientId: client.id,
    epoch: room.replica.epoch,
    protocol: PROTOCOL_HASH,
  });
  if (isFirst) announce(room, client, true);
  room.fanOut.join(client, { epoch: command.epoch, revId: command.revId });
  answerOk(room, client, command.reqId);
};

const answerOk = (room: Room, client: Client, reqId: string | undefined) => {
  if (reqId !== undefined) client.sendMessage(okMessage(reqId, room.replica.revId));
};

const toSession = (room: Room, client: Client, command: SessionCommand) => {
  const { id: clientId, loopback } = client;
  const refused = room.engine.send({ t: 'command', clientId, loopback, command });
  if (refused !== null) refuse(client, refused, command.reqId);
  else if (command.reqId !== undefined) {
    // To the line that is its own by then.
    const settle = (message: Message) => room.clients.get(clientId)?.sendMessage(message);
    room.pending.add(clientId, command.reqId, settle);
  }
};

const fullState = (room: Room, client: Client, reqId: string | undefined) => {
  if (room.replica.state === null) {
    refuse(client, ERRORS.ERR_ENGINE_RESTARTING.code, reqId);
    return;
  }
  room.fanOut.sendFull(client);
  answerOk(room, client, reqId);
};

const ping = (room: Room, client: Client, { t0, reqId }: CommandOf<'PING'>) => {
  const more = reqId === undefined ? {} : { reqId };
  const refused = room.engine.send({ t: 'ping', clientId: client.id, t0, ...more });
  // After a restart of the gateway alone the engine is back in a moment: no alarm for that.
  const isExpected = !room.engine.isUp && !room.engine.isMissed;
  if (refused === null || (isExpected && reqId === undefined)) return;
  refuse(client, refused, reqId);
};

const setVisuals = (room: Room, client: Client, { fps, reqId }: CommandOf<'SET_VIS'>) => {
  const wasOff = client.window.fps === 0;
  client.window.setFps(fps);
  if (wasOff && client.isFollowing) room.features.sendStrip(client);
  answerOk(room, client, reqId);
};

const listen = (room: Room, client: Client, { on, reqId }: CommandOf<'LISTEN'>) => {
  room.listeners.set(client, on, room.engine);
  answerOk(room, client, reqId);
};

const acknowledge = (room: Room, client: Client, command: CommandOf<'ACK'>) => {
  const { fps, lateMs = 0, seq, visible = true } = command;
  client.window.acknowledge(seq);
  if (fps !== undefined) client.shown = { atMs: room.now(), fps, lateMs, isVisible: visible };
  room.fanOut.inspect(client);
};

const metrics = (room: Room, client: Client, command: CommandOf<'GET_METRICS_HISTORY'>) => {
  client.sendMessage(room.metrics.history(command.seconds));
  answerOk(room, client, command.reqId);
};

/** Without a `reqId` it is done and only a refusal is told. */
const pair = async (room: Room, client: Client, command: PairCommand): Promise<void> => {
  const answer = await pairAnswer(room, command, command.reqId ?? '');
  if (command.reqId !== undefined) client.sendMessage(answer);
  else if (answer.type === 'ERROR') refuse(client, answer.code);
};

const run = (room: Room, client: Client, command: Command) => {
  switch (command.cmd) {
    case 'HELLO':
      return hello(room, client, command);
    case 'GET_FULL_STATE':
      return fullState(room, client, command.reqId);
    case 'PING':
      return ping(room, client, command);
    case 'SET_VIS':
      return setVisuals(room, client, command);
    case 'LISTEN':
      return listen(room, client, command);
    case 'PAIR_START':
    case 'FORGET_CLIENT':
      return void pair(room, client, command);
    case 'ACK':
      return acknowledge(room, client, command);
    case 'REPORT_FAULT':
      room.log('warn', 'page fault', { clientId: client.id, says: command.says });
      return answerOk(room, client, command.reqId);
    case 'GET_METRICS_HISTORY':
      return metrics(room, client, command);
    default:
      return toSession(room, client, command);
  }
};

/** An ACK is never answered and comes thirty times a second: it takes no token. */
const isTooFast = (room: Room, client: Client, cmd: string | null): boolean =>
  cmd !== 'ACK' && client.bucket !== null && !client.bucket.take(room.now());

export const dispatch = (room: Room, client: Client, message: string | Uint8Array) => {
  if (client.isClosed) return;
  const parsed = parseMessage(message);
  if (isTooFast(room, client, parsed.ok ? parsed.cmd : null)) {
    refuse(client, ERRORS.ERR_TOO_FAST.code, parsed.reqId);
    return;
  }
  const checked = parsed.ok
    ? checkCommand(parsed, { loopback: client.loopback, socket: true })
    : parsed;
  if (!checked.ok) {
    refuse(client, checked.code, checked.reqId, checked.detail);
    return;
  }
  const { command } = checked;
  if (!client.hasJoined && command.cmd !== 'HELLO') {
    refuse(client, ERRORS.ERR_NO_HELLO.code, command.reqId);
    return;
  }
  run(room, client, command);
};
