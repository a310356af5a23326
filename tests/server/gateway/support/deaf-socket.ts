/** A client that greets and then never reads: the kernel's buffers fill, then the gateway's queue. */
import { connect, type Socket } from 'node:net';
import type { Message } from '../../../../protocol/messages.ts';
import { type Inbox, makeInbox } from '../../../support/inbox.ts';

const MASK = Buffer.from([1, 2, 3, 4]);

/** One masked text message, as a browser sends it. */
export const encodeText = (text: string): Buffer => {
  const payload = Buffer.from(text).map((byte, i) => byte ^ (MASK[i % 4] ?? 0));
  return Buffer.concat([Buffer.from([0x81, 0x80 | payload.length]), MASK, payload]);
};

/** Cuts what the server sent, unmasked and whole, into text messages; others are left out. */
class TextReader {
  #rest = Buffer.alloc(0);

  push(chunk: Buffer): string[] {
    this.#rest = Buffer.concat([this.#rest, chunk]);
    const texts: string[] = [];
    for (;;) {
      const bytes = this.#rest;
      const short = (bytes[1] ?? 0) & 0x7f;
      const head = short < 126 ? 2 : short === 126 ? 4 : 10;
      if (bytes.length < head) return texts;
      const length =
        short < 126 ? short : short === 126 ? bytes.readUInt16BE(2) : bytes.readUInt32BE(6);
      if (bytes.length < head + length) return texts;
      if (bytes[0] === 0x81) texts.push(bytes.toString('utf8', head, head + length));
      this.#rest = bytes.subarray(head + length);
    }
  }
}

export interface DeafSocket {
  /** Reads again, from now on. */
  listen(): void;
  /** What it read. */
  readonly heard: Inbox<Message>;
  readonly closed: Promise<void>;
  close(): void;
}

/** Resolves when the upgrade is done; from there on nothing is read. */
export const connectDeaf = (
  port: number,
  hello: object = {},
  headers: Readonly<Record<string, string>> = {},
): Promise<DeafSocket> =>
  new Promise((done, fail) => {
    const socket: Socket = connect(port, '127.0.0.1');
    const reader = new TextReader();
    const heard = makeInbox<Message>();
    const closed = new Promise<void>((gone) => socket.on('close', () => gone()));
    socket.on('error', fail);
    socket.once('data', () => {
      socket.on('data', (data: Buffer) => {
        for (const text of reader.push(data)) heard.put(JSON.parse(text) as Message);
      });
      socket.pause();
      socket.write(encodeText(JSON.stringify({ cmd: 'HELLO', ...hello })));
      done({
        listen: () => socket.resume(),
        heard,
        closed,
        close: () => socket.destroy(),
      });
    });
    socket.write(
      [
        'GET /ws HTTP/1.1',
        ...Object.entries({ host: `127.0.0.1:${port}`, ...headers }).map(
          ([name, value]) => `${name}: ${value}`,
        ),
        'Upgrade: websocket',
        'Connection: Upgrade',
        'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
        'Sec-WebSocket-Version: 13',
        '\r\n',
      ].join('\r\n'),
    );
  });
