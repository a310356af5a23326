/**
 * Looks after what is stored, at its own pace: a round through all of it at the start and once a day,
 * and a backup of the session file once an hour.
 */
import { Database } from 'bun:sqlite';
import type { WallClock } from '../../clock.ts';
import { backupsIn, isBackedUp, makeBackup, seqOf } from '../store/backup.ts';
import { databasePath } from '../store/mend.ts';
import type { KeeperNews, KeeperReport } from './keeper-port.ts';
import { goRound } from './round.ts';

export interface KeeperOptions {
  readonly dataFolder: string;
  readonly clock: WallClock;
  rest(ms: number): Promise<void>;
  tell(news: KeeperNews): void;
}

/** What starts now has better uses for the disk. */
const START_MS = 10_000;
const BETWEEN_MS = 60_000;
const ROUND_MS = 86_400_000;
const BACKUP_MS = 3_600_000;

const NOTHING: KeeperReport = {
  checkedFiles: 0,
  files: 0,
  damagedTakes: 0,
  roundEndedMs: null,
  lastBackupMs: null,
};

export class Keeper {
  readonly #options: KeeperOptions;
  readonly #damaged = new Set<string>();
  #report = NOTHING;
  /** When this keeper made a backup. */
  #madeMs: number | null = null;
  #lastRoundMs: number | null = null;

  constructor(options: KeeperOptions) {
    this.#options = options;
  }

  /** Ends with its thread. */
  async run(): Promise<never> {
    await this.#options.rest(START_MS);
    for (;;) {
      this.backUp();
      if (this.#isDue(this.#lastRoundMs, ROUND_MS)) await this.round();
      await this.#options.rest(BETWEEN_MS);
    }
  }

  /** A clock that was set back puts nothing off. */
  #isDue(lastMs: number | null, everyMs: number): boolean {
    return lastMs === null || Math.abs(this.#options.clock() - lastMs) >= everyMs;
  }

  /** Unless one is younger than an hour, or nothing was written since. */
  backUp(): void {
    const { clock, dataFolder, tell } = this.#options;
    const now = clock();
    try {
      const backups = backupsIn(dataFolder);
      let lastBackupMs = backups[0]?.atMs ?? null;
      using db = new Database(databasePath(dataFolder), { readonly: true });
      // Hours that a clock lives through again have backups of their own.
      const isDue = this.#isDue(this.#madeMs ?? lastBackupMs, BACKUP_MS);
      if (isDue && !isBackedUp(backups, seqOf(db))) {
        makeBackup(db, dataFolder, now);
        this.#madeMs = now;
        lastBackupMs = now;
      }
      this.#tell({ lastBackupMs });
      tell({ t: 'done', what: 'backup' });
    } catch (error) {
      tell({ t: 'failed', what: 'backup', why: String(error) });
    }
  }

  async round(): Promise<void> {
    const { clock, dataFolder, rest, tell } = this.#options;
    try {
      await goRound({
        dataFolder,
        nowMs: clock(),
        rest,
        tell: (news) => this.#onNews(news),
        onProgress: (checkedFiles, files) => this.#tell({ checkedFiles, files }),
      });
      this.#lastRoundMs = clock();
      this.#tell({ roundEndedMs: this.#lastRoundMs });
      tell({ t: 'done', what: 'round' });
    } catch (error) {
      tell({ t: 'failed', what: 'round', why: String(error) });
    }
  }

  #onNews(news: KeeperNews): void {
    if (news.t === 'take') {
      if (news.isDamaged) this.#damaged.add(news.takeId);
      else this.#damaged.delete(news.takeId);
    }
    // Also what is no news here: a thread before this one, or the core, may have told otherwise.
    this.#options.tell(news);
  }

  #tell(more: Partial<KeeperReport>): void {
    this.#report = { ...this.#report, ...more, damagedTakes: this.#damaged.size };
    this.#options.tell({ t: 'report', report: this.#report });
  }
}
