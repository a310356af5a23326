/**
 * Sees to it that the past stays within its bounds: looks once a minute, and lets the oldest go.
 *
 * The store worker looks and removes; in between the session has the last word, because it alone
 * knows what is being reached for. What is going can be reached for no more.
 */
import { LIMITS } from '../../../protocol/limits.ts';
import type { SessionContext } from '../context.ts';
import { ClockTrust } from '../time/clock-trust.ts';
import type { StoreReader } from '../store/client.ts';
import { isPinned, type Pin } from './plan.ts';

/** At once; the store has others to serve. The rest goes a second later. */
const GOING_MAX = 16;
/** The start has better things to do. */
const FIRST_SECONDS = 5;

/** What no file holds yet and somebody needs. */
const neededIn = ({ exports, takes }: SessionContext): Pin[] => [
  ...takes.unfiled(),
  ...exports.ranges(),
];

export class Retention {
  /** However long it takes: until it has answered, what is going is going. */
  readonly #store: StoreReader;
  readonly #clock = new ClockTrust();
  #secondsLeft = FIRST_SECONDS;
  #isLooking = false;
  #going: readonly Pin[] = [];

  constructor(store: StoreReader) {
    this.#store = store;
  }

  /** These frames are being removed. */
  isGoing(frames: Pin): boolean {
    return isPinned(frames, this.#going);
  }

  /** Once a second. */
  tick(context: SessionContext): void {
    this.#secondsLeft -= 1;
    if (this.#secondsLeft > 0 || this.#isLooking) return;
    this.#secondsLeft = LIMITS.pastSweepSeconds;
    this.#isLooking = true;
    const end = () => {
      this.#going = [];
      this.#isLooking = false;
    };
    // A store that fails says so itself; the next look comes in its time.
    this.#look(context).then(end, end);
  }

  async #look(context: SessionContext): Promise<void> {
    const { runId } = context;
    const question = {
      runId,
      newestFrame: context.grid().frame,
      nowMs: context.wallClock(),
      pins: neededIn(context),
      isClockTrusted: this.#clock.look(context.wallClock(), context.nowMs()),
    };
    const { doomed, storage } = await this.#store.read({ kind: 'spoolUse', ...question });
    context.apply({ t: 'storage', storage });
    const needed = neededIn(context);
    const going = doomed.filter((segment) => !isPinned(segment, needed)).slice(0, GOING_MAX);
    if (going.length === 0) return;
    this.#going = going;
    await this.#store.read({ kind: 'forget', runId, segments: going });
    if (doomed.length > going.length) this.#secondsLeft = 1;
  }
}
