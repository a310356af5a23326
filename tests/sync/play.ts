/**
 * Somebody who plays by chance, and says some things twice: a repeat gets the first answer and has no
 * effect of its own.
 */
import type { Json } from '../judge/client.ts';
import type { Follower } from './follower.ts';
import { type Random, randomCommand } from './random-commands.ts';

const PAUSE_MS_MAX = 600;
const REPEATED = 0.15;

export interface Repeats {
  readonly asked: number;
  readonly faults: readonly string[];
}

export interface Played {
  readonly sent: number;
  readonly answered: number;
  readonly repeats: Repeats;
}

const without = (answer: Json): string => JSON.stringify({ ...answer, dup: undefined });

/** What is wrong with the answers to the same question, asked twice. */
const faultOf = (command: Json, first: Json | null, again: Json | null): string | null => {
  if (again === null) return null;
  const told = JSON.stringify({ command, first, again });
  // The first answer was lost on the line: the second is the only one that is known.
  if (first === null) return null;
  if (again.dup !== true) return `a repeat was done again: ${told}`;
  return without(first) === without(again) ? null : `a repeat was told otherwise: ${told}`;
};

const askTwice = async (client: Follower, command: Json, random: Random) => {
  const { clientId } = client;
  const reqId = client.newReqId();
  const isAtOnce = random() < 0.5;
  const asked = client.ask(command, reqId);
  if (isAtOnce) {
    const [first, again] = await Promise.all([asked, client.ask(command, reqId)]);
    return { first, again };
  }
  const first = await asked;
  // Another id is another client, with answers of its own.
  if (client.clientId !== clientId) return { first, again: null };
  return { first, again: await client.ask(command, reqId) };
};

/** Plays until then; resolves when the last answer has come, or will not come. */
export const play = async (client: Follower, random: Random, endMs: number): Promise<Played> => {
  let [sent, answered, asked] = [0, 0, 0];
  const faults: string[] = [];
  const waiting = new Set<Promise<unknown>>();
  const act = async () => {
    const command = randomCommand(random);
    sent += 1;
    if (random() >= REPEATED) {
      if ((await client.ask(command)) !== null) answered += 1;
      return;
    }
    const { again, first } = await askTwice(client, command, random);
    if (first !== null) answered += 1;
    if (again !== null) asked += 1;
    const fault = faultOf(command, first, again);
    if (fault !== null) faults.push(fault);
  };
  while (performance.now() < endMs) {
    const doing = act().finally(() => waiting.delete(doing));
    waiting.add(doing);
    await Bun.sleep(PAUSE_MS_MAX * random());
  }
  await Promise.all(waiting);
  return { sent, answered, repeats: { asked, faults } };
};
