/** A session that the player gives away and takes back, and of which another one plays what it likes. */
import { insertSession } from '../../../server/session/store/sessions.ts';
import { write } from '../../../server/session/store/write.ts';
import { GIVEN, type KeptFiles, STAYS } from './kept-files.ts';
import type { SpoolRig } from './retention-rig.ts';
import { makeRiff, makeTake } from './samples.ts';

const LAYER = {
  originBeat: 0,
  lengthBeats: 4,
  offsetFrames: 0,
  gainLeft: 1,
  gainRight: 1,
  mode: 'repitch',
  tail: false,
} as const;

export class GivenSession {
  readonly #rig: SpoolRig;
  readonly #kept: KeptFiles;
  #count = 0;

  constructor(rig: SpoolRig, kept: KeptFiles) {
    this.#rig = rig;
    this.#kept = kept;
    insertSession(rig.db, { id: GIVEN, name: 'Given' }, 1);
    this.#riff({});
  }

  /** The session that stays comes to play, or to be made of, a take of the other one. */
  share(below: (count: number) => number): void {
    const lendable = this.#kept.isGiven ? [] : this.#kept.lendable();
    const takeId = lendable[below(lendable.length)];
    if (takeId === undefined) return;
    this.#kept.share(takeId);
    if (below(2) === 0) this.#riff({ 0: takeId });
    else this.#merge(takeId);
  }

  /** The player gives it away, or takes it back while he can. */
  consent(): void {
    const { db, nowMs } = this.#rig;
    if (!this.#kept.isGiven) {
      this.#kept.give(nowMs);
      write(db, { kind: 'removeSession', sessionId: GIVEN, atMs: nowMs });
    } else if (this.#kept.mayComeBack(nowMs)) {
      this.#kept.comeBack();
      write(db, { kind: 'restoreSession', sessionId: GIVEN, atMs: nowMs });
    }
  }

  #riff(takes: Readonly<Record<number, string>>): void {
    const seq = this.#count;
    this.#count += 1;
    const riff = makeRiff(`riff-${seq}`, seq === 0 ? null : 'riff-0', seq, takes);
    const common = { sessionId: STAYS, takes: [], gridShift: 0, moveId: `move-${seq}` };
    write(this.#rig.db, { kind: 'riff', riff, ...common });
  }

  #merge(takeId: string): void {
    this.#count += 1;
    const layers = [{ ...LAYER, takeId }];
    const recipe = { kind: 'merge', lengthBeats: 4, framesPerBeat: 1, layers } as const;
    const made = { ...makeTake(`made-${this.#count}`), runId: this.#rig.runId, recipe };
    write(this.#rig.db, { kind: 'take', sessionId: STAYS, take: made });
  }
}
