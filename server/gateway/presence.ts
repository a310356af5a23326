/** Who comes and who goes: the table of clients, the engine and the log hear of it. */
import { ERRORS } from '../../protocol/errors.ts';
import { CLOSE } from '../../protocol/messages.ts';
import type { Client } from './client.ts';
import { errorMessage } from './messages.ts';
import type { Room } from './room.ts';

/** The state lists the clients; the engine hears of each one that comes and goes. */
export const announce = (room: Room, client: Client, joined: boolean) => {
  room.engine.send({ t: 'client', clientId: client.id, joined, address: client.address });
};

export const refuseFull = (client: Pick<Client, 'close' | 'sendMessage'>) => {
  client.sendMessage(errorMessage(ERRORS.ERR_TOO_MANY_CLIENTS.code));
  client.close(CLOSE.tooMany, 'too many clients');
};

/** Its socket is gone, or another one is in its place. */
export const leave = (room: Room, client: Client, code: number) => {
  client.forget();
  if (!room.clients.remove(client)) return;
  room.listeners.set(client, false, room.engine);
  if (!client.hasJoined) return;
  announce(room, client, false);
  const { sentCount: frames, skippedCount: skipped } = client.window;
  room.log('info', 'client left', { clientId: client.id, code, frames, skipped });
};

/**
 * False when there is no place for it.
 *
 * A page that comes back while its old line still stands has the old one closed: what that one held is let
 * go of, and place, id and stored answers are the new one's.
 */
export const enter = (room: Room, client: Client, wanted: string | undefined): boolean => {
  const before = room.clients.before(client, wanted);
  if (before !== undefined) {
    before.close(CLOSE.takenOver, 'taken over');
    leave(room, before, CLOSE.takenOver);
  } else if (room.clients.isFull) {
    refuseFull(client);
    return false;
  }
  room.clients.join(client, wanted);
  return true;
};
