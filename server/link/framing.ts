/**
 * Bytes of one link message: u32 length of what follows (little endian), u8 kind, payload.
 *
 * Knows nothing of what the messages mean. A reader that meets a message longer than
 * `linkMessageBytesMax`, an empty one or an unknown kind throws: the stream cannot be trusted any
 * more and the connection is closed by its owner.
 */
import { LIMITS } from '../../protocol/limits.ts';
import { LINK_BINARY, LINK_HEADER_BYTES, LINK_JSON } from '../../protocol/link.ts';

export class FramingError extends Error {
  override readonly name = 'FramingError';
}

const LENGTH_BYTES = 4;
const FIRST_CAPACITY_BYTES = 65_536;

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true });

const frame = (kind: number, payload: Uint8Array): Uint8Array => {
  const bytes = new Uint8Array(LINK_HEADER_BYTES + payload.length);
  new DataView(bytes.buffer).setUint32(0, payload.length + 1, true);
  bytes[LENGTH_BYTES] = kind;
  bytes.set(payload, LINK_HEADER_BYTES);
  return bytes;
};

export const encodeJson = (message: unknown): Uint8Array =>
  frame(LINK_JSON, encoder.encode(JSON.stringify(message)));

/** Copies `payload`: the caller may write into its buffer again at once. */
export const encodeBinary = (payload: Uint8Array): Uint8Array => frame(LINK_BINARY, payload);

export interface FrameSink {
  onJson(message: unknown): void;
  /** The bytes are the sink's own. */
  onBinary(payload: Uint8Array): void;
}

/** Cuts a byte stream, in whatever pieces it comes, into messages. */
export class FrameReader {
  readonly #sink: FrameSink;
  #buffer = new Uint8Array(FIRST_CAPACITY_BYTES);
  #start = 0;
  #end = 0;

  constructor(sink: FrameSink) {
    this.#sink = sink;
  }

  /** Hands every complete message to the sink; keeps the rest. Throws FramingError. */
  push(chunk: Uint8Array): void {
    this.#makeRoom(chunk.length);
    this.#buffer.set(chunk, this.#end);
    this.#end += chunk.length;
    while (this.#takeOne());
  }

  #makeRoom(bytes: number): void {
    if (this.#end + bytes <= this.#buffer.length) return;
    const kept = this.#end - this.#start;
    const needed = kept + bytes;
    let capacity = this.#buffer.length;
    while (capacity < needed) capacity *= 2;
    const next = capacity === this.#buffer.length ? this.#buffer : new Uint8Array(capacity);
    next.set(this.#buffer.subarray(this.#start, this.#end));
    this.#buffer = next;
    this.#start = 0;
    this.#end = kept;
  }

  #takeOne(): boolean {
    const available = this.#end - this.#start;
    if (available < LENGTH_BYTES) return false;
    const length = new DataView(this.#buffer.buffer).getUint32(this.#start, true);
    if (length === 0 || length > LIMITS.linkMessageBytesMax) {
      throw new FramingError(`a link message of ${length} bytes`);
    }
    if (available < LENGTH_BYTES + length) return false;
    const kind = this.#buffer[this.#start + LENGTH_BYTES];
    const from = this.#start + LINK_HEADER_BYTES;
    const to = this.#start + LENGTH_BYTES + length;
    this.#start = to;
    this.#deliver(kind, this.#buffer.subarray(from, to));
    return true;
  }

  #deliver(kind: number | undefined, payload: Uint8Array): void {
    if (kind === LINK_BINARY) {
      this.#sink.onBinary(payload.slice());
      return;
    }
    if (kind !== LINK_JSON) throw new FramingError(`a link message of unknown kind ${kind}`);
    let message: unknown;
    try {
      message = JSON.parse(decoder.decode(payload));
    } catch {
      throw new FramingError('a link message that is not JSON');
    }
    this.#sink.onJson(message);
  }
}
