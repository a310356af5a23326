/** What handlers may read and do. */
import { COMMAND_KIND } from '../../protocol/abi.ts';
import type { AppState } from '../../protocol/state.ts';
import type { WallClock } from '../clock.ts';
import type { ChainKeeper } from './chains/chain-keeper.ts';
import type { HostList } from './chains/host-list.ts';
import type { ParamWatch } from './chains/param-watch.ts';
import type { PrintJobs } from './chains/print-jobs.ts';
import type { Printer } from './chains/printer.ts';
import type { Rack } from './chains/rack.ts';
import type { CommitLog } from './riffs/commit-log.ts';
import type { CorePlugins } from './core/plugins.ts';
import type { CoreGrid } from './core/port.ts';
import type { Damage } from './runs/damage.ts';
import type { DryTakes } from './takes/dry-takes.ts';
import type { SessionEvent } from './state/events.ts';
import type { Exports } from './export/exports.ts';
import type { GridEpochs } from './runs/grid-epochs.ts';
import type { History } from './riffs/history.ts';
import type { LateFiles } from './takes/late-files.ts';
import type { Later } from './time/in-time.ts';
import type { PluginShelf } from './plugin-shelf.ts';
import type { HeldKeys } from './chains/held-keys.ts';
import type { NoteLog } from './chains/note-log.ts';
import type { Presses } from './commands/presses.ts';
import type { Retention } from './retention/retention.ts';
import type { RiffLoop } from './riffs/riff.ts';
import type { SessionShelf } from './session-shelf.ts';
import type { StoreReader } from './store/client.ts';
import type { TapSeries } from './time/tap-series.ts';
import type { Sounds } from './sounds/sounds.ts';
import type { Takes } from './takes/takes.ts';

export interface SessionContext {
  readonly state: AppState;
  /** Of the session that is open. */
  history: History;
  readonly sessions: SessionShelf;
  /** Fails when it does not answer in time. */
  readonly store: StoreReader;
  readonly retention: Retention;
  readonly takes: Takes;
  readonly log: CommitLog;
  readonly runId: string;
  readonly rateHz: number;
  readonly dataFolder: string;
  readonly exports: Exports;
  readonly plugins: PluginShelf;
  readonly rack: Rack;
  readonly printer: Printer;
  readonly printJobs: PrintJobs;
  readonly chains: ChainKeeper;
  readonly hosts: HostList;
  readonly params: ParamWatch;
  readonly corePlugins: CorePlugins;
  readonly later: Later;
  readonly sounds: Sounds;
  /** By slot: the sound of its loop that the core plays; null also while that is being made. */
  readonly sounding: readonly (string | null)[];
  /** What each slot plays in the core, origins in the running grid's beats. */
  readonly loops: readonly (RiffLoop | null)[];
  /** Running beat = session beat + gridShift. */
  gridShift: number;
  readonly epochs: GridEpochs;
  readonly damage: Damage;
  readonly dryTakes: DryTakes;
  readonly lateFiles: LateFiles;
  readonly notes: NoteLog;
  readonly keys: HeldKeys;
  readonly taps: TapSeries;
  readonly presses: Presses;
  readonly wallClock: WallClock;
  /** Writes the mixer as it is now, in its turn: before a step that was heard with it. */
  keepMix(): void;
  /** What the mixer was told since the command in turn was planned; see `touchKey`. */
  readonly touched: ReadonlySet<string>;
  /** Another engine follows this one, and starts as ever. */
  leaveSafeMode(): void;
  /** The last frame that something which was asked for waits for; 0 = nothing waits. */
  scheduledFrame(): number;
  /** A record for this slot is on its way. */
  isBusy(slot: number): boolean;
  newId(): string;
  /** Engine time. */
  nowMs(): number;
  grid(): CoreGrid;
  apply(event: SessionEvent): void;
  /**
   * The slot plays this loop since now, as this sound; its take when none is named. Null = it is not
   * heard before it has been made.
   */
  setLoop(slot: number, loop: RiffLoop | null, soundId?: string | null): void;
  /** Raises a condition that belongs to a slot, or takes it away. */
  slotAlert(slot: number, code: number, isOn: boolean): void;
}

/** One control of one slot: the kind of the record that moves it. */
export const touchKey = (slot: number, kind: number): string => `${slot}:${kind}`;

/** Records that move a control. */
export const MIXER_KINDS = new Set<number>([
  COMMAND_KIND.slotGain,
  COMMAND_KIND.slotPan,
  COMMAND_KIND.slotMute,
  COMMAND_KIND.slotSolo,
]);
