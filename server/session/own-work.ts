/** What the session does without being asked: at its start, at its end, and after a crash. */
import { ERRORS } from '../../protocol/errors.ts';
import type { Alerts } from './state/alerts.ts';
import type { SessionContext } from './context.ts';
import type { CoreEvent } from './core/port.ts';
import type { Dispatcher } from './commands/dispatcher.ts';
import { keepHeard } from './handlers/capture.ts';
import { cancelStep } from './handlers/clear.ts';
import { recordingSlots } from './handlers/slots.ts';
import { idOfWords } from './core/ids.ts';
import { done, type Outcome, steps } from './commands/plan.ts';
import { restoreHead, restoreMixer } from './restore.ts';
import { restoreCapture } from './restore-capture.ts';

export interface OwnWorkOptions {
  readonly context: SessionContext;
  readonly dispatcher: Dispatcher;
  readonly alerts: Alerts;
  /** Of captures that are found again: the session in which they were pressed, where that is known. */
  readonly pressedIn: ReadonlyMap<string, string>;
  /** What was to come back at the start did not, for this reason. */
  onUnrestored(code: number): void;
}

/** At the start the loops are worth waiting for; a slot whose take is later stays empty and says so. */
const RESTORE_MS_MAX = 10_000;

const AT_ONCE = {
  inLane: false,
  atFrame: 0,
  isFarAhead: false,
  loadMsMax: RESTORE_MS_MAX,
  isPartial: true,
  first: [],
} as const;

export class OwnWork {
  readonly #options: OwnWorkOptions;
  /** Captures that an engine was making when it died, the oldest first, until they are restored. */
  readonly #recovered = new Map<string, CoreEvent>();
  /** Those of them whose sound is on disk. */
  readonly #ready = new Set<string>();

  constructor(options: OwnWorkOptions) {
    this.#options = options;
  }

  restore(over: () => void): void {
    const { context } = this.#options;
    for (const group of restoreMixer(context)) this.#restoring(() => group);
    this.#restoring(() => restoreHead(context), over);
  }

  /** No capture of an engine before this one waits to be restored. */
  get isOver(): boolean {
    return this.#recovered.size === 0;
  }

  onRecovered(event: CoreEvent): void {
    this.#recovered.set(idOfWords(event.id), event);
  }

  /** A capture that was still recording when its engine died: what it heard stays. */
  onCutOff(event: CoreEvent): void {
    const { alerts, context } = this.#options;
    if (keepHeard(context, event, event.sourceIndex)) alerts.notice(ERRORS.ERR_CAPTURE_CUT.code);
  }

  /** The sound of this take is on disk; false when it is none that was recovered. */
  recover(takeId: string): boolean {
    if (!this.#recovered.has(takeId)) return false;
    this.#ready.add(takeId);
    this.#restoreReady();
    return true;
  }

  /** The sound of this take will never be on disk: those after it wait no longer. */
  lose(takeId: string): void {
    if (this.#recovered.delete(takeId)) this.#restoreReady();
  }

  /** Those of one slot in the order of their presses: the later one is what it plays, or joins it. */
  #restoreReady(): void {
    const waiting = new Set<number>();
    for (const [takeId, event] of this.#recovered) {
      if (waiting.has(event.slot)) continue;
      if (this.#ready.delete(takeId)) {
        this.#recovered.delete(takeId);
        const { alerts, context, pressedIn } = this.#options;
        const notice = (code: number) => alerts.notice(code);
        this.#restoring(() =>
          restoreCapture(context, event, { notice, sessionId: pressedIn.get(takeId) }),
        );
      } else {
        waiting.add(event.slot);
      }
    }
  }

  endRecordings(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#options.dispatcher.run({
      ...AT_ONCE,
      plan: () => {
        const recording = recordingSlots(this.#options.context);
        return recording.length === 0 ? done : steps(...recording.map(cancelStep));
      },
      ok: () => resolve(),
      fail: () => resolve(),
    });
    return promise;
  }

  #restoring(plan: () => Outcome, over: () => void = () => undefined): void {
    this.#options.dispatcher.run({
      ...AT_ONCE,
      inLane: true,
      plan,
      ok: over,
      fail: (code) => {
        this.#options.alerts.burst(code);
        this.#options.onUnrestored(code);
        over();
      },
    });
  }
}
