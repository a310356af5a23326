/**
 * How long a loop waits for *saved*: from the end of its window until every client is told.
 *
 * Learned from what passes by anyway: captures out of the core, patches on their way to the clients.
 */
import { EVENT_KIND } from '../../protocol/abi.ts';
import type { ToGateway } from '../../protocol/link.ts';
import type { AppState } from '../../protocol/state.ts';
import { idOfWords } from '../session/core/ids.ts';
import type { CoreEvent } from '../session/core/port.ts';
import { Histogram } from '../telemetry/histogram.ts';

/** What never gets safe is forgotten when so many newer ones wait. */
const WAITING_MAX = 256;
const SAVED = /^\/slots\/(\d+)\/saved$/;

export interface CommitTimesOptions {
  readonly rateHz: number;
  /** Engine frame of this moment. */
  frame(): number;
  slots(): AppState['slots'];
}

export class CommitTimes {
  readonly #options: CommitTimesOptions;
  /** End of the window by take. */
  readonly #ends = new Map<string, number>();
  readonly histogram = new Histogram();

  constructor(options: CommitTimesOptions) {
    this.#options = options;
  }

  onEvents(events: readonly CoreEvent[]): void {
    for (const { code, id, kind, toFrame } of events) {
      if (kind !== EVENT_KIND.captured || code !== 0) continue;
      this.#ends.set(idOfWords(id), toFrame);
      const [oldest] = this.#ends.keys();
      if (this.#ends.size > WAITING_MAX && oldest !== undefined) this.#ends.delete(oldest);
    }
  }

  onMessage(message: ToGateway): void {
    if (message.t !== 'patch') return;
    for (const { path, value } of message.ops) {
      const slot = SAVED.exec(path)?.[1];
      if (slot !== undefined && value === true) this.#onSaved(Number(slot));
    }
  }

  #onSaved(slot: number): void {
    const { frame, rateHz, slots } = this.#options;
    const takeId = slots()[slot]?.takeId ?? '';
    const end = this.#ends.get(takeId);
    if (end === undefined) return;
    this.#ends.delete(takeId);
    this.histogram.observe(Math.max(0, (frame() - end) / rateHz));
  }
}
