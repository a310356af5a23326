/** What a handler wants to happen: the core's records, and what each means once it took effect. */
import type { CommandOf, SessionCommandName } from '../../../protocol/commands.ts';
import type { CoreCommand, CoreEvent } from '../core/port.ts';
import type { SessionContext } from '../context.ts';

export type Record = Pick<CoreCommand, 'kind'> &
  Partial<Pick<CoreCommand, 'slot' | 'flags' | 'atMs' | 'a' | 'b' | 'c' | 'd' | 'id' | 'other'>>;

/**
 * Each is called when the core's event of that name comes; state changes nowhere else. What is
 * returned and not undefined is the answer's result.
 */
export interface Step {
  readonly record: Record;
  applied?(event: CoreEvent): unknown;
  scheduled?(event: CoreEvent): void;
  recording?(event: CoreEvent): unknown;
  captured?(event: CoreEvent): unknown;
  cancelled?(event: CoreEvent): void;
}

/** One group: all of it takes effect at one frame. */
export interface Steps {
  readonly kind: 'steps';
  readonly steps: readonly Step[];
  /** Wait for this frame; `announced` is called when the waiting has begun. */
  readonly atFrame?: number;
  announced?(): void;
  /** Wait for `atFrame` as for anything: neither announced nor answered before. */
  readonly isQuiet?: boolean;
  /** Some steps were applied and another was refused. */
  torn?(): void;
  /** The core took none of them. */
  refused?(): void;
  /** When all steps were applied: history, and the answer's result. */
  finish?(): unknown;
  /** Asked after `finish`: true = what was meant is still to do; the command is planned again. */
  isUnfinished?(): boolean;
}

export type Outcome =
  | { readonly kind: 'refuse'; readonly code: number }
  | { readonly kind: 'done'; readonly result?: unknown }
  | {
      readonly kind: 'load';
      readonly takeIds: readonly string[];
      /** For so long it waits for them; as any command when left out. */
      readonly msMax?: number;
      /**
       * @param failed What is not there, and the code why.
       * @param late Of these: what may still come.
       */
      next(failed: ReadonlyMap<string, number>, late: ReadonlySet<string>): Outcome;
      /** Instead of `next`, of each that was waited for too long: it has come after all, or will not. */
      tooLate?(takeId: string, isLoaded: boolean): void;
    }
  /** Goes on when it has its turn among what changes slots and the head. */
  | { readonly kind: 'turn'; next(): Outcome }
  /**
   * Something is asked first that takes time; a promise that fails is a refusal. Aside: others have
   * their turn meanwhile, and what comes of it takes a turn of its own.
   */
  | { readonly kind: 'later'; readonly outcome: Promise<Outcome>; readonly isAside?: boolean }
  | Steps;

/** What is made of other loops may be as long in the making, and those who come after it wait too. */
export const MAKING_MS_MAX = 20_000;

export const refuse = (code: number): Outcome => ({ kind: 'refuse', code });
export const done: Outcome = { kind: 'done' };
export const steps = (...list: Step[]): Steps => ({ kind: 'steps', steps: list });

export interface Handler<Name extends SessionCommandName> {
  /** True when it reads or changes slot content or the head: then it waits for its turn. */
  readonly inLane: boolean;
  /** Sent before it waits for its turn. */
  first?(command: CommandOf<Name>): Record[];
  /** Called when it comes while another has its turn. */
  waits?(command: CommandOf<Name>, context: SessionContext): void;
  /** @param clientId Who sent it. */
  plan(command: CommandOf<Name>, context: SessionContext, clientId: string): Outcome;
}
