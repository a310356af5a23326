/** The table of connected clients: sixteen at most, found by their id. */
import { LIMITS } from '../../protocol/limits.ts';
import type { Client } from './client.ts';

export class Clients {
  readonly #all = new Set<Client>();
  readonly #byId = new Map<string, Client>();

  get isFull(): boolean {
    return this.#all.size >= LIMITS.clientCountMax;
  }

  get all(): ReadonlySet<Client> {
    return this.#all;
  }

  add(client: Client): void {
    this.#all.add(client);
  }

  /** The id it asked for, unless another client has it: then answers would go to two. */
  join(client: Client, wanted: string | undefined): void {
    const isFree = wanted !== undefined && wanted !== '' && !this.#byId.has(wanted);
    client.id = isFree ? wanted : crypto.randomUUID();
    this.#byId.set(client.id, client);
  }

  get(id: string): Client | undefined {
    return this.#byId.get(id);
  }

  *joined(): Generator<Client> {
    yield* this.#byId.values();
  }

  remove(client: Client): void {
    this.#all.delete(client);
    if (client.hasJoined) this.#byId.delete(client.id);
  }
}
