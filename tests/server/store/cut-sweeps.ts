/** The sweeps of the past and of the trash, each cut off between any two changes. */
import { appendFileSync, unlinkSync } from 'node:fs';
import type { RemovalFiles } from '../../../server/session/retention/forget.ts';
import { type TrashFiles, trashFiles } from '../../../server/session/store/trash-files.ts';
import { sweepTrash } from '../../../server/session/store/trash.ts';
import type { Blindness } from './blind-store.ts';
import type { SpoolRig } from './retention-rig.ts';

class Crash extends Error {}

export class CutSweeps {
  readonly counts = { crashes: 0, removedSegments: 0, trashed: 0, unlinked: 0 };
  readonly #rig: SpoolRig;
  readonly #below: (count: number) => number;
  readonly #blindness: Blindness;
  #changesLeft = Number.POSITIVE_INFINITY;

  constructor(rig: SpoolRig, below: (count: number) => number, blindness: Blindness) {
    this.#rig = rig;
    this.#below = below;
    this.#blindness = blindness;
  }

  /** In two of three all is done; else nothing from one change on, and the store is opened as ever. */
  cutOff(act: () => void): void {
    this.#changesLeft = this.#below(3) === 0 ? this.#below(6) : Number.POSITIVE_INFINITY;
    try {
      act();
    } catch (error) {
      if (!(error instanceof Crash)) throw error;
      this.counts.crashes += 1;
      this.#rig.reopen();
      this.#changesLeft = Number.POSITIVE_INFINITY;
      this.trash();
    } finally {
      this.#changesLeft = Number.POSITIVE_INFINITY;
    }
  }

  /** It may end before this change or right after it. */
  #change(work: () => void): void {
    this.#changesLeft -= 1;
    if (this.#changesLeft < 0) {
      if (this.#changesLeft === -1 && this.#below(2) === 0) work();
      throw new Crash();
    }
    work();
  }

  past(): void {
    const rig = this.#rig;
    const { doomed } = rig.look(this.#blindness === 'exports' ? [] : rig.pins);
    const files: RemovalFiles = {
      append: (path, line) => this.#change(() => appendFileSync(path, line)),
      remove: (path) => this.#change(() => this.#unlink(path)),
    };
    rig.forget(doomed, files);
    // A disk that refuses is no end of the sweep; a crash is.
    if (this.#changesLeft < 0) throw new Crash();
  }

  #unlink(path: string): void {
    unlinkSync(path);
    this.counts.removedSegments += 1;
  }

  trash(): void {
    const { counts } = this;
    const rig = this.#rig;
    const files = trashFiles(rig.folder);
    const counted: TrashFiles = {
      isInAudio: (sha256) => files.isInAudio(sha256),
      isTorn: (sha256) => files.isTorn(sha256),
      drop: (sha256) =>
        this.#change(() => {
          files.drop(sha256);
          counts.trashed += 1;
        }),
      takeBack: (sha256) => this.#change(() => files.takeBack(sha256)),
      remove: (sha256) =>
        this.#change(() => {
          files.remove(sha256);
          counts.unlinked += 1;
        }),
    };
    sweepTrash(rig.seen(rig.db), counted, { nowMs: rig.nowMs, mayEmpty: true });
    // A file that refuses is no end of the sweep; a crash is.
    if (this.#changesLeft < 0) throw new Crash();
  }
}
