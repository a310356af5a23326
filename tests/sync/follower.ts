/**
 * A client that follows the state for as long as a test lasts: through gaps, cuts and new engines.
 *
 * Written from the protocol: HELLO with what it holds, patches in order, one full state after a gap, an
 * ACK for every second frame.
 */
import { applyOp, type Json } from '../judge/client.ts';
import type { Ledger } from './ledger.ts';

const FRAME_MAGIC = 0x01_5a_46_01;
const RETRY_MS = 200;
const ANSWER_MS_MAX = 20_000;

export interface FollowerOptions {
  readonly name: string;
  readonly url: string;
  readonly ledger?: Ledger;
  /** What becomes of a message on its way: a control loses or swaps some. */
  readonly tamper?: (message: Json) => Json[];
  readonly onFrame?: (frame: DataView, atMs: number) => void;
}

interface Waiting {
  readonly done: (answer: Json | null) => void;
  readonly timer: NodeJS.Timeout;
}

export class Follower {
  readonly #options: FollowerOptions;
  readonly #waiting = new Map<string, Waiting[]>();
  #socket: WebSocket | null = null;
  #isOver = false;
  #isWelcome = false;
  #isAsking = false;
  #acked = 0;
  #requests = 0;
  state: Json = null;
  epoch = '';
  clientId = '';
  frames = 0;
  frameBytes = 0;
  /** Full states that were asked for because a patch did not follow. */
  gaps = 0;
  fulls = 0;
  connections = 0;
  /** WELCOMEs with another id than the one that was asked for: the old line still stood. */
  renamed = 0;
  /** A ping was answered: sent in ms of this process, answered in FlowZone's. */
  onPong: (sentMs: number, serverMs: number) => void = () => undefined;

  constructor(options: FollowerOptions) {
    this.#options = options;
    this.#connect();
  }

  get isLive(): boolean {
    return this.#isWelcome && this.state !== null;
  }

  get name(): string {
    return this.#options.name;
  }

  newReqId(): string {
    this.#requests += 1;
    return `${this.clientId}:${this.#requests}`;
  }

  send(command: Json): boolean {
    if (!this.isLive || this.#socket?.readyState !== WebSocket.OPEN) return false;
    this.#socket.send(JSON.stringify(command));
    return true;
  }

  /** The answer; null when it was not sent, or the line was cut before it came. */
  ask(command: Json, reqId = this.newReqId()): Promise<Json | null> {
    return new Promise((done) => {
      if (!this.send({ ...command, reqId })) return done(null);
      const timer = setTimeout(() => done(null), ANSWER_MS_MAX);
      this.#waiting.set(reqId, [...(this.#waiting.get(reqId) ?? []), { done, timer }]);
    });
  }

  /** Ends this line as a lost network does; it connects anew. */
  close(): void {
    this.#isOver = true;
    this.#socket?.close();
    this.#forgetWaiting();
  }

  /** Goes to another line without a word on this one, as a phone does that changes its network. */
  leaveLine(): void {
    this.#isWelcome = false;
    this.#forgetWaiting();
    this.#connect();
  }

  #connect(): void {
    if (this.#isOver) return;
    const socket = new WebSocket(`${this.#options.url.replace('http', 'ws')}/ws`);
    socket.binaryType = 'arraybuffer';
    this.#socket = socket;
    this.#isAsking = false;
    this.#acked = 0;
    socket.addEventListener('open', () => {
      this.connections += 1;
      const held = this.state && { epoch: this.epoch, revId: this.state.meta.revisionId };
      const { clientId } = this;
      socket.send(JSON.stringify({ cmd: 'HELLO', ...(clientId && { clientId }), ...held }));
    });
    socket.addEventListener('message', ({ data }) => {
      if (socket !== this.#socket) return;
      if (data instanceof ArrayBuffer) this.#takeFrame(data);
      else this.#takeText(JSON.parse(data as string) as Json);
    });
    socket.addEventListener('close', () => {
      if (socket !== this.#socket) return;
      this.#isWelcome = false;
      this.#forgetWaiting();
      if (!this.#isOver) setTimeout(() => this.#connect(), RETRY_MS);
    });
  }

  #forgetWaiting(): void {
    const all = [...this.#waiting.values()].flat();
    this.#waiting.clear();
    for (const { done, timer } of all) {
      clearTimeout(timer);
      done(null);
    }
  }

  #takeFrame(data: ArrayBuffer): void {
    const view = new DataView(data);
    this.frameBytes += data.byteLength;
    if (view.getUint32(0, true) !== FRAME_MAGIC) return;
    this.frames += 1;
    this.#options.onFrame?.(view, performance.now());
    const seq = view.getUint32(4, true);
    if (seq < this.#acked + 2 && seq >= this.#acked) return;
    this.#acked = seq;
    this.#socket?.send(JSON.stringify({ cmd: 'ACK', seq }));
  }

  #takeText(message: Json): void {
    const { tamper } = this.#options;
    for (const each of tamper === undefined ? [message] : tamper(message)) this.#take(each);
  }

  #take(message: Json): void {
    if (message.type === 'WELCOME') {
      if (this.clientId !== '' && message.clientId !== this.clientId) this.renamed += 1;
      this.clientId = message.clientId;
      this.#isWelcome = true;
    }
    if (message.type === 'PONG') this.onPong(message.t0, message.t1);
    if (message.type === 'STATE_FULL') this.#takeFull(message);
    if (message.type === 'STATE_PATCH') this.#takePatch(message);
    if (message.reqId === undefined || message.type === 'NOTICE') return;
    const [first, ...rest] = this.#waiting.get(message.reqId) ?? [];
    if (rest.length > 0) this.#waiting.set(message.reqId, rest);
    else this.#waiting.delete(message.reqId);
    if (!first) return;
    clearTimeout(first.timer);
    first.done(message);
  }

  #takeFull({ data, epoch }: Json): void {
    this.fulls += 1;
    this.#isAsking = false;
    this.state = data;
    this.epoch = epoch;
    this.#note();
  }

  #takePatch({ epoch, fromRev, ops, revId }: Json): void {
    if (this.state === null || this.#isAsking) return;
    const { meta } = this.state;
    if (epoch === this.epoch && revId <= meta.revisionId) return;
    if (epoch !== this.epoch || fromRev !== meta.revisionId) {
      this.gaps += 1;
      this.#isAsking = true;
      this.#socket?.send('{"cmd":"GET_FULL_STATE"}');
      return;
    }
    try {
      for (const op of ops) applyOp(this.state, op);
    } catch (error) {
      this.#options.ledger?.faults.push(`${this.name} cannot apply ${revId}: ${String(error)}`);
    }
    meta.revisionId = revId;
    this.#note();
  }

  #note(): void {
    this.#options.ledger?.note(this.name, this.epoch, this.state);
  }
}
