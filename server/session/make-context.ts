/** What every command and every event of a session may use, put together from its parts. */
import type { Alerts } from './alerts.ts';
import { CommitLog } from './commit-log.ts';
import type { SessionContext } from './context.ts';
import { Damage } from './damage.ts';
import type { Dispatcher } from './dispatcher.ts';
import { Exports } from './export/exports.ts';
import { wordsOfId } from './ids.ts';
import { inTime } from './in-time.ts';
import type { MixKeeper } from './mix-keeper.ts';
import { PluginShelf } from './plugin-shelf.ts';
import { Retention } from './retention/retention.ts';
import { SessionShelf } from './session-shelf.ts';
import type { SessionOptions } from './session-options.ts';
import type { StateStore } from './state-store.ts';
import type { StoreReader } from './store-client.ts';
import { TapSeries } from './tap-series.ts';
import type { TakeLoader } from './take-loader.ts';

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
    onSaved: (takeId) => {
      takes.setSaved(takeId);
      core.takeSaved(wordsOfId(takeId));
      apply({ t: 'saved', takeId });
    },
  });
  const notice = (code: number) => alerts.notice(code);
  const jobs = { newId, apply, later, notice };
  const read: StoreReader['read'] = (request) => inTime(options.read(request), later);
  return {
    get state() {
      return store.state;
    },
    get sounding() {
      return parts.sounding();
    },
    history: options.history,
    sessions: new SessionShelf({ store: { read }, takes, mix, newId }),
    store: { read },
    retention: new Retention(options),
    takes,
    log,
    runId: options.runId,
    rateHz: options.rateHz,
    dataFolder,
    exports: new Exports({ ...jobs, core, loader, dataFolder, gaps: options.gaps }),
    plugins: new PluginShelf({ ...jobs, scans: options.plugins }),
    loops: parts.loops,
    sounds: parts.sounds,
    gridShift: options.gridShift,
    epochs: parts.epochs,
    damage: new Damage(options.hurts),
    taps: new TapSeries(),
    presses: parts.presses,
    wallClock: options.wallClock,
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
};
