/**
 * Takes that an earlier engine left without a file of their own, or without what was around them: they
 * get them out of the recording, one after the other, behind everything that is played.
 *
 * Until then the recording is kept for them. Where their sound is nowhere any more they are marked as
 * damaged, and nothing is kept for them. Looked for once in an engine's life: its own takes have theirs.
 *
 * The core is asked under another id: one that plays is in its memory, and would be no news to it.
 */
import { ERRORS } from '../../../protocol/errors.ts';
import { FRAME_BYTES } from '../../wav-header.ts';
import type { SessionContext } from '../context.ts';
import { wordsOfId } from '../core/ids.ts';
import type { CorePort } from '../core/port.ts';
import type { StoredTake } from '../store/port.ts';
import { TakePlaces } from './take-places.ts';
import type { TakeFile } from './take-safety.ts';

/** What is read stays in the core's memory for half a minute: players have better uses for it. */
const BYTES_PER_SECOND_MAX = 4_194_304;
const MEMORY_REST_SECONDS = 30;
const { code: MEMORY } = ERRORS.ERR_LOOP_MEMORY;
const { code: NOT_KEPT } = ERRORS.ERR_RANGE_NOT_KEPT;

export class LateFiles {
  readonly #core: Pick<CorePort, 'keepTake'>;
  readonly #gone = new Set<string>();
  /** By the id under which it was asked for. */
  readonly #asked = new Map<string, StoredTake>();
  /** Of which no file has come yet. */
  #open: string | null = null;
  #waiting: StoredTake[] = [];
  /** Null = the store has no more of them. */
  #afterRow: number | null = 0;
  #restSeconds = 0;
  #isLooking = false;

  constructor(core: Pick<CorePort, 'keepTake'>) {
    this.#core = core;
  }

  /** Takes without files whose sound is nowhere any more. */
  get gone(): readonly string[] {
    return [...this.#gone];
  }

  /** The take that was asked for under this id; undefined when none was. */
  realId(askedId: string): string | undefined {
    return this.#asked.get(askedId)?.take.id;
  }

  /** Once a second, when the last session is back. */
  look(context: SessionContext): void {
    this.#restSeconds -= 1;
    if (this.#restSeconds > 0 || this.#open !== null || this.#isLooking) return;
    const next = this.#waiting.shift();
    if (next) this.#keep(context, next);
    else if (this.#afterRow !== null) this.#find(context, this.#afterRow);
  }

  /** Its row is in the store, so that the file waits for nothing. */
  onFile(context: SessionContext, askedId: string, file: TakeFile): void {
    context.log.aside({ kind: 'takeFile', file });
    if (file.part === 'window') this.#over(askedId);
  }

  /**
   * What the core says of its sound.
   *
   * @returns Whether what it lacks cannot be had.
   */
  onAnswer(context: SessionContext, askedId: string, code: number): boolean {
    const asked = this.#asked.get(askedId);
    // It is read; files of it follow.
    if (!asked || code === 0) return false;
    this.#over(askedId);
    if (code === MEMORY) {
      this.#waiting.push(asked);
      this.#restSeconds = MEMORY_REST_SECONDS;
      return false;
    }
    if (code === NOT_KEPT) {
      this.#gone.add(asked.take.id);
      context.takes.setGone(asked.take.id);
    }
    return true;
  }

  /** It is not what was written; the core goes on trying, and others have their turn. */
  onDamaged(askedId: string): void {
    this.#over(askedId);
  }

  #over(askedId: string): void {
    if (this.#open === askedId) this.#open = null;
  }

  #find({ store }: SessionContext, afterRow: number): void {
    this.#isLooking = true;
    store
      .read({ kind: 'unfiled', afterRow })
      .then(({ lastRow, takes }) => {
        this.#afterRow = lastRow;
        this.#waiting = [...takes];
      })
      // A store that fails says so itself; it is asked again.
      .catch(() => undefined)
      .finally(() => (this.#isLooking = false));
  }

  #keep({ dataFolder, newId, takes }: SessionContext, stored: StoredTake): void {
    const { files, take } = stored;
    const window = files.find(({ part }) => part === 'window');
    const rolls = files.find(({ part }) => part === 'rolls') ?? null;
    const range = window
      ? new TakePlaces(dataFolder).range(take, { older: take, window, rolls })
      : takes.range(take);
    const askedId = newId();
    this.#asked.set(askedId, stored);
    if (this.#core.keepTake({ ...range, id: wordsOfId(askedId) }) === 0) this.#open = askedId;
    this.#restSeconds = (FRAME_BYTES * (take.toFrame - take.fromFrame)) / BYTES_PER_SECOND_MAX;
  }
}
