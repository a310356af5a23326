/** What every command and every event of a session may use, put together from its parts. */
import type { Alerts } from './state/alerts.ts';
import { makeChains } from './chains/make-chains.ts';
import { CommitLog } from './riffs/commit-log.ts';
import { headRestated, restated } from './riffs/restate.ts';
import type { SessionContext } from './context.ts';
import { Damage } from './runs/damage.ts';
import type { Dispatcher } from './commands/dispatcher.ts';
import { DryTakes } from './takes/dry-takes.ts';
import { Exports } from './export/exports.ts';
import { wordsOfId } from './core/ids.ts';
import { LateFiles } from './takes/late-files.ts';
import { inTime } from './time/in-time.ts';
import type { MixKeeper } from './state/mix-keeper.ts';
import { PluginShelf } from './plugin-shelf.ts';
import { Retention } from './retention/retention.ts';
import { SessionShelf } from './session-shelf.ts';
import type { SessionOptions } from './session-options.ts';
import type { StateStore } from './state/state-store.ts';
import type { StoreReader } from './store/client.ts';
import { TapSeries } from './time/tap-series.ts';
import type { TakeLoader } from './sounds/take-loader.ts';

export interface ContextParts
  extends Pick<SessionContext, 'apply' | 'epochs' | 'loops' | 'presses' | 'setLoop' | 'sounds'> {
  readonly options: SessionOptions;
  readonly store: StateStore;
  readonly dispatcher: Dispatcher;
  readonly loader: TakeLoader;
  readonly mix: MixKeeper;
  readonly alerts: Alerts;
  /** What each slot plays now. */
  sounding(): SessionContext['sounding'];
  later(ms: number, act: () => void): void;
}

export const makeContext = (parts: ContextParts): SessionContext => {
  const { alerts, apply, dispatcher, later, loader, mix, options, store } = parts;
  const { core, dataFolder, newId, takes, write } = options;
  const log = new CommitLog({
    takes,
    write,
    ...(options.note && { note: options.note }),
    onSaved: (takeId) => {
      takes.setSaved(takeId);
      core.takeSaved(wordsOfId(takeId));
      apply({ t: 'saved', takeId });
    },
    restate: ({ riff, sessionId }, parentOf, stepsMax) =>
      sessionId === store.state.meta.sessionId
        ? restated(context, riff, { parentOf, stepsMax })
        : [],
    headAgain: (storedHead) => headRestated(context, storedHead),
  });
  const notice = (code: number) => alerts.notice(code);
  const jobs = { newId, apply, later, notice };
  const plugins = new PluginShelf({ ...jobs, scans: options.plugins });
  const chains = makeChains({ ...parts, plugins });
  const read: StoreReader['read'] = (request) => inTime(options.read(request), later);
  const context: SessionContext = {
    get state() {
      return store.state;
    },
    get sounding() {
      return parts.sounding();
    },
    history: options.history,
    sessions: new SessionShelf({ store: { read }, takes, rack: chains.rack, mix, newId }),
    store: { read },
    retention: new Retention(options),
    takes,
    log,
    runId: options.runId,
    rateHz: options.rateHz,
    dataFolder,
    exports: new Exports({ ...jobs, core, loader, dataFolder, gaps: options.gaps }),
    plugins,
    ...chains,
    loops: parts.loops,
    sounds: parts.sounds,
    gridShift: options.gridShift,
    epochs: parts.epochs,
    damage: options.damage ?? new Damage(),
    dryTakes: new DryTakes(core),
    lateFiles: new LateFiles(core),
    taps: new TapSeries(),
    presses: parts.presses,
    wallClock: options.wallClock,
    keepMix: () => mix.flush(store.state),
    touched: dispatcher.touched,
    leaveSafeMode: () => options.leaveSafeMode(),
    scheduledFrame: () => dispatcher.scheduledFrame,
    isBusy: (slot) => dispatcher.isBusy(slot),
    newId,
    nowMs: () => core.now(),
    grid: () => core.grid(),
    apply,
    setLoop: parts.setLoop,
    slotAlert: (slot, code, isOn) => (isOn ? alerts.raise(code, slot) : alerts.lower(code, slot)),
  };
  return context;
};
