/**
 * What waits to be written to one end of the link, at most `capacityBytes` of it.
 *
 * JSON messages and sound keep their order. Of feature frames only the newest waits, and it goes when
 * nothing else does. A message that began to be written is always finished: the stream stays
 * readable whatever is dropped.
 */
import { LIMITS } from '../../protocol/limits.ts';

/** The part of a socket that is used: returns the bytes taken, negative or 0 when it takes none. */
export interface ByteSink {
  write(bytes: Uint8Array): number;
}

interface Waiting {
  readonly bytes: Uint8Array;
  /** Whoever drops what waits gets it back. */
  readonly isKept: boolean;
}

export class SendQueue {
  readonly #capacityBytes: number;
  #ordered: Waiting[] = [];
  #orderedBytes = 0;
  #frame: Uint8Array | null = null;
  /** The message being written and how much of it is. */
  #current: Uint8Array | null = null;
  #offset = 0;

  constructor(capacityBytes: number = LIMITS.linkQueueBytesMax) {
    this.#capacityBytes = capacityBytes;
  }

  /** Bytes not yet taken by the socket. */
  get queuedBytes(): number {
    const begun = this.#current === null ? 0 : this.#current.length - this.#offset;
    return begun + this.#orderedBytes + (this.#frame?.length ?? 0);
  }

  get isEmpty(): boolean {
    return this.queuedBytes === 0;
  }

  /** False when it does not fit; then it was not taken. One message alone always fits. */
  offer(bytes: Uint8Array, isKept = false): boolean {
    const queued = this.queuedBytes;
    if (queued > 0 && queued + bytes.length > this.#capacityBytes) return false;
    this.put(bytes, isKept);
    return true;
  }

  /** Also beyond the capacity: for what is bounded elsewhere. */
  put(bytes: Uint8Array, isKept = false): void {
    this.#ordered.push({ bytes, isKept });
    this.#orderedBytes += bytes.length;
  }

  /** Replaces the one that still waits. */
  offerFrame(bytes: Uint8Array): void {
    this.#frame = bytes;
  }

  /** Forgets what was not begun; returns what is to be kept of it, in order. */
  dropWaiting(): Uint8Array[] {
    const kept = this.#ordered.filter(({ isKept }) => isKept).map(({ bytes }) => bytes);
    this.#ordered = [];
    this.#orderedBytes = 0;
    this.#frame = null;
    return kept;
  }

  /** Forgets everything: for a connection that is gone. */
  reset(): void {
    this.dropWaiting();
    this.#current = null;
    this.#offset = 0;
  }

  /** Writes until the socket takes no more; true when nothing is left. */
  flush(sink: ByteSink): boolean {
    for (;;) {
      this.#current ??= this.#next();
      if (this.#current === null) return true;
      const rest = this.#offset === 0 ? this.#current : this.#current.subarray(this.#offset);
      const taken = sink.write(rest);
      if (taken < rest.length) {
        this.#offset += Math.max(0, taken);
        return false;
      }
      this.#current = null;
      this.#offset = 0;
    }
  }

  #next(): Uint8Array | null {
    const next = this.#ordered.shift();
    if (next) {
      this.#orderedBytes -= next.bytes.length;
      return next.bytes;
    }
    const frame = this.#frame;
    this.#frame = null;
    return frame;
  }
}
