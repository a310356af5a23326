/**
 * One answer for each (client, reqId): a repeat has no effect and gets the stored answer again.
 *
 * The last 1,024 are kept. A repeat that comes before the answer gets it when it is there.
 */
import { LIMITS } from '../../../protocol/limits.ts';
import type { MessageOf } from '../../../protocol/messages.ts';

export type Answer = MessageOf<'OK'> | MessageOf<'ERROR'>;

interface Entry {
  answer: Answer | null;
  repeats: number;
}

export class Answers {
  readonly #entries = new Map<string, Entry>();
  readonly #send: (clientId: string, answer: Answer) => void;

  constructor(send: (clientId: string, answer: Answer) => void) {
    this.#send = send;
  }

  /** True when this is the first time; otherwise the caller does nothing. */
  begin(clientId: string, reqId: string): boolean {
    const key = `${clientId}\n${reqId}`;
    const known = this.#entries.get(key);
    if (!known) {
      this.#entries.set(key, { answer: null, repeats: 0 });
      this.#trim();
      return true;
    }
    if (known.answer) this.#send(clientId, { ...known.answer, dup: true });
    else known.repeats += 1;
    return false;
  }

  end(clientId: string, answer: Answer & { reqId: string }): void {
    const entry = this.#entries.get(`${clientId}\n${answer.reqId}`);
    this.#send(clientId, answer);
    if (!entry) return;
    entry.answer = answer;
    for (; entry.repeats > 0; entry.repeats -= 1) this.#send(clientId, { ...answer, dup: true });
  }

  #trim(): void {
    for (const [key, entry] of this.#entries) {
      if (this.#entries.size <= LIMITS.answersKept) return;
      if (entry.answer) this.#entries.delete(key);
    }
  }
}
