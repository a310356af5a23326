/**
 * A client down to its bytes: it says what no browser would, and reads as slowly as it is told to.
 *
 * Speaks just enough of RFC 6455 to say HELLO and to acknowledge frames.
 */
import { connect, type Socket } from 'node:net';

const FRAME_MAGIC = 0x01_5a_46_01;
const TEXT = 1;
const BINARY = 2;
const FINAL = 0x80;
const MASKED = 0x80;
const EXTENDED = 126;
const READ_EVERY_MS = 100;

/** A WebSocket frame of a client, masked with zeros. */
export const frameOf = (payload: Uint8Array, opcode: number = TEXT): Buffer => {
  const isShort = payload.length < EXTENDED;
  const head = isShort
    ? [FINAL | opcode, MASKED | payload.length]
    : [FINAL | opcode, MASKED | EXTENDED, payload.length >> 8, payload.length & 0xff];
  return Buffer.concat([Buffer.from([...head, 0, 0, 0, 0]), payload]);
};

export const upgradeLines = (host: string, more: readonly string[] = []): string[] => [
  'GET /ws HTTP/1.1',
  `Host: ${host}`,
  'Upgrade: websocket',
  'Connection: Upgrade',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  ...more,
];

export const headOf = (lines: readonly string[]): string => `${lines.join('\r\n')}\r\n\r\n`;

/** Sends these bytes and reads until the other side ends, `enough` is said, or nothing came for so long. */
export const sayRaw = (
  url: string,
  bytes: string | Uint8Array,
  { enough = () => false, waitMs = 2000 }: { enough?(told: string): boolean; waitMs?: number } = {},
): Promise<string> =>
  new Promise((done) => {
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    let told = '';
    const end = () => {
      clearTimeout(limit);
      socket.destroy();
      done(told);
    };
    const limit = setTimeout(end, waitMs);
    socket.on('data', (data) => {
      told += data.toString('latin1');
      if (enough(told)) end();
    });
    socket.on('close', end);
    socket.on('error', end);
    socket.write(bytes);
  });

export class RawClient {
  readonly #socket: Socket;
  #timer: NodeJS.Timeout | null = null;
  #bytes = Buffer.alloc(0);
  #isUpgraded = false;
  readBytes = 0;
  isClosed = false;

  /** @param bytesPerSecond 0 = never reads a byte. */
  constructor(url: string, bytesPerSecond: number) {
    const { host, hostname, port } = new URL(url);
    this.#socket = connect(Number(port), hostname);
    this.#socket.pause();
    for (const event of ['close', 'error', 'end'] as const) {
      this.#socket.on(event, () => {
        this.isClosed = true;
      });
    }
    const hello = frameOf(Buffer.from('{"cmd":"HELLO"}'));
    this.#socket.write(Buffer.concat([Buffer.from(headOf(upgradeLines(host))), hello]));
    if (bytesPerSecond === 0) return;
    const share = Math.round((bytesPerSecond * READ_EVERY_MS) / 1000);
    this.#timer = setInterval(() => this.#read(share), READ_EVERY_MS);
  }

  close(): void {
    if (this.#timer) clearInterval(this.#timer);
    this.#socket.destroy();
  }

  #read(share: number): void {
    const data: Buffer | null = this.#socket.read(share) ?? this.#socket.read();
    if (data === null) return;
    this.readBytes += data.length;
    this.#bytes = Buffer.concat([this.#bytes, data]);
    if (!this.#isUpgraded) {
      const end = this.#bytes.indexOf('\r\n\r\n');
      if (end < 0) return;
      this.#isUpgraded = true;
      this.#bytes = this.#bytes.subarray(end + 4);
    }
    while (this.#takeFrame());
  }

  /** False when the next frame is not whole yet. */
  #takeFrame(): boolean {
    const bytes = this.#bytes;
    if (bytes.length < 2) return false;
    const short = (bytes[1] ?? 0) & 0x7f;
    const headBytes = short < EXTENDED ? 2 : short === EXTENDED ? 4 : 10;
    if (bytes.length < headBytes) return false;
    const length =
      short < EXTENDED
        ? short
        : short === EXTENDED
          ? bytes.readUInt16BE(2)
          : Number(bytes.readBigUInt64BE(2));
    if (bytes.length < headBytes + length) return false;
    const payload = bytes.subarray(headBytes, headBytes + length);
    const isFrame = ((bytes[0] ?? 0) & 0x0f) === BINARY && payload.length >= 8;
    if (isFrame && payload.readUInt32LE(0) === FRAME_MAGIC) {
      const ack = { cmd: 'ACK', seq: payload.readUInt32LE(4) };
      this.#socket.write(frameOf(Buffer.from(JSON.stringify(ack))));
    }
    this.#bytes = bytes.subarray(headBytes + length);
    return true;
  }
}
