/**
 * Lines to a place that may be full, slow or gone: whoever writes never waits and never falls.
 *
 * What cannot be written is left out and counted.
 */
export type LineSink = (text: string, done: (error?: Error | null) => void) => void;

/** A terminal that is held, or a pipe that nobody reads, may keep so much waiting. */
const WAITING_CHARS_MAX = 1_048_576;

export class LineWriter {
  readonly #sink: LineSink;
  #waitingChars = 0;
  #lost = 0;
  #isTorn = false;

  constructor(sink: LineSink) {
    this.#sink = sink;
  }

  /** Lines left out since the last one that was written. */
  get lost(): number {
    return this.#lost;
  }

  /** @param line May tell `lost`: it counts as told when the line could be written. */
  write(line: string): void {
    if (this.#waitingChars + line.length > WAITING_CHARS_MAX) {
      this.#lost += 1;
      return;
    }
    const told = this.#lost;
    this.#lost = 0;
    this.#waitingChars += line.length;
    // A full disk may have taken the beginning of the line before.
    this.#sink(`${this.#isTorn ? '\n' : ''}${line}\n`, (error) => {
      this.#waitingChars -= line.length;
      this.#isTorn = Boolean(error);
      if (error) this.#lost += told + 1;
    });
  }
}

/** Without a listener the error of a full disk or a closed terminal would end the process. */
export const survive = (stream: NodeJS.WriteStream): void => {
  stream.on('error', () => undefined);
};

export const stderrLines = (): LineWriter => {
  survive(process.stderr);
  return new LineWriter((text, done) => void process.stderr.write(text, done));
};
