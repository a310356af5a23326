/**
 * Requests that are said twice, judged by what FlowZone holds afterwards and not by what it answers.
 *
 * Each is a step of the history, or one step along it; nobody else plays meanwhile. It is said again at
 * once, after its answer, and on another line while the old one still stands, with the answer heard or not.
 */
import type { Json } from '../judge/client.ts';
import { type Product, until } from '../judge/product.ts';
import type { Follower } from './follower.ts';

const LIVE_MS_MAX = 30_000;
const EFFECT_MS_MAX = 10_000;

/** Asks both times; resolves when the last answer has come. */
type Way = (client: Follower, command: Json, reqId: string) => Promise<unknown>;

const onAnotherLine = async (client: Follower): Promise<void> => {
  client.leaveLine();
  await until('it is back', () => client.isLive, LIVE_MS_MAX);
};

const WAYS: Readonly<Record<string, Way>> = {
  'at once': (client, command, reqId) =>
    Promise.all([client.ask(command, reqId), client.ask(command, reqId)]),
  'after its answer': async (client, command, reqId) => {
    await client.ask(command, reqId);
    return client.ask(command, reqId);
  },
  'on another line': async (client, command, reqId) => {
    await client.ask(command, reqId);
    await onAnotherLine(client);
    return client.ask(command, reqId);
  },
  'on another line, unanswered': async (client, command, reqId) => {
    void client.ask(command, reqId);
    await onAnotherLine(client);
    return client.ask(command, reqId);
  },
};

interface Held {
  readonly head: string;
  readonly steps: number;
  /** Of the head. */
  readonly parent: string | null;
}

const heldBy = async (product: Product): Promise<Held> => {
  const { history } = (await product.json<Json>('/api/state')).data;
  const head = history.newest.find(({ id }: Json) => id === history.head);
  return { head: history.head, steps: history.count, parent: head?.parentId ?? null };
};

const CAPTURE = { cmd: 'TRIGGER_SLOT', slot: 0, quantized: false, bars: 1 };
const UNDO = { cmd: 'UNDO', scope: 'SESSION' };
const REDO = { cmd: 'REDO', scope: 'SESSION' };

export interface Effects {
  /** Requests that were said twice. */
  readonly judged: number;
  readonly faults: readonly string[];
}

export const judgeRepeats = async (product: Product, client: Follower): Promise<Effects> => {
  const faults: string[] = [];
  let judged = 0;
  for (const [when, way] of Object.entries(WAYS)) {
    const twice = async (command: Json, is: (now: Held) => boolean) => {
      await way(client, command, client.newReqId());
      judged += 1;
      // Both are answered: a capture may still have its last frames ahead, and nothing else is to come.
      const isSo = async () => is(await heldBy(product));
      if (await until('its one effect', isSo, EFFECT_MS_MAX).catch(() => false)) return;
      faults.push(`${command.cmd}, again ${when}: ${JSON.stringify(await heldBy(product))}`);
    };
    for (let capture = 0; capture < 2; capture += 1) await client.ask(CAPTURE);
    const { head, parent, steps } = await heldBy(product);
    await twice(CAPTURE, (now) => now.steps === steps + 1 && now.parent === head);
    await twice(UNDO, (now) => now.steps === steps + 1 && now.head === head);
    await twice(UNDO, (now) => now.head === parent);
    await twice(REDO, (now) => now.head === head);
  }
  return { judged, faults };
};
