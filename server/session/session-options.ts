/** What a session is given: what the store remembers, the core, and who hears of it. */
import type { ToGateway } from '../../protocol/link.ts';
import type { AppState } from '../../protocol/state.ts';
import type { WallClock } from '../clock.ts';
import type { StoredPlugin } from './chains/stored-plugin.ts';
import type { CorePort } from './core/port.ts';
import type { PluginScans } from './plugin-shelf.ts';
import type { Damage } from './runs/damage.ts';
import type { GridEpoch } from './runs/grid-epochs.ts';
import type { History } from './riffs/history.ts';
import type { StoreReader } from './store/client.ts';
import type { Gap } from './store/stored.ts';
import type { MixDocument, StoreWrite } from './store/write-requests.ts';
import type { CachedSound } from './sounds/sound-cache.ts';
import type { Takes } from './takes/takes.ts';

export interface SessionOptions {
  readonly epoch: string;
  readonly initial: AppState;
  /** As the store remembers it; of more slots than there are, perhaps. */
  readonly mix: MixDocument | null;
  readonly history: History;
  readonly takes: Takes;
  readonly runId: string;
  readonly rateHz: number;
  readonly gridShift: number;
  /** Grids of this run that an engine before this one told. */
  readonly epochs?: readonly GridEpoch[];
  /** What is known to be damaged of the run that goes on. */
  readonly damage?: Damage;
  /** Names the stretching library by its bytes; 0 = none. */
  readonly stretcherMark?: number;
  /** Rendered sounds that have files. */
  readonly cached?: readonly CachedSound[];
  readonly core: CorePort;
  readonly wallClock: WallClock;
  readonly dataFolder: string;
  readonly plugins: PluginScans;
  /** Plug-ins of the session, as the store remembers them. */
  readonly storedPlugins?: readonly StoredPlugin[];
  newId(): string;
  /** Calls `act` in so many ms; with a timer of the system when left out. */
  later?(ms: number, act: () => void): void;
  write(request: StoreWrite, done?: () => void, failed?: () => void): void;
  /** Notes what waits before it may be written; calls what it returns when it does not any more. */
  note?(write: StoreWrite): () => void;
  /** Of captures that an engine before this one was making: the session in which they were pressed. */
  readonly pressedIn?: ReadonlyMap<string, string>;
  /** Answered when everything written before is written. */
  read: StoreReader['read'];
  /** What the recording of a run has missed. */
  gaps(runId: string): Promise<readonly Gap[]>;
  /** Another engine follows this one, and starts as ever. */
  leaveSafeMode(): void;
  emit(message: ToGateway): void;
  /** What was to come back at the start did not, for this reason. */
  onUnrestored(code: number): void;
  /** The file of a rendered sound was not what it was written as; it is rendered again. */
  onBadCache(path: string): void;
  /** Something threw; the command it belonged to is refused, and everything else goes on. */
  onError(error: unknown): void;
}
