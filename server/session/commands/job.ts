/** A command on its way through the dispatcher. */
import type { Outcome, Record, Step, Steps } from './plan.ts';

/** A plan to be made in its turn, and who is told how it ended. */
export interface Job {
  readonly inLane: boolean;
  /** Engine frame at which its records take effect; 0 = at the next block. */
  readonly atFrame: number;
  /** That frame is so far off that others have their turn before it. */
  readonly isFarAhead: boolean;
  readonly first: readonly Record[];
  /** For so long it waits for takes to be read; then it is refused, or does with what is there. */
  readonly loadMsMax: number;
  readonly isPartial: boolean;
  /** Called when it comes while another has its turn. */
  waits?(): void;
  plan(): Outcome;
  ok(result: unknown): void;
  fail(code: number): void;
}

/** A job whose records were sent. */
export interface Running {
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

/** A record whose end event is still to come; of nobody's when it was sent beside a plan. */
export interface Pending {
  readonly running: Running | null;
  readonly step: Step;
  /** Waits for a bar line. */
  isScheduled: boolean;
}
