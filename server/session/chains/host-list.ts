/** The processes that run plug-ins, as the state shows them: looked at once a second. */
import { HOST_STATE } from '../../../protocol/abi.ts';
import type { AppState, HostOf, HostStatus } from '../../../protocol/state.ts';
import type { CoreHost, CorePlugins } from '../core/plugins.ts';
import type { SessionEvent } from '../state/events.ts';
import type { Rack } from './rack.ts';

export interface HostListOptions {
  readonly core: Pick<CorePlugins, 'pluginHosts'>;
  readonly rack: Rack;
  nowMs(): number;
  apply(event: SessionEvent): void;
}

const STATUS: Readonly<Record<number, HostStatus>> = {
  [HOST_STATE.starting]: 'starting',
  [HOST_STATE.running]: 'running',
  [HOST_STATE.lost]: 'restarting',
  [HOST_STATE.gaveUp]: 'off',
};

const BYTES_PER_MB = 1_000_000;
/** What is nearer together says nothing of the load. */
const LOOK_MS_MIN = 500;

interface Seen {
  readonly atMs: number;
  readonly pid: number;
  readonly cpuMs: number;
  readonly load: number;
}

const rounded = (value: number, steps: number): number => Math.round(value * steps) / steps;

export class HostList {
  readonly #options: HostListOptions;
  readonly #seen = new Map<number, Seen>();

  constructor(options: HostListOptions) {
    this.#options = options;
  }

  look(): void {
    const { apply, core, rack } = this.#options;
    if (rack.isEmpty) return;
    const hosts = core.pluginHosts().filter(({ state }) => state !== HOST_STATE.ended);
    for (const host of hosts) this.#adopt(host);
    const shown = hosts.map((host) => [String(host.host), this.#shown(host)] as const);
    apply({ t: 'hosts', hosts: Object.fromEntries(shown) satisfies AppState['hosts'] });
  }

  /** Those of its group are in it, unless they were told to be elsewhere. */
  #adopt({ group, host, isQuarantine }: CoreHost): void {
    const { rack } = this.#options;
    if (isQuarantine) return;
    for (const id of rack.ids()) {
      if (rack.hostId(id) === null && rack.stored(id)?.group === group) {
        rack.update(id, { hostId: String(host) });
      }
    }
  }

  #shown(host: CoreHost): HostOf {
    return {
      name: host.group,
      status: STATUS[host.state] ?? 'off',
      pid: host.pid,
      memoryMB: rounded(host.residentBytes / BYTES_PER_MB, 10),
      load: this.#load(host),
      plugins: host.pluginCount,
      retries: host.retries,
      missedBlocks: host.missedBlocks,
      isQuarantine: host.isQuarantine,
    };
  }

  #load({ cpuMs, host, pid }: CoreHost): number {
    const atMs = this.#options.nowMs();
    const before = this.#seen.get(host);
    const isSame = before?.pid === pid;
    if (isSame && atMs - before.atMs < LOOK_MS_MIN) return before.load;
    const share = isSame ? (cpuMs - before.cpuMs) / (atMs - before.atMs) : 0;
    const load = rounded(Math.max(0, share), 1000);
    this.#seen.set(host, { atMs, pid, cpuMs, load });
    return load;
  }
}
