/**
 * Records on their way to the core and back: each has a token, which the core answers with one end event.
 */
import { LIMITS } from '../../../protocol/limits.ts';
import { MIXER_KINDS, touchKey } from '../context.ts';
import type { CoreCommand, CorePort } from '../core/port.ts';
import type { Pending, Running } from './job.ts';
import type { Record, Step } from './plan.ts';

const NOTHING = [0, 0, 0, 0] as const;
const BLANK = { slot: 0, flags: 0, atMs: 0, a: 0, b: 0, c: 0, d: 0, id: NOTHING, other: NOTHING };

export class SentRecords {
  readonly #core: Pick<CorePort, 'send'>;
  readonly #pending = new Map<number, Pending>();
  readonly #busySlots = new Map<number, number>();
  #nextToken = 1;
  /** What of the mixer was asked for since it was cleared. */
  readonly touched = new Set<string>();

  constructor(core: Pick<CorePort, 'send'>) {
    this.#core = core;
  }

  isBusy(slot: number): boolean {
    return (this.#busySlots.get(slot) ?? 0) > 0;
  }

  /** The last frame that something which was asked for waits for; 0 = nothing waits. */
  get scheduledFrame(): number {
    let last = 0;
    for (const { running } of this.#pending.values()) {
      last = Math.max(last, running?.plan.atFrame ?? 0);
    }
    return last;
  }

  get(token: number): Pending | undefined {
    return this.#pending.get(token);
  }

  of(running: Running): Pending[] {
    return [...this.#pending.values()].filter((pending) => pending.running === running);
  }

  /** Its end event has come. */
  remove(token: number, { step }: Pending): void {
    this.#pending.delete(token);
    this.#count(step.record, -1);
  }

  /** All or none; returns the error code. */
  send(running: Running | null, atFrame: number, steps: readonly Step[]): number {
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

  /** What one group cannot hold goes ahead, at once; a refusal of the last alone is waited out. */
  sendAll(running: Running, atFrame: number, steps: readonly Step[]): number {
    const ahead = steps.slice(0, Math.max(0, steps.length - LIMITS.groupCountMax));
    const aheadCode = ahead.length === 0 ? 0 : this.send(running, 0, ahead);
    if (aheadCode !== 0) return aheadCode;
    const code = this.send(running, atFrame, steps.slice(ahead.length));
    if (code === 0 || ahead.length === 0) return code;
    running.code = code;
    running.open = ahead.length;
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
}
