/**
 * The socket at `/ws`: who may connect, what becomes of a client that goes.
 *
 * Bun's own handlers are used: those of Elysia parse by guess, run out of order when one waits, and
 * swallow what is thrown.
 */
import type { Server, ServerWebSocket, WebSocketHandler } from 'bun';
import { Elysia } from 'elysia';
import { ERRORS } from '../../protocol/errors.ts';
import { LIMITS } from '../../protocol/limits.ts';
import { CLOSE } from '../../protocol/messages.ts';
import { Client } from './client.ts';
import type { Guard } from './pairing/guard.ts';
import type { Visitor } from './pairing/visitor.ts';
import { dispatch } from './dispatch.ts';
import { errorMessage, errorText } from './messages.ts';
import { leave, refuseFull } from './presence.ts';
import { refuse } from './rest/respond.ts';
import type { Room } from './room.ts';

/** What a connection carries: filled in when it is open. */
export interface SocketData extends Visitor {
  readonly address: string;
  client: Client | null;
}

type Socket = ServerWebSocket<SocketData>;

const IDLE_SECONDS = 30;
const UPGRADE_REQUIRED = 426;

const open = (room: Room, socket: Socket) => {
  const { address, deviceId, loopback } = socket.data;
  const client = new Client({
    socket,
    address,
    loopback,
    deviceId,
    bucket: room.makeBucket(loopback),
    openedMs: room.now(),
  });
  if (room.clients.isCrowded) {
    refuseFull(client);
    return;
  }
  socket.data.client = client;
  room.clients.add(client);
};

/** Asks who says nothing, and gives up who does not answer. */
const listen = (client: Client, nowMs: number) => {
  const verdict = client.silence.look(nowMs, client.socket.getBufferedAmount() > 0);
  if (verdict === 'ask') client.socket.ping();
  else if (verdict === 'gone') client.close(CLOSE.stale, 'silent');
};

/** Once for all clients: no HELLO in time, nobody there, too slow, or caught up again. */
export const sweep = (room: Room) => {
  const nowMs = room.now();
  for (const client of room.clients.all) {
    if (!client.hasJoined && nowMs - client.openedMs >= LIMITS.helloMs) {
      client.sendMessage(errorMessage(ERRORS.ERR_NO_HELLO.code));
      client.close(CLOSE.noHello, 'no HELLO');
    }
    listen(client, nowMs);
    room.fanOut.inspect(client);
  }
};

/** Each handler on its own: what one throws is logged and costs that message only. */
export const socketHandlers = (room: Room): WebSocketHandler<SocketData> => {
  const guarded = (event: string, act: () => void) => {
    try {
      act();
    } catch (error) {
      room.log('error', `socket ${event}`, { error: errorText(error) });
    }
  };
  const withClient = (event: string, socket: Socket, act: (client: Client) => void) => {
    const { client } = socket.data;
    if (client !== null) guarded(event, () => act(client));
  };
  return {
    maxPayloadLength: LIMITS.messageBytesMax,
    backpressureLimit: LIMITS.clientBackpressureBytes,
    closeOnBackpressureLimit: true,
    idleTimeout: IDLE_SECONDS,
    sendPings: true,
    perMessageDeflate: false,
    open: (socket) => guarded('open', () => open(room, socket)),
    message: (socket, message) =>
      withClient('message', socket, (client) => {
        client.silence.heard(room.now());
        dispatch(room, client, message);
      }),
    pong: (socket) => withClient('pong', socket, ({ silence }) => silence.heard(room.now())),
    drain: (socket) => withClient('drain', socket, (client) => room.fanOut.inspect(client)),
    close: (socket, code) => withClient('close', socket, (client) => leave(room, client, code)),
  };
};

const upgrade = (
  guard: Guard,
  request: Request,
  server: Server<SocketData> | null,
): Response | undefined => {
  const visitor = guard.visitor({ request, server });
  if (server?.upgrade(request, { data: { ...visitor, client: null } })) return undefined;
  return refuse(ERRORS.ERR_BAD_QUERY.code, 'Expected a WebSocket.', UPGRADE_REQUIRED);
};

export const socketRoute = (guard: Guard) =>
  new Elysia().get('/ws', ({ request, server }) =>
    upgrade(guard, request, server as Server<SocketData> | null),
  );
