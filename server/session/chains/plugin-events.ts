/** What the core tells of plug-ins and of the processes that run them. */
import { EVENT_KIND, PLUGIN_HEARD, PLUGIN_IS } from '../../../protocol/abi.ts';
import type { PluginStatus } from '../../../protocol/state.ts';
import type { Alerts } from '../state/alerts.ts';
import type { SessionContext } from '../context.ts';
import type { CoreEvent } from '../core/port.ts';
import { hexOfWords, idOfWords } from '../core/ids.ts';
import { aboutOf, matesOf, onHost } from './host-events.ts';
import { CRASH, isAboutPlugin, OFF, PluginAlerts, SLOW, TIMEOUT } from './plugin-alerts.ts';

const DRY: Readonly<Record<number, PluginStatus>> = {
  [CRASH]: 'restarting',
  [TIMEOUT]: 'restarting',
  [SLOW]: 'slow',
  [OFF]: 'off',
};

const SAY_MORE = new Set<PluginStatus>(['loading', 'restarting', 'off']);

export class PluginEvents {
  readonly #context: SessionContext;
  readonly #alerts: PluginAlerts;
  /** In another process than before, and not loaded there yet. */
  readonly #moved = new Set<string>();

  constructor(context: SessionContext, alerts: Alerts) {
    this.#context = context;
    this.#alerts = new PluginAlerts(alerts, context.rack);
  }

  /** False when it is about something else. */
  onEvent(event: CoreEvent): boolean {
    if (this.#context.printer.onEvent(event)) return true;
    switch (event.kind) {
      case EVENT_KIND.pluginLoaded:
        this.#onLoaded(event);
        return true;
      case EVENT_KIND.pluginHost:
        this.#context.hosts.look();
        onHost(this.#context.rack, this.#alerts, event, (id) => this.#moved.add(id));
        return true;
      case EVENT_KIND.pluginHeard:
        this.#onHeard(event);
        return true;
      case EVENT_KIND.pluginState:
        this.#onState(event);
        return true;
      case EVENT_KIND.pluginMoved:
        this.#context.params.onMoved(idOfWords(event.id), event.value, event.value2);
        return true;
      case EVENT_KIND.notice:
        return isAboutPlugin(event.code) && this.#onNotice(event);
      default:
        return false;
    }
  }

  #onLoaded(event: CoreEvent): void {
    const { chains, rack } = this.#context;
    const id = idOfWords(event.id);
    if (event.code !== 0) {
      if (rack.onLoaded(id, event.code, {})) this.#alerts.raise(event.code, id);
      return;
    }
    const hostId = event.slot > 0 ? String(event.slot) : rack.hostId(id);
    const isMoved = this.#moved.delete(id) || rack.hostId(id) !== hostId;
    const isAsLate = rack.latencyFrames(id) === event.value;
    const isAsItWas = rack.isLoaded(id) && isAsLate && !isMoved;
    rack.onLoaded(id, 0, {
      hostId,
      latencyFrames: event.value,
      paramCount: event.value2,
      isInstrument: (event.detail & PLUGIN_IS.instrument) !== 0,
    });
    this.#alerts.onLoaded(id);
    const where = rack.where(id);
    // One that is in no chain yet is put into it by whoever asked for it.
    if (where !== null && !isAsItWas && chains.has(where, id)) chains.remake(where);
  }

  #onHeard({ code, detail, id: words }: CoreEvent): void {
    const { rack } = this.#context;
    const id = idOfWords(words);
    if (detail === PLUGIN_HEARD.wet) {
      rack.update(id, { status: 'on' });
      this.#alerts.onHeard(id);
      return;
    }
    const now = rack.status(id);
    rack.update(id, { status: DRY[code] ?? (SAY_MORE.has(now) ? now : 'dry') });
    if (code === SLOW || code === OFF) this.#alerts.raise(code, id);
  }

  #onState(event: CoreEvent): void {
    const { log, rack, wallClock } = this.#context;
    const instanceId = idOfWords(event.id);
    const sha256 = hexOfWords(event.sha);
    if (!rack.setState(instanceId, sha256)) return;
    log.behind({ kind: 'pluginState', instanceId, sha256, atMs: wallClock() });
  }

  /** Something that passes, about one plug-in or all of a process. */
  #onNotice(event: CoreEvent): true {
    const one = aboutOf(event);
    const about = one === null ? matesOf(this.#context.rack, event.slot) : [one];
    for (const id of about) this.#alerts.burst(event.code, id);
    return true;
  }
}
