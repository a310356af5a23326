/**
 * What each client held at each revision, and when: two that held different things are found.
 *
 * Compared is all of the state but its two clocks, which no patch moves.
 */
import { canonicalJson } from '../../protocol/state-hash.ts';
import type { Json } from '../judge/client.ts';

export class Ledger {
  readonly #held = new Map<string, { hash: number | bigint; by: string }>();
  readonly #arrivedMs = new Map<string, Map<number, number>>();
  readonly faults: string[] = [];
  /** Revisions of clients that another one had before. */
  compared = 0;

  /** This client holds this now. */
  note(client: string, epoch: string, state: Json): void {
    const { meta, transport } = state;
    const revision: number = meta.revisionId;
    const timeless = {
      ...state,
      meta: { ...meta, serverTime: 0 },
      transport: { ...transport, barPhase: 0 },
    };
    const hash = Bun.hash(canonicalJson(timeless));
    const key = `${epoch} ${revision}`;
    const first = this.#held.get(key);
    if (first === undefined) this.#held.set(key, { hash, by: client });
    else {
      this.compared += 1;
      if (first.hash !== hash) {
        this.faults.push(`revision ${revision}: ${client} holds another state than ${first.by}`);
      }
    }
    const arrivals = this.#arrivedMs.get(client) ?? new Map<number, number>();
    if (!arrivals.has(revision)) arrivals.set(revision, performance.now());
    this.#arrivedMs.set(client, arrivals);
  }

  /** When the client held this revision or a later one; undefined when it did not. */
  arrivedMs(client: string, revision: number): number | undefined {
    return this.#arrivedMs.get(client)?.get(revision);
  }

  get clients(): string[] {
    return [...this.#arrivedMs.keys()];
  }

  get revisions(): number {
    return this.#held.size;
  }
}
