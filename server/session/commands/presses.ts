/**
 * Presses that wait for their turn: the core is told of each at once.
 *
 * It says which frame the hand meant, which no later time tells as well, and keeps a capture where an
 * engine after a crash finds it.
 */
import { COMMAND_FLAGS, COMMAND_KIND } from '../../../protocol/abi.ts';
import { wordsOfId } from '../core/ids.ts';
import type { Record, Step } from './plan.ts';

export interface NotedPress {
  /** Engine time of the hand. */
  readonly atMs: number;
  /** As the core says; 0 = it has not answered yet. */
  readonly frame: number;
  /** The take that is to come of it. */
  readonly takeId: string;
}

export interface PressesOptions {
  /** To the core at once, beside what has its turn. */
  send(step: Step): void;
  newId(): string;
  nowMs(): number;
}

/** What of a command says when its hand moved. */
interface Pressed {
  readonly at?: number;
}

export class Presses {
  readonly #options: PressesOptions;
  readonly #noted = new WeakMap<Pressed, NotedPress>();

  constructor(options: PressesOptions) {
    this.#options = options;
  }

  of(command: Pressed): NotedPress | undefined {
    return this.#noted.get(command);
  }

  /** A capture; `record` says what of, and where to. Twice is once. */
  note(command: Pressed, record: Pick<Record, 'slot' | 'flags' | 'a' | 'b'>): void {
    if (this.#noted.has(command)) return;
    const takeId = this.#options.newId();
    const flags = (record.flags ?? 0) | COMMAND_FLAGS.note;
    const id = wordsOfId(takeId);
    this.#tell(command, { ...record, kind: COMMAND_KIND.capture, flags, id }, takeId);
  }

  /** A press that captures nothing. */
  mark(command: Pressed): void {
    if (!this.#noted.has(command)) this.#tell(command, { kind: COMMAND_KIND.mark }, '');
  }

  /** Nothing came of it; nobody finds it after a crash. */
  drop(command: Pressed): void {
    const { takeId } = this.#noted.get(command) ?? { takeId: '' };
    this.#noted.delete(command);
    if (takeId === '') return;
    this.#options.send({ record: { kind: COMMAND_KIND.slotCancel, id: wordsOfId(takeId) } });
  }

  /** Its capture is made: what becomes of it is known to the core. */
  taken(command: Pressed): void {
    this.#noted.delete(command);
  }

  #tell(command: Pressed, record: Record, takeId: string): void {
    const atMs = command.at ?? this.#options.nowMs();
    this.#noted.set(command, { atMs, frame: 0, takeId });
    this.#options.send({
      record: { ...record, atMs },
      applied: ({ value2 }) => {
        const press = this.#noted.get(command);
        if (press) this.#noted.set(command, { ...press, frame: value2 });
      },
    });
  }
}
