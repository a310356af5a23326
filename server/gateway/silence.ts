/**
 * Whether somebody is still at the other end: asked after 10 s without a word, given up 20 s later.
 *
 * A phone that leaves the network ends nothing: its socket stays open for a quarter of an hour, and
 * while the server has something to send Bun does not call it idle.
 */
const ASK_MS = 10_000;
const ANSWER_MS_MAX = 20_000;

export type SilenceVerdict = 'fine' | 'ask' | 'gone';

export class Silence {
  #heardMs: number;
  #askedMs: number | null = null;
  #wasQueued = false;

  constructor(nowMs: number) {
    this.#heardMs = nowMs;
  }

  /** Any message, or the answer to a ping. */
  heard(nowMs: number): void {
    this.#heardMs = nowMs;
    this.#askedMs = null;
  }

  /**
   * `ask` is told once, and nothing is `gone` that was not asked. What waits to go out is a question by
   * itself, and that it went the answer: a ping behind it would throw it away.
   */
  look(nowMs: number, isQueued: boolean): SilenceVerdict {
    if (this.#wasQueued && !isQueued) this.heard(nowMs);
    this.#wasQueued = isQueued;
    if (this.#askedMs !== null) return nowMs - this.#askedMs >= ANSWER_MS_MAX ? 'gone' : 'fine';
    if (nowMs - this.#heardMs < ASK_MS) return 'fine';
    this.#askedMs = nowMs;
    return isQueued ? 'fine' : 'ask';
  }
}
