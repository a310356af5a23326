/**
 * Commands on their way: from the plan over the core's records to the answer.
 *
 * An answer goes out when all records of its command (`sent-records.ts`) took effect, were scheduled,
 * or one was refused. What throws on the way is such a refusal: every command is answered, and the next
 * one has its turn.
 */
import { COMMAND_KIND, EVENT_KIND } from '../../../protocol/abi.ts';
import { ERRORS } from '../../../protocol/errors.ts';
import type { CoreEvent, CorePort } from '../core/port.ts';
import type { Job, Pending, Running } from './job.ts';
import { Lane } from './lane.ts';
import { type Outcome, refuse, type Step, type Steps } from './plan.ts';
import { SentRecords } from './sent-records.ts';
import type { TakeLoader } from '../sounds/take-loader.ts';

export class Dispatcher {
  readonly #records: SentRecords;
  readonly #loader: TakeLoader;
  readonly #onError: (error: unknown) => void;
  readonly #lane = new Lane();
  #makingCount = 0;

  /** @param onError Hears of what a plan, a step or an answer threw. */
  constructor(core: CorePort, loader: TakeLoader, onError: (error: unknown) => void) {
    this.#records = new SentRecords(core);
    this.#loader = loader;
    this.#onError = onError;
  }

  isBusy(slot: number): boolean {
    return this.#records.isBusy(slot);
  }

  /** What a command needs is being made out of other loops. */
  get isMaking(): boolean {
    return this.#makingCount > 0;
  }

  run(job: Job): void {
    const first = job.first.map((record) => ({ record }));
    if (first.length > 0) this.#records.send(null, 0, first);
    if (!job.inLane) {
      this.#begin(job, () => undefined);
      return;
    }
    let hasTurn = false;
    this.#lane.enter((release) => {
      hasTurn = true;
      this.#records.touched.clear();
      this.#begin(job, release);
    });
    if (!hasTurn) this.#guarded(() => job.waits?.());
  }

  /** What of the mixer was asked for since the command whose turn it is. */
  get touched(): ReadonlySet<string> {
    return this.#records.touched;
  }

  /** The last frame that something which was asked for waits for; 0 = nothing waits. */
  get scheduledFrame(): number {
    return this.#records.scheduledFrame;
  }

  /** Sent at once and answered to nobody. */
  aside(step: Step): void {
    this.#records.send(null, 0, [step]);
  }

  /** True when the event belongs to a command of this engine's life. */
  onEvent(event: CoreEvent): boolean {
    const pending = this.#records.get(event.token);
    if (!pending) return false;
    switch (event.kind) {
      case EVENT_KIND.applied:
      case EVENT_KIND.calibrated:
        this.#end(event, pending, event.code === 0 ? pending.step.applied : undefined);
        return true;
      case EVENT_KIND.cancelled:
        this.#end(event, pending, pending.step.cancelled);
        return true;
      case EVENT_KIND.captured:
        this.#end(event, pending, pending.step.captured);
        return true;
      case EVENT_KIND.recording:
        this.#act(pending, event, pending.step.recording);
        this.#wait(pending);
        return true;
      case EVENT_KIND.scheduled:
        this.#act(pending, event, pending.step.scheduled);
        this.#wait(pending);
        return true;
      default:
        return false;
    }
  }

  #begin(job: Job, release: () => void): void {
    const outcome = this.#planned(() => job.plan());
    this.#carryOut(job, outcome, release);
  }

  #carryOut(job: Job, outcome: Outcome, release: () => void): void {
    switch (outcome.kind) {
      case 'refuse':
        this.#answer(job, outcome.code, undefined, release);
        return;
      case 'done':
        this.#answer(job, 0, outcome.result, release);
        return;
      case 'load':
        this.#load(job, outcome, release);
        return;
      case 'turn':
        this.#takeTurn(job, outcome, release);
        return;
      case 'later':
        if (outcome.isAside) release();
        void outcome.outcome
          .catch((error: unknown) => this.#refused(error))
          .then((next) => this.#carryOut(job, next, release));
        return;
      case 'steps':
        this.#start(job, outcome, release);
    }
  }

  /** Of what had none until now. */
  #takeTurn(job: Job, { next }: Extract<Outcome, { kind: 'turn' }>, release: () => void): void {
    this.#lane.enter((leave) => {
      this.#records.touched.clear();
      this.#carryOut(job, this.#planned(next), () => {
        leave();
        release();
      });
    });
  }

  #load(job: Job, outcome: Extract<Outcome, { kind: 'load' }>, release: () => void): void {
    const making = outcome.msMax === undefined ? 0 : 1;
    this.#makingCount += making;
    this.#loader.loadAll(outcome.takeIds, outcome.msMax ?? job.loadMsMax, (failed, late) => {
      this.#makingCount -= making;
      if (late.size > 0 && !job.isPartial) {
        if (outcome.tooLate) this.#loader.follow(late, outcome.tooLate);
        this.#answer(job, ERRORS.ERR_TAKE_NOT_LOADED.code, undefined, release);
        return;
      }
      const next = this.#planned(() => outcome.next(failed, late));
      this.#carryOut(job, next, release);
    });
  }

  #start(job: Job, plan: Steps, release: () => void): void {
    const running: Running = {
      job,
      plan,
      release,
      open: plan.steps.length,
      scheduled: 0,
      code: 0,
      result: undefined,
      isAnswered: false,
    };
    const code = this.#records.sendAll(running, plan.atFrame ?? job.atFrame, plan.steps);
    if (code !== 0) {
      this.#guarded(() => plan.refused?.());
      this.#answer(job, code, undefined, release);
    } else if (plan.atFrame !== undefined && !plan.isQuiet) {
      this.#announce(running);
    } else if (job.isFarAhead) {
      release();
    }
  }

  /** The core says nothing of a group that waits for a frame; a mark gives the waiting its event. */
  #announce(running: Running): void {
    const step: Step = {
      record: { kind: COMMAND_KIND.mark },
      applied: () => {
        if (running.open === 0) return;
        this.#guarded(() => running.plan.announced?.());
        for (const pending of this.#records.of(running)) this.#wait(pending);
      },
    };
    this.#records.send(null, 0, [step]);
  }

  #planned(plan: () => Outcome): Outcome {
    try {
      return plan();
    } catch (error) {
      return this.#refused(error);
    }
  }

  #refused(error: unknown): Outcome {
    this.#onError(error);
    return refuse(ERRORS.ERR_BUSY.code);
  }

  /** False when it threw. */
  #guarded(act: () => void): boolean {
    try {
      act();
      return true;
    } catch (error) {
      this.#onError(error);
      return false;
    }
  }

  /** What the event means: its result is kept, and what it throws makes the command a refused one. */
  #act({ running }: Pending, event: CoreEvent, act: Step['applied']): void {
    let result: unknown;
    const isDone = this.#guarded(() => (result = act?.(event)));
    if (!running) return;
    if (!isDone) running.code = ERRORS.ERR_BUSY.code;
    if (result !== undefined) running.result = result;
  }

  #end(event: CoreEvent, pending: Pending, act: Step['applied']): void {
    this.#records.remove(event.token, pending);
    this.#act(pending, event, act);
    const { running } = pending;
    if (!running) return;
    if (pending.isScheduled) running.scheduled -= 1;
    if (event.code !== 0) running.code = event.code;
    running.open -= 1;
    if (running.open === 0) this.#finish(running);
    else this.#answerIfWaiting(running);
  }

  #wait(pending: Pending): void {
    const { running, isScheduled } = pending;
    if (!running || isScheduled) return;
    pending.isScheduled = true;
    running.scheduled += 1;
    this.#answerIfWaiting(running);
  }

  /** Everything that is left waits for a line: that is an answer, and the next may come. */
  #answerIfWaiting(running: Running): void {
    if (running.open <= running.scheduled) this.#answerOnce(running);
  }

  #finish(running: Running): void {
    const { job, plan, release } = running;
    let isUnfinished = false;
    const mean = () => {
      const result = plan.finish?.();
      if (result !== undefined) running.result = result;
      isUnfinished = !running.isAnswered && plan.isUnfinished?.() === true;
    };
    if (running.code !== 0) this.#guarded(() => plan.torn?.());
    else if (!this.#guarded(mean)) running.code = ERRORS.ERR_BUSY.code;
    if (isUnfinished) this.#begin(job, release);
    else this.#answerOnce(running);
  }

  #answerOnce(running: Running): void {
    if (running.isAnswered) return;
    running.isAnswered = true;
    this.#answer(running.job, running.code, running.result, running.release);
  }

  #answer(job: Job, code: number, result: unknown, release: () => void): void {
    this.#guarded(() => (code === 0 ? job.ok(result) : job.fail(code)));
    release();
  }
}
