/** Takes commands in and answers them: doors of meaning, one answer each, after its patch. */
import { ERRORS, errorByCode } from '../../../protocol/errors.ts';
import type { ToEngine, ToGateway } from '../../../protocol/link.ts';
import { Answers } from './answers.ts';
import type { SessionContext } from '../context.ts';
import type { Dispatcher } from './dispatcher.ts';
import { doorCode, isFarAhead } from './doors.ts';
import { handlerOf } from '../handlers/index.ts';
import type { StateStore } from '../state/state-store.ts';

export interface CommandDeskOptions {
  readonly context: SessionContext;
  readonly dispatcher: Dispatcher;
  readonly store: StateStore;
  emit(message: ToGateway): void;
}

/** A take that is not in memory by then is refused: no disk holds up what comes after. */
const LOAD_MS_MAX = 1000;

export class CommandDesk {
  readonly #options: CommandDeskOptions;
  readonly #answers: Answers;

  constructor(options: CommandDeskOptions) {
    this.#options = options;
    this.#answers = new Answers((clientId, message) =>
      options.emit({ t: 'answer', clientId, message }),
    );
  }

  onCommand({ clientId, loopback, command }: Extract<ToEngine, { t: 'command' }>): void {
    const { reqId } = command;
    if (reqId !== undefined && !this.#answers.begin(clientId, reqId)) return;
    const fail = (code: number) => this.#fail(clientId, reqId, code);
    const handler = handlerOf(command);
    const { context, dispatcher } = this.#options;
    const now = { ms: context.nowMs(), frame: context.grid().frame, rateHz: context.rateHz };
    const code = handler ? doorCode(command, loopback, now) : ERRORS.ERR_UNKNOWN_COMMAND.code;
    if (!handler || code !== 0) {
      fail(code);
      return;
    }
    let asked = command;
    dispatcher.run({
      inLane: handler.inLane,
      atFrame: command.atFrame ?? 0,
      isFarAhead: isFarAhead(command, now),
      loadMsMax: LOAD_MS_MAX,
      isPartial: false,
      first: handler.first?.(command) ?? [],
      // It means the moment it came, however long it waits.
      waits: () => {
        asked = { at: now.ms, ...command };
        handler.waits?.(asked, context);
      },
      plan: () => handler.plan(asked, context, clientId),
      ok: (result) => this.#ok(clientId, reqId, result),
      fail: (refusal) => {
        context.presses.drop(asked);
        fail(refusal);
      },
    });
  }

  /** After the patch that contains the effect. */
  #ok(clientId: string, reqId: string | undefined, result: unknown): void {
    if (reqId === undefined) return;
    this.#options.store.whenSent((revId) =>
      this.#answers.end(clientId, {
        type: 'OK',
        reqId,
        revId,
        ...(result !== undefined && { result }),
      }),
    );
  }

  #fail(clientId: string, reqId: string | undefined, code: number): void {
    const { emit, store } = this.#options;
    const msg = errorByCode(code)?.row.says ?? 'The engine refused it.';
    if (reqId === undefined) {
      emit({ t: 'answer', clientId, message: { type: 'ERROR', code, msg } });
    } else {
      store.whenSent(() => this.#answers.end(clientId, { type: 'ERROR', code, msg, reqId }));
    }
  }
}
