/**
 * Sees to it that every slot plays the best sound of its loop there is.
 *
 * A loop whose tempo is another than its own is interpolated as it plays, and one that was just
 * overdubbed plays in layers. Meanwhile the finished sound is made beside the audio, one at a time,
 * and comes into the slot when it is there. While the tempo moves nothing is made: what would be
 * ready a moment later would be wrong by then.
 */
import { ERRORS } from '../../../protocol/errors.ts';
import { playSteps } from '../content.ts';
import type { SessionContext } from '../context.ts';
import type { Dispatcher } from '../commands/dispatcher.ts';
import { done, type Outcome, refuse, steps } from '../commands/plan.ts';
import { swapRecord } from '../slot-records.ts';
import type { TakeLoader } from './take-loader.ts';

export interface SoundKeeperOptions {
  readonly context: SessionContext;
  readonly dispatcher: Dispatcher;
  readonly loader: TakeLoader;
  notice(code: number): void;
  /** Calls `act` in so many ms; tests put in a clock of their own. */
  later(ms: number, act: () => void): void;
}

/** The tempo has stood still for so long. */
export const STILL_MS = 150;
/** What could not be made may be possible then: what was played after a loop reaches the disk. */
const RETRY_MS = 1000;
const TRIES_MAX = 120;
/** Between two tellings of how far a sound is. */
const RENDERING_MS = 250;

const AT_ONCE = {
  inLane: true,
  atFrame: 0,
  isFarAhead: false,
  loadMsMax: 0,
  isPartial: false,
  first: [],
} as const;

export class SoundKeeper {
  readonly #options: SoundKeeperOptions;
  /** By slot: what the core plays. */
  readonly #sounding: (string | null)[];
  /** By slot: what it is to play, and the code of what is told of that. */
  readonly #wishes: { wanted: string | null; told: number }[];
  /** By sound: how often it could not be had. */
  readonly #failures = new Map<string, number>();
  /** Sounds that are not asked for at the moment. */
  readonly #resting = new Set<string>();
  #canStretch = true;
  #isWorking = false;
  /** The newest appointment; older ones have no effect. */
  #appointment = 0;
  #isDue = false;
  #tempoMoves = 0;
  #renderingToldMs = 0;

  constructor(options: SoundKeeperOptions) {
    this.#options = options;
    this.#sounding = options.context.loops.map(() => null);
    this.#wishes = options.context.loops.map(() => ({ wanted: null, told: 0 }));
  }

  get sounding(): readonly (string | null)[] {
    return this.#sounding;
  }

  onLoop(slot: number, soundId: string | null): void {
    this.#sounding[slot] = soundId;
    this.#wish(slot);
    if (!this.#options.context.loops[slot] || this.#isDue) return;
    this.#look(0);
  }

  /** Of what a slot waits for; a few times a second at most. */
  onRendering(soundId: string, share: number): void {
    const { context } = this.#options;
    for (const [slot, { wanted }] of this.#wishes.entries()) {
      if (wanted !== soundId || !this.#isWorking) continue;
      const isFirst = context.state.slots[slot]?.rendering === null;
      if (!isFirst && context.nowMs() - this.#renderingToldMs < RENDERING_MS) continue;
      this.#renderingToldMs = context.nowMs();
      context.apply({ t: 'slotRendering', slot, rendering: share });
    }
  }

  #endRendering(): void {
    const { context } = this.#options;
    for (const [slot, { rendering }] of context.state.slots.entries()) {
      if (rendering !== null) context.apply({ t: 'slotRendering', slot, rendering: null });
    }
  }

  onTempo(): void {
    this.#tempoMoves += 1;
    this.#look(STILL_MS);
  }

  #look(ms: number): void {
    this.#isDue = true;
    this.#appointment += 1;
    const mine = this.#appointment;
    this.#options.later(ms, () => {
      if (mine !== this.#appointment) return;
      this.#isDue = false;
      this.#work();
    });
  }

  /** One that is not heard yet is heard as it is first. */
  #wanted(slot: number): string | null {
    const { context } = this.#options;
    const loop = context.loops[slot] ?? null;
    if (loop && this.#sounding[slot] === null) return loop.takeId;
    return loop && context.sounds.at(loop, context.grid().framesPerBeat, this.#canStretch);
  }

  /** Another wish begins anew: that an old one could not be had is no longer told. */
  #wish(slot: number): string | null {
    const wanted = this.#wanted(slot);
    const wish = this.#wishes[slot];
    if (!wish || wish.wanted === wanted) return wanted;
    if (wish.wanted !== null) {
      this.#failures.delete(wish.wanted);
      this.#resting.delete(wish.wanted);
    }
    if (wish.told !== 0) this.#options.context.slotAlert(slot, wish.told, false);
    this.#wishes[slot] = { wanted, told: 0 };
    return wanted;
  }

  /** The loop itself plays on when what was played after it is all that is missing. */
  #tellLost(slot: number, wanted: string): void {
    const { context } = this.#options;
    if (this.#wish(slot) !== wanted) return;
    const hasTail = context.loops[slot]?.tail === true && this.#sounding[slot] !== null;
    const row = hasTail ? ERRORS.ERR_RANGE_NOT_KEPT : ERRORS.ERR_TAKE_UNREADABLE;
    this.#wishes[slot] = { wanted, told: row.code };
    context.slotAlert(slot, row.code, true);
  }

  #work(): void {
    if (this.#isWorking || this.#isDue) return;
    const { context, dispatcher, loader } = this.#options;
    const open = [...context.loops.keys()].flatMap((slot) => {
      const wanted = this.#wish(slot);
      const isOpen = wanted !== this.#sounding[slot] && wanted !== null;
      return isOpen && !this.#resting.has(wanted) ? [{ slot, wanted }] : [];
    });
    // What only sounds better than what plays has time, also until commands have what they wait for.
    const first = open.find(({ slot, wanted }) => context.loops[slot]?.takeId === wanted);
    if (!first && open.length > 0 && dispatcher.isMaking) {
      this.#look(STILL_MS);
      return;
    }
    const next = first ?? open[0];
    if (!next) return;
    const { slot, wanted } = next;
    this.#isWorking = true;
    const move = this.#tempoMoves;
    loader.load(wanted, (isLoaded, code) => {
      this.#endRendering();
      if (isLoaded) this.#swap(slot, wanted, move);
      else this.#onFailure(slot, wanted, code);
    });
  }

  #next(): void {
    this.#isWorking = false;
    this.#work();
  }

  /** What was made for a tempo that is gone is of no use. */
  #swap(slot: number, wanted: string, move: number): void {
    this.#failures.delete(wanted);
    if (move !== this.#tempoMoves && this.#options.context.loops[slot]?.takeId !== wanted) {
      this.#next();
      return;
    }
    this.#options.dispatcher.run({
      ...AT_ONCE,
      plan: () => this.#swapPlan(slot, wanted),
      ok: () => this.#next(),
      // The slot plays something else since; what that is will be told, or it is tried again.
      fail: () => {
        this.#rest(wanted);
        this.#next();
      },
    });
  }

  #swapPlan(slot: number, wanted: string): Outcome {
    const { context } = this.#options;
    const loop = context.loops[slot];
    const playing = this.#sounding[slot];
    if (!loop || playing === wanted || this.#wanted(slot) !== wanted) return done;
    if (!playing) {
      // It would be called off by that; what comes of it is the slot's loop, or this is tried again.
      const isRecording = context.state.slots[slot]?.pending?.kind === 'capture';
      if (isRecording) return refuse(ERRORS.ERR_SLOT_CHANGED.code);
      return steps(...playSteps(context, slot, loop, wanted));
    }
    return steps({
      record: swapRecord(context, slot, loop, wanted, playing),
      applied: () => {
        this.#sounding[slot] = wanted;
      },
    });
  }

  #onFailure(slot: number, wanted: string, code: number): void {
    const { notice } = this.#options;
    const { code: missing } = ERRORS.ERR_STRETCHER_MISSING;
    if (code === missing && this.#canStretch) {
      this.#canStretch = false;
      notice(missing);
    } else if (this.#rest(wanted) === TRIES_MAX) {
      this.#tellLost(slot, wanted);
    }
    this.#next();
  }

  /** Not again before a second has passed, and not for ever; returns how often it failed. */
  #rest(wanted: string): number {
    const count = (this.#failures.get(wanted) ?? 0) + 1;
    this.#failures.set(wanted, count);
    this.#resting.add(wanted);
    if (count < TRIES_MAX) {
      this.#options.later(RETRY_MS, () => {
        this.#resting.delete(wanted);
        this.#work();
      });
    }
    return count;
  }
}
