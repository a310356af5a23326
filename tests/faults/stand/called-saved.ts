/**
 * The takes that FlowZone called saved, each written down once for the judge, by whatever way it was said: in
 * the slot that plays it, or when asked for a take that had left its slot before it was safe.
 */
import type { Json } from '../../judge/client.ts';
import type { Product } from '../../judge/product.ts';
import type { AckLog } from '../judge/acks.ts';

export class CalledSaved {
  readonly #acks: AckLog;
  /** When, by this process's clock. */
  readonly #atMs = new Map<string, number>();
  readonly #awaited = new Map<string, (atMs: number) => void>();

  constructor(acks: AckLog) {
    this.#acks = acks;
  }

  has(takeId: string): boolean {
    return this.#atMs.has(takeId);
  }

  /** Waits for it. */
  atMs(takeId: string): Promise<number> {
    const atMs = this.#atMs.get(takeId);
    if (atMs !== undefined) return Promise.resolve(atMs);
    return new Promise((resolve) => this.#awaited.set(takeId, resolve));
  }

  note(takeId: string): void {
    if (this.has(takeId)) return;
    const atMs = performance.now();
    this.#acks.add({ t: 'saved', takeId, atMs });
    this.#atMs.set(takeId, atMs);
    this.#awaited.get(takeId)?.(atMs);
  }

  noteSlots(slots: readonly Json[]): void {
    for (const { saved, takeId } of slots) if (saved && takeId !== null) this.note(takeId);
  }

  async ask({ get }: Pick<Product, 'get'>, takeId: string): Promise<boolean> {
    if (this.has(takeId)) return true;
    const answer = await get(`/api/takes/${takeId}`);
    if (answer.ok && ((await answer.json()) as Json).saved === true) this.note(takeId);
    return this.has(takeId);
  }
}
