/**
 * Commands on their way: from the plan over the core's records to the answer.
 *
 * Every record has a token; the core answers each with exactly one end event. An answer goes out when
 * all records of its command took effect, were scheduled, or one was refused. What throws on the way
 * is such a refusal: every command is answered, and the next one has its turn.
 */
import { COMMAND_KIND, EVENT_KIND } from '../../protocol/abi.ts';
import { ERRORS } from '../../protocol/errors.ts';
import { LIMITS } from '../../protocol/limits.ts';
import { MIXER_KINDS, touchKey } from './context.ts';
import type { CoreCommand, CoreEvent, CorePort } from './core-port.ts';
import type { Job, Pending, Running } from './job.ts';
import { Lane } from './lane.ts';
import { type Outcome, type Record, refuse, type Step, type Steps } from './plan.ts';
import type { TakeLoader } from './take-loader.ts';

const NOTHING = [0, 0, 0, 0] as const;
const BLANK = { slot: 0, flags: 0, atMs: 0, a: 0, b: 0, c: 0, d: 0, id: NOTHING, other: NOTHING };

export class Dispatcher {
  readonly #core: CorePort;
  readonly #loader: TakeLoader;
  readonly #onError: (error: unknown) => void;
  readonly #lane = new Lane();
  readonly #pending = new Map<number, Pending>();
  readonly #busySlots = new Map<number, number>();
  #makingCount = 0;
  #nextToken = 1;
  readonly touched = new Set<string>();

  /** @param onError Hears of what a plan, a step or an answer threw. */
  constructor(core: CorePort, loader: TakeLoader, onError: (error: unknown) => void) {
    this.#core = core;
    this.#loader = loader;
    this.#onError = onError;
  }

  isBusy(slot: number): boolean {
    return (this.#busySlots.get(slot) ?? 0) > 0;
  }

  /** What a command needs is being made out of other loops. */
  get isMaking(): boolean {
    return this.#makingCount > 0;
  }

  run(job: Job): void {
    const first = job.first.map((record) => ({ record }));
    if (first.length > 0) this.#send(null, 0, first);
    if (!job.inLane) {
      this.#begin(job, () => undefined);
      return;
    }
    let hasTurn = false;
    this.#lane.enter((release) => {
      hasTurn = true;
      this.touched.clear();
      this.#begin(job, release);
    });
    if (!hasTurn) this.#guarded(() => job.waits?.());
  }

  /** The last frame that something which was asked for waits for; 0 = nothing waits. */
  get scheduledFrame(): number {
    let last = 0;
    for (const { running } of this.#pending.values()) {
      last = Math.max(last, running?.plan.atFrame ?? 0);
    }
    return last;
  }

  /** Sent at once and answered to nobody. */
  aside(step: Step): void {
    this.#send(null, 0, [step]);
  }

  /** True when the event belongs to a command of this engine's life. */
  onEvent(event: CoreEvent): boolean {
    const pending = this.#pending.get(event.token);
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
      case 'later':
        void outcome.outcome
          .catch((error: unknown) => this.#refused(error))
          .then((next) => this.#carryOut(job, next, release));
        return;
      case 'steps':
        this.#start(job, outcome, release);
    }
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
    const code = this.#sendAll(running, plan.atFrame ?? job.atFrame, plan.steps);
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
        for (const pending of this.#pending.values()) {
          if (pending.running === running) this.#wait(pending);
        }
      },
    };
    this.#send(null, 0, [step]);
  }

  /** What one group cannot hold goes ahead, at once; a refusal of the last alone is waited out. */
  #sendAll(running: Running, atFrame: number, steps: readonly Step[]): number {
    const ahead = steps.slice(0, Math.max(0, steps.length - LIMITS.groupCountMax));
    const aheadCode = ahead.length === 0 ? 0 : this.#send(running, 0, ahead);
    if (aheadCode !== 0) return aheadCode;
    const code = this.#send(running, atFrame, steps.slice(ahead.length));
    if (code === 0 || ahead.length === 0) return code;
    running.code = code;
    running.open = ahead.length;
    return 0;
  }

  /** All or none; returns the error code. */
  #send(running: Running | null, atFrame: number, steps: readonly Step[]): number {
    const commands = steps.map(({ record }) => this.#commandOf(record, atFrame));
    const code = this.#core.send(commands);
    if (code !== 0) return code;
    for (const [index, command] of commands.entries()) {
      const step = steps[index];
      if (!step) continue;
      this.#pending.set(command.token, { running, step, isScheduled: false });
      this.#count(command, 1);
      if (MIXER_KINDS.has(command.kind)) this.touched.add(touchKey(command.slot, command.kind));
    }
    return 0;
  }

  #commandOf(record: Record, atFrame: number): CoreCommand {
    const token = this.#nextToken;
    // 0 means "no command"; a wrap after 2^32 commands skips it.
    this.#nextToken = token === 0xff_ff_ff_ff ? 1 : token + 1;
    return { ...BLANK, ...record, atFrame, token };
  }

  #count(record: Record, by: number): void {
    const slot = record.slot ?? 0;
    this.#busySlots.set(slot, (this.#busySlots.get(slot) ?? 0) + by);
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
    this.#pending.delete(event.token);
    this.#count(pending.step.record, -1);
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
