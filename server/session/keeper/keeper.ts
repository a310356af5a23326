/**
 * Looks after what is stored, at its own pace: a round through all of it at the start and once a day,
 * and a backup of the session file once an hour.
 */
import { Database } from 'bun:sqlite';
import type { WallClock } from '../../clock.ts';
import { backupsIn, makeBackup, seqOf, seqOfBackup } from '../store/backup.ts';
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
  #nextRoundMs = 0;

  constructor(options: KeeperOptions) {
    this.#options = options;
  }

  /** Ends with its thread. */
  async run(): Promise<never> {
    await this.#options.rest(START_MS);
    for (;;) {
      this.backUp();
      if (this.#options.clock() >= this.#nextRoundMs) await this.round();
      await this.#options.rest(BETWEEN_MS);
    }
  }

  /** Unless the newest is younger than an hour, or nothing was written since. */
  backUp(): void {
    const { clock, dataFolder, tell } = this.#options;
    const now = clock();
    try {
      const [newest] = backupsIn(dataFolder);
      let lastBackupMs = newest?.atMs ?? null;
      using db = new Database(databasePath(dataFolder), { readonly: true });
      const isDue = lastBackupMs === null || Math.abs(now - lastBackupMs) >= BACKUP_MS;
      if (isDue && (!newest || seqOfBackup(newest) !== seqOf(db))) {
        makeBackup(db, dataFolder, now);
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
      this.#nextRoundMs = clock() + ROUND_MS;
      this.#tell({ roundEndedMs: clock() });
      tell({ t: 'done', what: 'round' });
    } catch (error) {
      tell({ t: 'failed', what: 'round', why: String(error) });
    }
  }

  #onNews(news: KeeperNews): void {
    if (news.t === 'take') {
      if (news.isDamaged === this.#damaged.has(news.takeId)) return;
      if (news.isDamaged) this.#damaged.add(news.takeId);
      else this.#damaged.delete(news.takeId);
    }
    this.#options.tell(news);
  }

  #tell(more: Partial<KeeperReport>): void {
    this.#report = { ...this.#report, ...more, damagedTakes: this.#damaged.size };
    this.#options.tell({ t: 'report', report: this.#report });
  }
}
