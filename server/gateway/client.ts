/**
 * One client: its socket, whether it follows the patches, and when it is too slow to.
 *
 * A client whose queue passes 256 KB, or that owes an ACK for 5 s, is stale: it gets no patches, and
 * one full state when it reads again. After 30 s it is closed.
 */
import { LIMITS } from '../../protocol/limits.ts';
import { CLOSE } from '../../protocol/messages.ts';
import { FrameWindow } from './frame-window.ts';
import { Silence } from './silence.ts';
import type { TokenBucket } from './token-bucket.ts';

/** What is used of Bun's socket; Elysia's wrapper would turn binary messages into JSON. */
export interface ClientSocket {
  /** Bytes taken, −1 queued, 0 dropped. */
  send(data: string | Uint8Array): number;
  getBufferedAmount(): number;
  ping(): void;
  close(code?: number, reason?: string): void;
  terminate(): void;
}

export interface ClientOptions {
  readonly socket: ClientSocket;
  readonly address: string;
  readonly loopback: boolean;
  /** The paired device it is a page of; null = of this computer. */
  readonly deviceId: string | null;
  /** Null = as fast as it likes. */
  readonly bucket: TokenBucket | null;
  readonly openedMs: number;
}

/** What the client said it holds; asked when the next full state comes. */
export interface Held {
  readonly epoch: string | undefined;
  readonly revId: number | undefined;
}

/** What a page last said of itself. */
export interface Shown {
  readonly atMs: number;
  /** Pictures a second. */
  readonly fps: number;
  /** How much later than the quickest frames the last ones came. */
  readonly lateMs: number;
  readonly isVisible: boolean;
}

const CLOSE_GRACE_MS = 1000;

export class Client {
  readonly socket: ClientSocket;
  readonly address: string;
  readonly loopback: boolean;
  readonly deviceId: string | null;
  readonly bucket: TokenBucket | null;
  readonly openedMs: number;
  readonly window = new FrameWindow();
  readonly silence: Silence;
  /** '' until HELLO. */
  id = '';
  held: Held = { epoch: undefined, revId: undefined };
  /** True from the full state on: then every patch reaches it. */
  isFollowing = false;
  /** Newest strip bucket the client knows; null = none. */
  newestBucket: number | null = null;
  shown: Shown | null = null;
  #staleSinceMs: number | null = null;
  #isClosed = false;

  constructor(options: ClientOptions) {
    this.socket = options.socket;
    this.address = options.address;
    this.loopback = options.loopback;
    this.deviceId = options.deviceId;
    this.bucket = options.bucket;
    this.openedMs = options.openedMs;
    this.silence = new Silence(options.openedMs);
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  get hasJoined(): boolean {
    return this.id !== '';
  }

  get isStale(): boolean {
    return this.#staleSinceMs !== null;
  }

  /** Text and binary alike; a client that is being closed gets nothing more. */
  send(data: string | Uint8Array): void {
    if (!this.#isClosed) this.socket.send(data);
  }

  sendMessage(message: object): void {
    this.send(JSON.stringify(message));
  }

  /** A socket that does not read would keep the close frame waiting: it is cut off after `graceMs`. */
  close(code: number, reason: string, graceMs: number = CLOSE_GRACE_MS): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.isFollowing = false;
    this.socket.close(code, reason);
    setTimeout(() => this.socket.terminate(), graceMs).unref();
  }

  /** The socket is gone. */
  forget(): void {
    this.#isClosed = true;
    this.isFollowing = false;
  }

  /** Looks at queue and acknowledgements; true when the client has just caught up again. */
  inspect(nowMs: number): boolean {
    const waitingMs = this.window.waitingSinceMs;
    const isLate = waitingMs !== null && nowMs - waitingMs >= LIMITS.clientStaleMs;
    const queuedBytes = this.socket.getBufferedAmount();
    if (this.#staleSinceMs === null) {
      if (isLate) this.#becomeStale(waitingMs);
      else if (queuedBytes > LIMITS.clientQueueBytesMax) this.#becomeStale(nowMs);
      return false;
    }
    if (!isLate && queuedBytes === 0) {
      this.#staleSinceMs = null;
      return true;
    }
    if (nowMs - this.#staleSinceMs >= LIMITS.clientCloseMs) this.close(CLOSE.stale, 'too slow');
    return false;
  }

  #becomeStale(sinceMs: number): void {
    this.#staleSinceMs = sinceMs;
    this.isFollowing = false;
  }
}
