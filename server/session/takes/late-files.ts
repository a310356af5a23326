/**
 * Takes that an earlier engine left without a file of their own, or without what was around them: they
 * get them out of the recording, one after the other, behind everything that is played.
 *
 * Until then the recording is kept for them. What cannot be had is settled, once and for all: no later
 * engine asks again. What the recording still has of a window is kept all the same, see `unfiled.ts`.
 * Before that it is tried three times, and nothing is settled while the recording cannot be looked at, or
 * is there and has not rotted: a disk that is away, or fails to be read for a minute, comes back, and the
 * next engine asks again. Looked for once in an engine's life: its own takes have theirs.
 *
 * The core is asked under another id: one that plays is in its memory, and would be no news to it.
 */
import { ERRORS } from '../../../protocol/errors.ts';
import { FRAME_BYTES } from '../../wav-header.ts';
import type { SessionContext } from '../context.ts';
import { wordsOfId } from '../core/ids.ts';
import type { CorePort } from '../core/port.ts';
import type { UnfiledQuestion } from '../store/port.ts';
import type { UnfiledTake } from '../store/stored.ts';
import { LateWatch, settle } from './late-watch.ts';
import { TakePlaces } from './take-places.ts';
import type { TakeFile } from './take-safety.ts';

/** What is read stays in the core's memory for half a minute: players have better uses for it. */
const BYTES_PER_SECOND_MAX = 4_194_304;
const REST_SECONDS = 30;
const FAILURES_MAX = 3;
const { code: DAMAGED } = ERRORS.ERR_TAKE_DAMAGED;
const { code: MEMORY } = ERRORS.ERR_LOOP_MEMORY;

interface Late {
  readonly stored: UnfiledTake;
  /** How often its sound could not be read. */
  readonly failures: number;
}

const hasWindow = ({ stored: { files } }: Late): boolean =>
  files.some(({ part }) => part === 'window');

export class LateFiles {
  readonly #core: Pick<CorePort, 'keepTake'>;
  /** By the id under which it was asked for. */
  readonly #asked = new Map<string, Late>();
  readonly #watch = new LateWatch();
  /** Of which no file has come yet. */
  #open: string | null = null;
  #waiting: Late[] = [];
  /** First what is in the recording alone. Null = the store has no more of them. */
  #next: UnfiledQuestion | null = { lacks: 'window', afterRow: 0 };
  #restSeconds = 0;
  #isLooking = false;

  constructor(core: Pick<CorePort, 'keepTake'>) {
    this.#core = core;
  }

  /** The take that was asked for under this id; undefined when none was. */
  realId(askedId: string): string | undefined {
    return this.#asked.get(askedId)?.stored.take.id;
  }

  /**
   * Once a second, when the last session is back.
   *
   * @param onLost Its sound could not be had already when an engine before this one asked.
   */
  look(context: SessionContext, onLost: (takeId: string) => void): void {
    this.#watch.look(context);
    this.#restSeconds -= 1;
    if (this.#restSeconds > 0 || this.#open !== null || this.#isLooking) return;
    for (let next = this.#waiting.shift(); next; next = this.#waiting.shift()) {
      if (this.#isAsked(context, next, onLost)) return;
    }
    if (this.#next !== null) this.#find(context, this.#next);
  }

  /** Its row is in the store, so that the file waits for nothing. */
  onFile(context: SessionContext, askedId: string, file: TakeFile): void {
    context.log.aside({ kind: 'takeFile', file });
    this.#watch.onFile(askedId, file.part);
    if (file.part === 'window') this.#over(askedId);
  }

  /**
   * What the core says of its sound.
   *
   * @returns Whether its window cannot be had.
   */
  onAnswer(context: SessionContext, askedId: string, code: number): boolean {
    const late = this.#asked.get(askedId);
    if (!late) return false;
    // It is read; files of it follow.
    if (code === 0) return false;
    this.#watch.drop(askedId);
    this.#over(askedId);
    if (code === MEMORY) this.#again(late);
    else void this.#failed(context, late, code);
    // Files are looked at by the keeper, which tells what is wrong with them.
    return code !== MEMORY && !hasWindow(late);
  }

  /** It is not what was written; the core goes on trying, and others have their turn. */
  onDamaged(askedId: string): void {
    this.#watch.onDamaged(askedId);
    this.#over(askedId);
  }

  #over(askedId: string): void {
    if (this.#open === askedId) this.#open = null;
  }

  #again(late: Late): void {
    this.#waiting.push(late);
    this.#restSeconds = REST_SECONDS;
  }

  async #failed(context: SessionContext, late: Late, code: number): Promise<void> {
    const { take } = late.stored;
    // A store that fails says so itself.
    const sound = await context.store.read({ kind: 'lateSound', take }).catch(() => 'unknown');
    if (sound === 'unknown') return;
    const failures = late.failures + 1;
    if (failures < FAILURES_MAX) this.#again({ ...late, failures });
    else if (sound === 'gone' || code === DAMAGED) settle(context, take.id);
  }

  #find({ store }: SessionContext, question: UnfiledQuestion): void {
    this.#isLooking = true;
    store
      .read({ kind: 'unfiled', ...question })
      .then(({ lastRow, takes }) => {
        if (lastRow !== null) this.#next = { ...question, afterRow: lastRow };
        else this.#next = question.lacks === 'window' ? { lacks: 'rolls', afterRow: 0 } : null;
        this.#waiting.push(...takes.map((stored) => ({ stored, failures: 0 })));
      })
      // A store that fails says so itself; it is asked again.
      .catch(() => undefined)
      .finally(() => (this.#isLooking = false));
  }

  /** False when there is nothing to ask for. */
  #isAsked(context: SessionContext, late: Late, onLost: (takeId: string) => void): boolean {
    const { id } = late.stored.take;
    if (late.stored.isSettled) {
      context.takes.setGone(id);
      onLost(id);
      return false;
    }
    if (hasWindow(late) && !late.stored.isSoundAround) {
      settle(context, id);
      return false;
    }
    this.#keep(context, late);
    return true;
  }

  #keep({ dataFolder, newId, takes }: SessionContext, late: Late): void {
    const { files, take } = late.stored;
    const window = files.find(({ part }) => part === 'window');
    const rolls = files.find(({ part }) => part === 'rolls') ?? null;
    const range = window
      ? new TakePlaces(dataFolder).range(take, { older: take, window, rolls })
      : takes.range(take);
    const askedId = newId();
    this.#asked.set(askedId, late);
    if (this.#core.keepTake({ ...range, id: wordsOfId(askedId) }) === 0) {
      this.#open = askedId;
      this.#watch.add(askedId, take);
    }
    this.#restSeconds = (FRAME_BYTES * (take.toFrame - take.fromFrame)) / BYTES_PER_SECOND_MAX;
  }
}
