/** PAIR_START and FORGET_CLIENT, by socket and by HTTP alike. */
import type { PairCommand } from '../../../protocol/commands.ts';
import type { MessageOf } from '../../../protocol/messages.ts';
import { errorMessage, okMessage } from '../messages.ts';
import type { Room } from '../room.ts';

/** Always answered: what they are for is in the answer. */
export const pairAnswer = async (
  { pairing, replica }: Room,
  command: PairCommand,
  reqId: string,
): Promise<MessageOf<'OK'> | MessageOf<'ERROR'>> => {
  const made =
    command.cmd === 'PAIR_START' ? pairing.start() : await pairing.forget(command.clientId);
  if (made !== null && 'addresses' in made) {
    return { ...okMessage(reqId, replica.revId), result: made };
  }
  return made === null ? okMessage(reqId, replica.revId) : errorMessage(made.code, reqId);
};
