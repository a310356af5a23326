/**
 * Commands that want an answer: numbered by client id and counter, settled by OK or ERROR.
 *
 * Nothing is sent twice. When the line is down or goes down, what waits fails at once.
 */
import type { PairCommand, SessionCommand } from '../../protocol/commands.ts';
import type { Message, MessageOf } from '../../protocol/messages.ts';

export type AskedCommand = SessionCommand | PairCommand;

/** A command as the page writes it, without number and time. */
export type Wish = AskedCommand extends infer C
  ? C extends AskedCommand
    ? Omit<C, 'reqId' | 'at' | 'atFrame'>
    : never
  : never;

export class Refusal extends Error {
  readonly code: number | undefined;
  constructor(code: number | undefined, message: string) {
    super(message);
    this.code = code;
  }
}

export interface Requests {
  /** Sends and waits; rejects with a `Refusal`, without code when the line was down. */
  ask(wish: Wish, at?: number): Promise<MessageOf<'OK'>>;
  /** Sends without asking for an answer; false when the line is down. */
  tell(wish: Wish, at?: number): boolean;
  /** Takes OK and ERROR; true when the message answered one of ours. */
  settle(message: Message): boolean;
  /** Something that was asked for has no answer yet. */
  isWaiting(): boolean;
  failAll(): void;
}

interface Waiting {
  readonly resolve: (message: MessageOf<'OK'>) => void;
  readonly reject: (refusal: Refusal) => void;
}

export const makeRequests = (
  send: (command: AskedCommand) => boolean,
  clientId: () => string,
): Requests => {
  const waiting = new Map<string, Waiting>();
  let counter = 0;

  return {
    ask(wish, at) {
      const reqId = `${clientId()}.${++counter}`;
      const command = { ...wish, reqId, ...(at === undefined ? {} : { at }) } as AskedCommand;
      return new Promise((resolve, reject) => {
        if (!send(command)) return reject(new Refusal(undefined, 'not sent'));
        waiting.set(reqId, { resolve, reject });
      });
    },
    tell: (wish, at) => send((at === undefined ? wish : { ...wish, at }) as AskedCommand),
    settle(message) {
      if (message.type !== 'OK' && message.type !== 'ERROR') return false;
      const { reqId } = message;
      const one = reqId === undefined ? undefined : waiting.get(reqId);
      if (reqId === undefined || !one) return false;
      waiting.delete(reqId);
      if (message.type === 'OK') one.resolve(message);
      else one.reject(new Refusal(message.code, message.msg));
      return true;
    },
    isWaiting: () => waiting.size > 0,
    failAll() {
      const all = [...waiting.values()];
      waiting.clear();
      for (const one of all) one.reject(new Refusal(undefined, 'the line went down'));
    },
  };
};
