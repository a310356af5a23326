/** Conditions (state, until they are over) and notices (passing) out of the core's events. */
import { errorByCode } from '../../protocol/errors.ts';
import type { ToGateway } from '../../protocol/link.ts';
import type { SessionEvent } from './events.ts';

export interface AlertsOptions {
  now(): number;
  apply(event: SessionEvent): void;
  emit(message: ToGateway): void;
}

/** A condition without an end of its own is over when it was not heard of for so long. */
const QUIET_MS = 10_000;

export class Alerts {
  readonly #options: AlertsOptions;
  readonly #on = new Set<string>();
  readonly #lastMs = new Map<string, number>();

  constructor(options: AlertsOptions) {
    this.#options = options;
  }

  /** It began, or happened again. */
  raise(code: number, slot?: number): void {
    const id = idOf(code, slot);
    this.#on.add(id);
    const atMs = this.#options.now();
    this.#options.apply({ t: 'alert', id, code, atMs, ...(slot !== undefined && { slot }) });
  }

  /** A condition that lasts until it is lowered, with one toast when it begins. */
  begin(code: number): void {
    if (this.#on.has(idOf(code))) return;
    this.notice(code);
    if (!this.#on.has(idOf(code))) this.raise(code);
  }

  /** A condition that is on or over. */
  follow(code: number, isOn: boolean): void {
    if (isOn) this.begin(code);
    else this.lower(code);
  }

  lower(code: number, slot?: number): void {
    const id = idOf(code, slot);
    if (!this.#on.delete(id)) return;
    this.#lastMs.delete(id);
    this.#options.apply({ t: 'alertGone', id });
  }

  /** Something that happens again and again: an alert that ends by itself, one toast when it begins. */
  burst(code: number): void {
    const id = idOf(code);
    if (!this.#on.has(id)) this.notice(code);
    this.raise(code);
    this.#lastMs.set(id, this.#options.now());
  }

  /** Low ones pass; others stay until lowered. */
  notice(code: number, detail?: string): void {
    const message = { type: 'NOTICE', code, ...(detail !== undefined && { detail }) } as const;
    this.#options.emit({ t: 'notice', message });
    if (errorByCode(code)?.row.severity === 'critical') this.raise(code);
  }

  /** Once a second: ends what has been quiet. */
  tick(): void {
    const now = this.#options.now();
    for (const [id, lastMs] of this.#lastMs) {
      if (now - lastMs < QUIET_MS) continue;
      this.#lastMs.delete(id);
      this.#on.delete(id);
      this.#options.apply({ t: 'alertGone', id });
    }
  }
}

const idOf = (code: number, slot?: number): string =>
  slot === undefined ? String(code) : `${code}:${slot}`;
