/** Peaks once computed: a take never changes, so they are kept; the longest unused go first. */
const ENTRY_COUNT_MAX = 256;

export class PeaksCache {
  readonly #entries = new Map<string, Promise<Uint8Array<ArrayBuffer>>>();

  /** Computes once, however many ask meanwhile; a failure is not kept. */
  get(
    key: string,
    compute: () => Promise<Uint8Array<ArrayBuffer>>,
  ): Promise<Uint8Array<ArrayBuffer>> {
    const known = this.#entries.get(key);
    const entry = known ?? compute();
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    if (known === undefined) this.#keep(key, entry);
    return entry;
  }

  #keep(key: string, entry: Promise<Uint8Array<ArrayBuffer>>): void {
    entry.catch(() => this.#entries.delete(key));
    if (this.#entries.size <= ENTRY_COUNT_MAX) return;
    const [oldest] = this.#entries.keys();
    if (oldest !== undefined) this.#entries.delete(oldest);
  }
}
