/**
 * The main thread's side of the store: a queue in strict order, kept until acknowledged.
 *
 * A worker that dies is made anew and asked again for everything that was not acknowledged; after the
 * third death in a row, or when a write fails, the store counts as failed and goes on trying.
 */
import { LIMITS } from '../../../protocol/limits.ts';
import {
  isRead,
  type StoreAnswer,
  type StoreAnswers,
  type StoreQuestion,
  type StoreRead,
  type StoreRequest,
} from './port.ts';
import type { MendedStore, OpenedStore } from './stored.ts';
import type { WaitingWrites } from './waiting-writes.ts';
import type { CommittedWrite, StoreWrite } from './write-requests.ts';

export interface StoreWorker {
  post(question: StoreQuestion): void;
  terminate(): void;
}

export interface StoreWorkerEvents {
  onAnswer(answer: StoreAnswer): void;
  onDeath(why: string): void;
}

export interface StoreClientOptions {
  /** Tests put in one that dies. */
  makeWorker(events: StoreWorkerEvents): StoreWorker;
  /** True when it fails, false when it works again. */
  onFailure(isFailed: boolean, why: string): void;
  /** The file was damaged or had lost commits; also when that is found out in the middle. */
  onMended?(mended: MendedStore): void;
  /** A file could not be tidied up after a write; the next one like it tries again. */
  onTrouble?(why: string): void;
  readonly retryMs?: number;
  /** A write is on disk, synced; how long that took after it was its turn. */
  onWritten?(ms: number): void;
  /** Where the next engine finds what this one never heard was written. */
  readonly waiting?: Pick<WaitingWrites, 'note' | 'setFailing'>;
  /** Monotonic ms. */
  now?(): number;
}

/** Who asks and never writes. */
export type StoreReader = Pick<StoreClient, 'read'>;

interface Waiting {
  readonly seq: number;
  readonly request: StoreRequest;
  done(value: unknown): void;
  fail(error: Error): void;
}

/** These are what makes room for a write that the disk refuses. They need no write before them. */
const makesRoom = ({ request: { kind } }: Waiting): boolean =>
  kind === 'spoolUse' || kind === 'forget';

const DEATHS_MAX = 3;
/** A disk that takes rows and no lines for so long holds hardly a row more. */
const OWED_MAX = 8192;
const RETRY_MS = 1000;

export class StoreClient {
  readonly #options: StoreClientOptions;
  #worker: StoreWorker;
  #queue: Waiting[] = [];
  #inFlight: Waiting | null = null;
  #open: Waiting | null = null;
  /** Was refused for now; until it is done the store counts as failed, whatever else succeeds. */
  #refused: Waiting | null = null;
  /** Commits that the journal could not take: the file may have to be put together again without it. */
  #owed: CommittedWrite[] = [];
  #deaths = 0;
  #onIdle: (() => void) | null = null;
  #nextSeq = 1;
  #askedMs = 0;
  #isFailed = false;
  #isClosed = false;
  /** The file is of a newer FlowZone: what is to be written is refused here. */
  #isReadOnly = false;
  #timer: NodeJS.Timeout | null = null;

  constructor(options: StoreClientOptions) {
    this.#options = options;
    this.#worker = this.#spawn();
  }

  get waitingCount(): number {
    return this.#queue.length + (this.#inFlight ? 1 : 0);
  }

  /** @param failed It can never succeed; what fails for now is asked again instead. */
  write(request: StoreWrite, done?: () => void, failed?: () => void): void {
    if (this.#isReadOnly) {
      queueMicrotask(() => failed?.());
      return;
    }
    const settle = this.#options.waiting?.note(request);
    this.#ask(
      request,
      () => {
        done?.();
        settle?.();
      },
      () => {
        failed?.();
        settle?.();
      },
    );
  }

  read<Kind extends StoreRead['kind']>(
    request: Extract<StoreRead, { kind: Kind }>,
  ): Promise<StoreAnswers[Kind]> {
    return new Promise((resolve, reject) =>
      this.#ask(request, (value) => resolve(value as StoreAnswers[Kind]), reject),
    );
  }

  /** Waits until all that was asked for is answered; false when that took longer than `ms`. */
  async settle(ms: number = LIMITS.shutdownMs): Promise<boolean> {
    if (this.waitingCount === 0) return true;
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const timer = setTimeout(() => resolve(false), ms);
    this.#onIdle = () => resolve(true);
    const isSettled = await promise;
    clearTimeout(timer);
    this.#onIdle = null;
    return isSettled;
  }

  /** Writes what waits, makes a backup and closes the file; false when that took longer than `ms`. */
  async end(atMs: number, ms: number = LIMITS.shutdownMs): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const timer = setTimeout(() => resolve(false), ms);
    this.#ask(
      { kind: 'close', atMs },
      () => resolve(true),
      () => resolve(false),
    );
    const isDone = await promise;
    clearTimeout(timer);
    if (this.#timer) clearTimeout(this.#timer);
    this.#isClosed = true;
    this.#worker.terminate();
    return isDone;
  }

  #now(): number {
    return this.#options.now?.() ?? performance.now();
  }

  #ask(request: StoreRequest, done: Waiting['done'], fail: Waiting['fail']): void {
    const seq = this.#nextSeq;
    this.#nextSeq += 1;
    this.#queue.push({ seq, request, done, fail });
    this.#next();
  }

  #next(): void {
    if (this.#inFlight) return;
    const next = this.#timer ? this.#overtaking() : this.#queue.shift();
    if (!next) {
      if (!this.#timer) this.#onIdle?.();
      return;
    }
    this.#inFlight = next;
    this.#askedMs = this.#now();
    this.#worker.post({ seq: next.seq, request: next.request });
  }

  /** Past a write that waits for its next try, and not past a file that has to be opened first. */
  #overtaking(): Waiting | undefined {
    if (this.#queue[0] !== this.#refused) return undefined;
    const at = this.#queue.findIndex(makesRoom);
    return at < 0 ? undefined : this.#queue.splice(at, 1)[0];
  }

  /** Whatever a worker says after it was given up is not heard. */
  #spawn(): StoreWorker {
    const worker: StoreWorker = this.#options.makeWorker({
      onAnswer: (answer) => {
        if (worker === this.#worker) this.#onAnswer(answer);
      },
      onDeath: (why) => {
        if (worker === this.#worker && !this.#isClosed) this.#onDeath(why);
      },
    });
    return worker;
  }

  #onAnswer(answer: StoreAnswer): void {
    const asked = this.#inFlight;
    if (!asked || asked.seq !== answer.seq) return;
    if ('error' in answer) {
      this.#onRefusal(asked, answer.error, answer.isPermanent);
      return;
    }
    this.#inFlight = null;
    for (const why of answer.troubles ?? []) this.#options.onTrouble?.(why);
    this.#owed = [...this.#owed, ...(answer.owed ?? [])].slice(-OWED_MAX);
    if (answer.mended) this.#options.onMended?.(answer.mended);
    if (!isRead(asked.request)) this.#options.onWritten?.(this.#now() - this.#askedMs);
    this.#deaths = 0;
    if (asked === this.#refused) this.#refused = null;
    if (this.#refused === null) this.#setFailed(false, '');
    if (asked.request.kind === 'open') {
      const opened = answer.value as OpenedStore;
      this.#open = asked;
      this.#isReadOnly = opened.isReadOnly;
      if (opened.mended) this.#options.onMended?.(opened.mended);
    }
    asked.done(answer.value);
    this.#next();
  }

  #onRefusal(asked: Waiting, error: string, isPermanent: boolean): void {
    this.#inFlight = null;
    this.#setFailed(true, `${asked.request.kind}: ${error}`);
    const isReopening = this.#open !== null && asked.request.kind === 'open';
    if (!isReopening && (isPermanent || isRead(asked.request))) {
      if (asked === this.#refused) this.#refused = null;
      asked.fail(new Error(error));
      this.#next();
      return;
    }
    this.#queue.unshift(asked);
    if (!isReopening) this.#refused = asked;
    this.#later();
    this.#next();
  }

  #onDeath(why: string): void {
    this.#worker.terminate();
    this.#deaths += 1;
    if (this.#deaths >= DEATHS_MAX) this.#setFailed(true, why);
    if (this.#inFlight) this.#queue.unshift(this.#inFlight);
    this.#inFlight = null;
    // The new worker has no file open yet.
    if (this.#open && this.#queue[0]?.request.kind !== 'open') {
      const owed = this.#owed.length > 0 && { owed: this.#owed };
      // What was left is written by now.
      const done = 'left' in this.#open.request && { left: [] };
      const request = { ...this.#open.request, ...owed, ...done };
      this.#queue.unshift({ ...this.#open, request, done: () => undefined });
    }
    this.#worker = this.#spawn();
    if (this.#deaths < DEATHS_MAX) this.#next();
    else this.#later();
  }

  #later(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      this.#next();
    }, this.#options.retryMs ?? RETRY_MS);
  }

  #setFailed(isFailed: boolean, why: string): void {
    if (this.#isFailed === isFailed) return;
    this.#isFailed = isFailed;
    this.#options.waiting?.setFailing(isFailed);
    this.#options.onFailure(isFailed, why);
  }
}

export const makeStoreWorker = (events: StoreWorkerEvents): StoreWorker => {
  const worker = new Worker(new URL('./worker.ts', import.meta.url));
  worker.addEventListener('message', ({ data }: MessageEvent<StoreAnswer>) =>
    events.onAnswer(data),
  );
  worker.addEventListener('error', ({ message }) => events.onDeath(message));
  worker.addEventListener('close', () => events.onDeath('the store worker ended'));
  return {
    post: (question) => worker.postMessage(question, []),
    terminate: () => worker.terminate(),
  };
};
