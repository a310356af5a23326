/** What the keeper tells; plain data that can be posted. */

/** An audio file that no row names, whole and what its name promises. */
export interface FoundFile {
  readonly sha256: string;
  readonly bytes: number;
  readonly frames: number;
  readonly rateHz: number;
}

/** Thread: that there is one at all. */
export type KeeperWork = 'backup' | 'round' | 'thread';

export type KeeperNews =
  /**
   * Of a take's window, in each round: whether its file is missing or not what was written. One that is
   * needed no more is not damaged.
   */
  | { t: 'take'; takeId: string; isDamaged: boolean }
  /** They belong to no take. */
  | { t: 'found'; files: readonly FoundFile[] }
  /** They belong to no take, and are not what their names promise. */
  | { t: 'torn'; sha256s: readonly string[] }
  /** The session file itself: pages, indices, or riffs that are not what was written. */
  | { t: 'file'; isWhole: boolean; why: string }
  | { t: 'report'; report: KeeperReport }
  /** Something could not be done; it is tried again with the next round. */
  | { t: 'failed'; what: KeeperWork; why: string }
  /** It could be done, or need not be. */
  | { t: 'done'; what: KeeperWork };

export interface KeeperReport {
  /** Audio files looked at in this round, and how many there are. */
  readonly checkedFiles: number;
  readonly files: number;
  /** Takes whose window's file is missing or not what was written, as of now. */
  readonly damagedTakes: number;
  /** Wall clock; null = not yet in this engine's life. */
  readonly roundEndedMs: number | null;
  readonly lastBackupMs: number | null;
}

export interface KeeperStart {
  readonly dataFolder: string;
}
