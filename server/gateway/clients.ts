/** The table of clients: sixteen at most that said HELLO, found by their id. */
import { LIMITS } from '../../protocol/limits.ts';
import type { Client } from './client.ts';
import { isRestId } from './pending-commands.ts';

export class Clients {
  readonly #all = new Set<Client>();
  readonly #byId = new Map<string, Client>();
  /** Of which device each id was, the latest last; null = of this computer. */
  readonly #owners = new Map<string, string | null>();

  /** No other client may join. */
  get isFull(): boolean {
    return this.#byId.size >= LIMITS.clientCountMax;
  }

  /** Of those who have not said HELLO there are enough; each has a few seconds for it. */
  get isCrowded(): boolean {
    return this.#all.size - this.#byId.size >= LIMITS.clientCountMax;
  }

  get all(): ReadonlySet<Client> {
    return this.#all;
  }

  add(client: Client): void {
    this.#all.add(client);
  }

  /** Who has the id that this one had: its own line of before, if it is of the same device. */
  before(client: Client, wanted: string | undefined): Client | undefined {
    const holder = this.get(wanted ?? '');
    return holder?.deviceId === client.deviceId ? holder : undefined;
  }

  /** The id it asked for, unless another has it or had it: then answers would go to two. */
  join(client: Client, wanted: string | undefined): void {
    const id = wanted !== undefined && this.#isFor(client, wanted) ? wanted : crypto.randomUUID();
    client.id = id;
    this.#byId.set(id, client);
    this.#owners.delete(id);
    this.#owners.set(id, client.deviceId);
    const [oldest] = this.#owners.keys();
    if (this.#owners.size > LIMITS.answersKept && oldest !== undefined) this.#owners.delete(oldest);
  }

  get(id: string): Client | undefined {
    return this.#byId.get(id);
  }

  *joined(): Generator<Client> {
    yield* this.#byId.values();
  }

  /** False when it was none of ours any more. */
  remove(client: Client): boolean {
    if (!this.#all.delete(client)) return false;
    if (client.hasJoined) this.#byId.delete(client.id);
    return true;
  }

  #isFor(client: Client, id: string): boolean {
    if (id === '' || isRestId(id) || this.#byId.has(id)) return false;
    const owner = this.#owners.get(id);
    return owner === undefined || owner === client.deviceId;
  }
}
