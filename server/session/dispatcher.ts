/**
 * Commands on their way: from the plan over the core's records to the answer.
 *
 * Every record has a token; the core answers each with exactly one end event. An answer goes out when
 * all records of its command took effect, were scheduled, or one was refused.
 */
import { COMMAND_KIND, EVENT_KIND } from '../../protocol/abi.ts';
import { ERRORS } from '../../protocol/errors.ts';
import { touchKey } from './context.ts';
import type { CoreCommand, CoreEvent, CorePort } from './core-port.ts';
import { Lane } from './lane.ts';
import type { Outcome, Record, Step, Steps } from './plan.ts';
import type { TakeLoader } from './take-loader.ts';

/** A plan to be made in its turn, and who is told how it ended. */
export interface Job {
  readonly inLane: boolean;
  /** Engine frame at which its records take effect; 0 = at the next block. */
  readonly atFrame: number;
  readonly first: readonly Record[];
  /** For so long it waits for takes to be read; then it is refused, or does with what is there. */
  readonly loadMsMax: number;
  readonly isPartial: boolean;
  plan(): Outcome;
  ok(result: unknown): void;
  fail(code: number): void;
}

interface Running {
  readonly job: Job;
  readonly plan: Steps;
  readonly release: () => void;
  /** Records without an end event. */
  open: number;
  /** Of these, how many wait for a bar line. */
  scheduled: number;
  code: number;
  result: unknown;
  isAnswered: boolean;
}

interface Pending {
  readonly running: Running | null;
  readonly step: Step;
  /** Waits for a bar line. */
  isScheduled: boolean;
}

const MIXER_KINDS = new Set<number>([
  COMMAND_KIND.slotGain,
  COMMAND_KIND.slotPan,
  COMMAND_KIND.slotMute,
  COMMAND_KIND.slotSolo,
]);

const NOTHING = [0, 0, 0, 0] as const;

export class Dispatcher {
  readonly #core: CorePort;
  readonly #loader: TakeLoader;
  readonly #lane = new Lane();
  readonly #pending = new Map<number, Pending>();
  readonly #busySlots = new Map<number, number>();
  #nextToken = 1;
  readonly touched = new Set<string>();

  constructor(core: CorePort, loader: TakeLoader) {
    this.#core = core;
    this.#loader = loader;
  }

  isBusy(slot: number): boolean {
    return (this.#busySlots.get(slot) ?? 0) > 0;
  }

  run(job: Job): void {
    const first = job.first.map((record) => ({ record }));
    if (first.length > 0) this.#send(null, 0, first);
    if (!job.inLane) {
      this.#carryOut(job, job.plan(), () => undefined);
      return;
    }
    this.#lane.enter((release) => {
      this.touched.clear();
      this.#carryOut(job, job.plan(), release);
    });
  }

  /** True when the event belongs to a command of this engine's life. */
  onEvent(event: CoreEvent): boolean {
    const pending = this.#pending.get(event.token);
    if (!pending) return false;
    switch (event.kind) {
      case EVENT_KIND.applied:
        this.#end(event, pending, event.code === 0 ? pending.step.applied : undefined);
        return true;
      case EVENT_KIND.cancelled:
        this.#end(event, pending, pending.step.cancelled);
        return true;
      case EVENT_KIND.captured:
        this.#end(event, pending, pending.step.captured);
        return true;
      case EVENT_KIND.recording:
        this.#keepResult(pending, pending.step.recording?.(event));
        this.#wait(pending);
        return true;
      case EVENT_KIND.scheduled:
        pending.step.scheduled?.(event);
        this.#wait(pending);
        return true;
      default:
        return false;
    }
  }

  #carryOut(job: Job, outcome: Outcome, release: () => void): void {
    switch (outcome.kind) {
      case 'refuse':
        job.fail(outcome.code);
        release();
        return;
      case 'done':
        job.ok(outcome.result);
        release();
        return;
      case 'load':
        this.#load(job, outcome, release);
        return;
      case 'steps':
        this.#start(job, outcome, release);
    }
  }

  #load(job: Job, outcome: Extract<Outcome, { kind: 'load' }>, release: () => void): void {
    const open = new Set(outcome.takeIds);
    const failed = new Set<string>();
    let isOver = false;
    const proceed = () => {
      isOver = true;
      clearTimeout(timer);
      this.#carryOut(job, outcome.next(failed), release);
    };
    const timer = setTimeout(() => {
      isOver = true;
      for (const id of open) failed.add(id);
      if (job.isPartial) {
        proceed();
        return;
      }
      job.fail(ERRORS.ERR_TAKE_NOT_LOADED.code);
      release();
    }, job.loadMsMax);
    for (const id of open) {
      this.#loader.load(id, (isLoaded) => {
        open.delete(id);
        if (!isLoaded) failed.add(id);
        if (open.size === 0 && !isOver) proceed();
      });
    }
    if (open.size === 0 && !isOver) proceed();
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
    const code = this.#send(running, plan.atFrame ?? job.atFrame, plan.steps);
    if (code !== 0) {
      job.fail(code);
      release();
    } else if (plan.atFrame !== undefined) {
      this.#announce(running);
    }
  }

  /** The core says nothing of a group that waits for a frame; a mark gives the waiting its event. */
  #announce(running: Running): void {
    const step: Step = {
      record: { kind: COMMAND_KIND.mark },
      applied: () => {
        if (running.open === 0) return;
        running.plan.announced?.();
        for (const pending of this.#pending.values()) {
          if (pending.running === running) this.#wait(pending);
        }
      },
    };
    this.#send(null, 0, [step]);
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
    return { slot: 0, flags: 0, a: 0, b: 0, c: 0, id: NOTHING, ...record, atFrame, token };
  }

  #count(record: Record, by: number): void {
    const slot = record.slot ?? 0;
    this.#busySlots.set(slot, (this.#busySlots.get(slot) ?? 0) + by);
  }

  #keepResult({ running }: Pending, result: unknown): void {
    if (running && result !== undefined) running.result = result;
  }

  #end(event: CoreEvent, pending: Pending, act: ((event: CoreEvent) => unknown) | undefined): void {
    this.#pending.delete(event.token);
    this.#count(pending.step.record, -1);
    this.#keepResult(pending, act?.(event));
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
    if (running.isAnswered || running.open > running.scheduled) return;
    running.isAnswered = true;
    if (running.code === 0) running.job.ok(running.result);
    else running.job.fail(running.code);
    running.release();
  }

  #finish(running: Running): void {
    if (running.code === 0) {
      const result = running.plan.finish?.();
      if (result !== undefined) running.result = result;
      if (!running.isAnswered && running.plan.isUnfinished?.()) {
        this.#carryOut(running.job, running.job.plan(), running.release);
        return;
      }
    }
    if (running.isAnswered) return;
    running.isAnswered = true;
    if (running.code === 0) running.job.ok(running.result);
    else running.job.fail(running.code);
    running.release();
  }
}
