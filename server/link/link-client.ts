/**
 * The engine process's end of the link: connects to the gateway, and again whenever it is gone.
 *
 * Above 4 MB towards a gateway that does not read, frames and patches are dropped and the link is
 * stale; when it drains, one full state goes out and then the answers that were not sent yet. Sending
 * never throws and never waits: it is called from the poll loop.
 */
import type { Socket } from 'bun';
import { LIMITS } from '../../protocol/limits.ts';
import type { ToEngine, ToGateway } from '../../protocol/link.ts';
import { encodeBinary, encodeJson, FrameReader } from './framing.ts';
import { SendQueue } from './send-queue.ts';

export interface LinkClientOptions {
  readonly path: string;
  /** First words on every connection. */
  hello(): ToGateway;
  /** The state as it is now: second words, and after a stale link has drained. */
  full(): ToGateway;
  onMessage(message: ToEngine): void;
  onUp?(): void;
  onDown?(): void;
  onError(error: unknown): void;
  /** Between attempts to connect. */
  readonly retryMs?: number;
  readonly queueBytesMax?: number;
}

export interface LinkClient {
  readonly isUp: boolean;
  readonly isStale: boolean;
  send(message: ToGateway): void;
  /** A feature frame; copied, and replaced by the next one while it waits. */
  sendBinary(bytes: Uint8Array): void;
  /** A piece of the master; copied, and left out where too much waits. */
  sendSound(bytes: Uint8Array): void;
  /** Ends the link, and with it the attempts to connect. */
  close(): void;
}

const RETRY_MS = 50;
/** Who plays the master hears it late then. */
const SOUND_QUEUE_BYTES_MAX = 131_072;
/** Sent after the full state of a link that was stale; everything else is in that state. */
const KEPT_WHEN_STALE = new Set<ToGateway['t']>(['answer', 'pong', 'result']);

class Link implements LinkClient {
  readonly #options: LinkClientOptions;
  readonly #queue: SendQueue;
  #socket: Socket<undefined> | null = null;
  #reader: FrameReader;
  #held: Uint8Array[] = [];
  #timer: NodeJS.Timeout | null = null;
  #closed = false;
  isStale = false;

  constructor(options: LinkClientOptions) {
    this.#options = options;
    this.#queue = new SendQueue(options.queueBytesMax);
    this.#reader = this.#makeReader();
    void this.#connect();
  }

  get isUp(): boolean {
    return this.#socket !== null;
  }

  send(message: ToGateway): void {
    if (this.#socket === null) return;
    const isKept = KEPT_WHEN_STALE.has(message.t);
    if (this.isStale) {
      if (isKept) this.#hold(encodeJson(message));
      return;
    }
    const bytes = encodeJson(message);
    if (!this.#queue.offer(bytes, isKept)) {
      this.isStale = true;
      for (const kept of this.#queue.dropWaiting()) this.#hold(kept);
      if (isKept) this.#hold(bytes);
    }
    this.#flush();
  }

  sendBinary(bytes: Uint8Array): void {
    if (this.#socket === null || this.isStale) return;
    this.#queue.offerFrame(encodeBinary(bytes));
    this.#flush();
  }

  sendSound(bytes: Uint8Array): void {
    if (this.#socket === null || this.isStale) return;
    if (this.#queue.queuedBytes > SOUND_QUEUE_BYTES_MAX) return;
    this.#queue.put(encodeBinary(bytes));
    this.#flush();
  }

  close(): void {
    this.#closed = true;
    if (this.#timer) clearTimeout(this.#timer);
    const socket = this.#socket;
    this.#down();
    socket?.end();
  }

  #hold(bytes: Uint8Array): void {
    this.#held.push(bytes);
    if (this.#held.length > LIMITS.answersKept) this.#held.shift();
  }

  #flush(): void {
    const socket = this.#socket;
    if (socket === null) return;
    try {
      while (this.#queue.flush(socket) && this.isStale) this.#refresh();
    } catch (error) {
      this.#fail(error);
    }
  }

  #refresh(): void {
    this.isStale = false;
    const held = this.#held;
    this.#held = [];
    this.#queue.put(encodeJson(this.#options.full()));
    for (const bytes of held) this.#queue.put(bytes, true);
  }

  #makeReader(): FrameReader {
    return new FrameReader({
      onJson: (message) => {
        try {
          this.#options.onMessage(message as ToEngine);
        } catch (error) {
          this.#options.onError(error);
        }
      },
      onBinary: () => undefined,
    });
  }

  async #connect(): Promise<void> {
    this.#timer = null;
    try {
      await Bun.connect<undefined>({
        unix: this.#options.path,
        socket: {
          open: (socket) => this.#up(socket),
          data: (socket, bytes) => {
            if (socket === this.#socket) this.#read(bytes);
          },
          drain: () => this.#flush(),
          close: (socket) => this.#lost(socket),
          error: (socket, error) => {
            this.#options.onError(error);
            this.#lost(socket);
          },
          connectError: () => undefined,
        },
      });
    } catch {
      this.#again();
    }
  }

  #up(socket: Socket<undefined>): void {
    if (this.#closed) {
      socket.end();
      return;
    }
    this.#socket = socket;
    this.#reader = this.#makeReader();
    this.#queue.reset();
    this.isStale = false;
    this.#held = [];
    this.send(this.#options.hello());
    this.send(this.#options.full());
    this.#options.onUp?.();
  }

  #read(bytes: Uint8Array): void {
    try {
      this.#reader.push(bytes);
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    this.#options.onError(error);
    const socket = this.#socket;
    if (socket === null) return;
    this.#lost(socket);
    socket.terminate();
  }

  #lost(socket: Socket<undefined>): void {
    if (socket !== this.#socket) return;
    this.#down();
    this.#again();
  }

  #down(): void {
    if (this.#socket === null) return;
    this.#socket = null;
    this.#queue.reset();
    this.#held = [];
    this.#options.onDown?.();
  }

  #again(): void {
    if (this.#closed || this.#timer) return;
    this.#timer = setTimeout(() => void this.#connect(), this.#options.retryMs ?? RETRY_MS);
  }
}

export const connectLink = (options: LinkClientOptions): LinkClient => new Link(options);
