/** What is wrong with plug-ins, told by name and by plug-in. */
import { ERRORS } from '../../../protocol/errors.ts';
import type { Alerts } from '../state/alerts.ts';
import type { Rack } from './rack.ts';

export const { code: CRASH } = ERRORS.ERR_PLUGIN_CRASH;
export const { code: TIMEOUT } = ERRORS.ERR_PLUGIN_TIMEOUT;
export const { code: SLOW } = ERRORS.ERR_PLUGIN_SLOW;
export const { code: NOT_LOADED } = ERRORS.ERR_PLUGIN_LOAD;
export const { code: OFF } = ERRORS.ERR_PLUGIN_OFF;
export const { code: QUARANTINED } = ERRORS.ERR_PLUGIN_QUARANTINED;
const { code: UNSAVED } = ERRORS.ERR_PLUGIN_UNSAVED;

/** They are over when it is loaded again. */
const UNTIL_LOADED = [CRASH, TIMEOUT, OFF, NOT_LOADED];

/** Is this code about a plug-in that is loaded, or was to be? */
export const isAboutPlugin = (code: number): boolean => code >= CRASH && code <= UNSAVED;

export class PluginAlerts {
  readonly #alerts: Alerts;
  readonly #rack: Rack;

  constructor(alerts: Alerts, rack: Rack) {
    this.#alerts = alerts;
    this.#rack = rack;
  }

  /** Lasts until it is lowered; one toast when it begins. */
  raise(code: number, id: string): void {
    if (!this.#alerts.isOn(code, id)) this.toast(code, id);
    this.#alerts.raise(code, id);
  }

  /** Ends by itself. */
  burst(code: number, id: string): void {
    this.#alerts.burst(code, id, this.#nameOf(id));
  }

  toast(code: number, id: string): void {
    this.#alerts.notice(code, this.#nameOf(id));
  }

  onLoaded(id: string): void {
    for (const code of UNTIL_LOADED) this.#alerts.lower(code, id);
  }

  onHeard(id: string): void {
    this.onLoaded(id);
    this.#alerts.lower(SLOW, id);
  }

  /** It is not being started again any more. */
  onGivenUp(id: string): void {
    for (const code of [CRASH, TIMEOUT]) this.#alerts.lower(code, id);
  }

  #nameOf(id: string): string {
    return this.#rack.stored(id)?.name ?? '';
  }
}
