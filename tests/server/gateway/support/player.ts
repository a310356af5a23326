/** A page's end of the socket: collects what comes, keeps its own copy of the state. */
import { applyPatch, type Operation } from 'rfc6902';
import type { Message, MessageOf } from '../../../../protocol/messages.ts';
import type { AppState } from '../../../../protocol/state.ts';
import { makeInbox } from '../../../support/inbox.ts';

export interface PlayerOptions {
  readonly hello?: object | null;
  readonly headers?: Record<string, string>;
  /** Acknowledges every frame at once. */
  readonly acknowledges?: boolean;
}

export interface Closed {
  readonly code: number;
  readonly reason: string;
}

type Incoming = Message | Uint8Array;

const isText = (item: Incoming): item is Message => !(item instanceof Uint8Array);

export class Player {
  readonly inbox = makeInbox<Incoming>();
  readonly closed: Promise<Closed>;
  readonly opened: Promise<void>;
  /** The server asked whether anybody is there; Bun answers. */
  readonly pinged: Promise<void>;
  readonly #socket: WebSocket;
  state: AppState | null = null;
  epoch = '';
  /** What did not follow; a correct gateway leaves it empty. */
  readonly faults: string[] = [];

  constructor(port: number, options: PlayerOptions = {}) {
    const headers = options.headers ?? {};
    this.#socket = new WebSocket(`ws://127.0.0.1:${port}/ws`, { headers } as never);
    this.#socket.binaryType = 'arraybuffer';
    this.opened = new Promise((done, fail) => {
      this.#socket.addEventListener('open', () => {
        if (options.hello !== null) this.send({ cmd: 'HELLO', ...options.hello });
        done();
      });
      this.#socket.addEventListener('error', () => fail(new Error('no connection')));
    });
    this.opened.catch(() => undefined);
    this.pinged = new Promise((done) => this.#socket.addEventListener('ping', () => done()));
    this.closed = new Promise((done) => {
      this.#socket.addEventListener('close', ({ code, reason }) => done({ code, reason }));
    });
    this.#socket.addEventListener('message', ({ data }) => this.#take(data, options));
  }

  send(message: unknown): void {
    this.#socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  }

  sendBytes(bytes: Uint8Array<ArrayBuffer>): void {
    this.#socket.send(bytes);
  }

  close(): void {
    this.#socket.close();
  }

  texts(): Message[] {
    return this.inbox.items.filter(isText);
  }

  binaries(): Uint8Array[] {
    return this.inbox.items.filter((item): item is Uint8Array => !isText(item));
  }

  ofType<T extends Message['type']>(type: T): MessageOf<T>[] {
    return this.texts().filter((message) => message.type === type) as MessageOf<T>[];
  }

  /** The first message of that type, past or coming, that fits. */
  async next<T extends Message['type']>(
    type: T,
    fits: (message: MessageOf<T>) => boolean = () => true,
  ): Promise<MessageOf<T>> {
    const found = await this.inbox.find(
      (item) => isText(item) && item.type === type && fits(item as MessageOf<T>),
    );
    return found as MessageOf<T>;
  }

  /** Asks something whose answer comes after everything the gateway sent so far. */
  async barrier(): Promise<void> {
    const reqId = crypto.randomUUID();
    this.send({ cmd: 'PING', t0: 0, reqId });
    await this.next('OK', (message) => message.reqId === reqId);
  }

  #take(data: unknown, options: PlayerOptions): void {
    if (typeof data === 'string') {
      const message = JSON.parse(data) as Message;
      this.#follow(message);
      this.inbox.put(message);
      return;
    }
    const bytes = new Uint8Array(data as ArrayBuffer);
    if (options.acknowledges === true) {
      this.send({ cmd: 'ACK', seq: new DataView(bytes.buffer).getUint32(4, true) });
    }
    this.inbox.put(bytes);
  }

  #follow(message: Message): void {
    if (message.type === 'STATE_FULL') {
      this.epoch = message.epoch;
      this.state = structuredClone(message.data);
    }
    if (message.type !== 'STATE_PATCH') return;
    const { state } = this;
    if (message.epoch !== this.epoch || state?.meta.revisionId !== message.fromRev) {
      this.faults.push(`${message.fromRev} after ${state?.meta.revisionId}`);
      return;
    }
    applyPatch(state, message.ops as Operation[]);
    state.meta.revisionId = message.revId;
  }
}
