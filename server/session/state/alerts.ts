/** Conditions (state, until they are over) and notices (passing) out of the core's events. */
import { errorByCode } from '../../../protocol/errors.ts';
import type { ToGateway } from '../../../protocol/link.ts';
import type { SessionEvent } from './events.ts';

export interface AlertsOptions {
  now(): number;
  apply(event: SessionEvent): void;
  emit(message: ToGateway): void;
}

/** What it is about: a slot by its number, a plug-in by its id. */
export type About = number | string;

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
  raise(code: number, about?: About): void {
    const id = idOf(code, about);
    this.#on.add(id);
    const atMs = this.#options.now();
    this.#options.apply({
      t: 'alert',
      id,
      code,
      atMs,
      ...(typeof about === 'number' && { slot: about }),
      ...(typeof about === 'string' && { instanceId: about }),
    });
  }

  isOn(code: number, about?: About): boolean {
    return this.#on.has(idOf(code, about));
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

  lower(code: number, about?: About): void {
    const id = idOf(code, about);
    if (!this.#on.delete(id)) return;
    this.#lastMs.delete(id);
    this.#options.apply({ t: 'alertGone', id });
  }

  /** Whatever was raised about it. */
  lowerAll(about: About): void {
    for (const id of this.#on) {
      const code = Number(id.split(':', 1)[0]);
      if (id === idOf(code, about)) this.lower(code, about);
    }
  }

  /** Something that happens again and again: an alert that ends by itself, one toast when it begins. */
  burst(code: number, about?: About, detail?: string): void {
    const id = idOf(code, about);
    if (!this.#on.has(id)) this.notice(code, detail);
    this.raise(code, about);
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

const idOf = (code: number, about?: About): string =>
  about === undefined ? String(code) : `${code}:${about}`;
