/** What the thread that looks at plug-ins is told, and what it tells; plain data that can be posted. */
import type { GroupNames } from './group.ts';
import type { PluginClass } from './plugin-class.ts';
import type { Refusal } from './scan-child.ts';

export interface ScanStart {
  readonly dataFolder: string;
  readonly folders: readonly string[];
  readonly hostPath: string;
  /** What is known is told, and nothing is looked at unless the player asks. */
  readonly isQuiet: boolean;
}

export type ToScan =
  | ({ t: 'begin' } & ScanStart)
  /** What was refused is tried again, and all folders are looked through. */
  | { t: 'rescan' }
  | { t: 'cancel' }
  | { t: 'end' };

/** What is known of one bundle. */
export interface BundleReport {
  readonly path: string;
  /** Which of the folders it lies in: of two that hold the same plug-in the first one counts. */
  readonly folder: number;
  readonly name: string;
  readonly classes: readonly PluginClass[];
  /** A child has seen them; until then the bundle's own list is believed for showing only. */
  readonly isConfirmed: boolean;
  /** Why none of it is offered; null = it is. */
  readonly refusal: Refusal | null;
}

export type RescanState = 'running' | 'done' | 'failed' | 'cancelled';

export type ScanNews =
  | { t: 'bundle'; bundle: BundleReport }
  /** It is in no folder any more. */
  | { t: 'gone'; path: string }
  /** Which maker's plug-ins share a process with whose; see `group.ts`. */
  | { t: 'groups'; groups: GroupNames }
  /** So many bundles are still to be looked at. */
  | { t: 'waiting'; count: number }
  /** Of what the player asked for. */
  | { t: 'rescan'; state: RescanState; progress: number; code: number }
  /** Something could not be done; the list is as it was. */
  | { t: 'trouble'; what: string; why: string }
  | { t: 'ended' };
