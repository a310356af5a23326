/** The parts of a session that know plug-ins, put together. */
import type { Alerts } from '../state/alerts.ts';
import type { Dispatcher } from '../commands/dispatcher.ts';
import type { SessionEvent } from '../state/events.ts';
import type { Later } from '../time/in-time.ts';
import type { PluginShelf } from '../plugin-shelf.ts';
import type { SessionOptions } from '../session-options.ts';
import type { StateStore } from '../state/state-store.ts';
import type { TakeLoader } from '../sounds/take-loader.ts';
import { ChainKeeper } from './chain-keeper.ts';
import { HeldKeys } from './held-keys.ts';
import { HostList } from './host-list.ts';
import { NoteLog } from './note-log.ts';
import { ParamWatch } from './param-watch.ts';
import { PrintJobs } from './print-jobs.ts';
import { Printer } from './printer.ts';
import { Rack } from './rack.ts';

export interface ChainParts {
  readonly options: SessionOptions;
  readonly store: StateStore;
  readonly dispatcher: Dispatcher;
  readonly loader: TakeLoader;
  readonly alerts: Alerts;
  readonly plugins: PluginShelf;
  readonly later: Later;
  apply(event: SessionEvent): void;
}

export const makeChains = ({ alerts, apply, later, options, plugins, ...parts }: ChainParts) => {
  const { core, dataFolder, newId } = options;
  const rack = new Rack({
    core,
    dataFolder,
    isOff: options.initial.meta.mode === 'SAFE',
    later,
    find: (pluginId) => plugins.find(pluginId),
    apply,
    onGone: (id) => alerts.lowerAll(id),
  });
  for (const stored of options.storedPlugins ?? []) rack.add(stored);
  const chains = new ChainKeeper({
    core,
    rack,
    dispatcher: parts.dispatcher,
    state: () => parts.store.state,
    newId,
    apply,
    onUnmade: (_, code) => alerts.burst(code),
  });
  const hosts = new HostList({ core, rack, nowMs: () => core.now(), apply });
  const params = new ParamWatch(options.emit, later);
  const printer = new Printer({
    core,
    rack,
    dataFolder,
    later,
    newId,
    load: (soundId) => new Promise((end) => parts.loader.load(soundId, (_, code) => end(code))),
  });
  const notes = new NoteLog();
  const keys = new HeldKeys({
    notes,
    rateHz: options.rateHz,
    send: (step) => parts.dispatcher.aside(step),
  });
  const printJobs = new PrintJobs({ newId, apply });
  const made = { rack, chains, hosts, params, printer, printJobs, notes, keys };
  return { ...made, later, corePlugins: core };
};
