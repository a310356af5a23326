/** Says exactly what it is told, from whichever address: browsers and fetch correct too much. */
import { connect } from 'node:net';
import { encodeText } from './deaf-socket.ts';

export interface Asked {
  readonly port: number;
  /** The asker's own address: 127.0.0.1 is this computer, any other of 127/8 is not. */
  readonly peer: string;
  readonly lines: readonly string[];
  readonly body?: string;
  /** After the upgrade. */
  readonly hello?: object;
}

const CLOSE_FRAME = Buffer.from([0x88, 0x80, 1, 2, 3, 4]);
/** The end of an answer of ours: a code, or what stands in a good one. */
const ANSWERED = /"code":\d+|"WELCOME"|"type":"OK"|"epoch"/;

/** All that came back, as text; resolves when the connection is over. */
export const askRaw = ({ body = '', hello, lines, peer, port }: Asked): Promise<string> =>
  new Promise((done, fail) => {
    let told = '';
    const socket = connect({ port, host: '127.0.0.1', localAddress: peer });
    socket.on('error', fail);
    socket.on('close', () => done(told));
    socket.on('data', (data: Buffer) => {
      const isFirst = told === '';
      told += data.toString('latin1');
      if (isFirst && told.startsWith('HTTP/1.1 101') && hello !== undefined) {
        socket.write(encodeText(JSON.stringify(hello)));
      }
      if (!ANSWERED.test(told)) return;
      if (told.startsWith('HTTP/1.1 101')) socket.write(CLOSE_FRAME);
      else socket.end();
    });
    socket.write(`${lines.join('\r\n')}\r\n\r\n${body}`);
  });

export const UPGRADE = [
  'GET /ws HTTP/1.1',
  'Upgrade: websocket',
  'Connection: Upgrade',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  'Sec-WebSocket-Version: 13',
] as const;

/** What was refused, or null when it was let in. */
export const codeOf = (told: string): number | null => {
  const code = /"code":(\d+)/.exec(told)?.[1];
  return code === undefined ? null : Number(code);
};
