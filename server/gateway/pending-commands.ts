/**
 * Commands that wait for the engine's answer, of sockets and of REST alike.
 *
 * An engine that dies answers nothing any more: then everybody who waits is told so.
 */
import type { Message } from '../../protocol/messages.ts';

type Settle = (message: Message) => void;

/** To the engine the REST interface is one client; whose a `reqId` is, is in the `reqId`. */
export const REST_CLIENT_ID = 'rest';

/** No client of the socket is called so. */
export const isRestId = (id: string): boolean => id === REST_CLIENT_ID;

export class PendingCommands {
  readonly #waiting = new Map<string, Settle[]>();

  get count(): number {
    return this.#waiting.size;
  }

  add(clientId: string, reqId: string, settle: Settle): void {
    const key = keyOf(clientId, reqId);
    const others = this.#waiting.get(key);
    if (others) others.push(settle);
    else this.#waiting.set(key, [settle]);
  }

  /** The oldest of the same name gets the answer; false when nobody waits for it. */
  settle(clientId: string, reqId: string, message: Message): boolean {
    const key = keyOf(clientId, reqId);
    const waiting = this.#waiting.get(key);
    const settle = waiting?.shift();
    if (waiting?.length === 0) this.#waiting.delete(key);
    settle?.(message);
    return settle !== undefined;
  }

  /** Gives up waiting, as after a time limit. */
  drop(clientId: string, reqId: string, settle: Settle): void {
    const key = keyOf(clientId, reqId);
    const left = this.#waiting.get(key)?.filter((one) => one !== settle) ?? [];
    if (left.length > 0) this.#waiting.set(key, left);
    else this.#waiting.delete(key);
  }

  settleAll(answer: (reqId: string) => Message): void {
    const all = [...this.#waiting];
    this.#waiting.clear();
    for (const [key, waiting] of all) {
      for (const settle of waiting) settle(answer(reqIdOf(key)));
    }
  }
}

const keyOf = (clientId: string, reqId: string): string => JSON.stringify([clientId, reqId]);

const reqIdOf = (key: string): string => (JSON.parse(key) as [string, string])[1];
