import { afterEach, beforeEach, describe, expect, jest, test } from 'bun:test';
import type { Message } from '../../protocol/messages.ts';
import { type LineStatus, makeConnection } from '../../web/sync/make-connection.ts';
import type { Socket } from '../../web/sync/make-line.ts';
import { makeRequests, Refusal } from '../../web/sync/make-requests.ts';
import { socketUrl } from '../../web/sync/page-life.ts';

class FakeSocket extends EventTarget {
  binaryType: BinaryType = 'blob';
  readyState = 0;
  readonly sent: { cmd: string }[] = [];
  isClosed = false;
  send(text: string) {
    this.sent.push(JSON.parse(text) as { cmd: string });
  }
  close() {
    this.isClosed = true;
  }
  open() {
    this.readyState = 1;
    this.dispatchEvent(new Event('open'));
  }
  say(message: Message) {
    this.dispatchEvent(new MessageEvent('message', { data: JSON.stringify(message) }));
  }
  die(code: number) {
    this.readyState = 3;
    this.dispatchEvent(Object.assign(new Event('close'), { code }));
  }
}

const WELCOME: Message = { type: 'WELCOME', clientId: 'c', epoch: 'e', protocol: 'p' };
let nowMs = 0;

beforeEach(() => {
  jest.useFakeTimers();
  nowMs = 0;
});
afterEach(() => {
  jest.useRealTimers();
});

const advance = (ms: number) => {
  for (let done = 0; done < ms; done += 50) {
    nowMs += 50;
    jest.advanceTimersByTime(50);
  }
};

const setUp = () => {
  const sockets: FakeSocket[] = [];
  const log: LineStatus[] = [];
  const refused: number[] = [];
  const connection = makeConnection({
    openSocket: () => {
      const socket = new FakeSocket();
      sockets.push(socket);
      return socket as unknown as Socket;
    },
    hello: () => ({ cmd: 'HELLO' }),
    onMessage: () => undefined,
    onFrame: () => undefined,
    onStatus: (status) => log.push(status),
    onRefused: (code) => refused.push(code),
    nowMs: () => nowMs,
  });
  const newest = () => {
    const socket = sockets.at(-1);
    if (!socket) throw new Error('no socket was opened');
    return socket;
  };
  const live = () => {
    newest().open();
    newest().say(WELCOME);
  };
  /** Answers pings, so that the line lives. */
  const answer = (ms: number) => {
    for (let done = 0; done < ms; done += 500) {
      advance(500);
      newest().say({ type: 'PONG', t0: 0, t1: 0 });
    }
  };
  return { connection, sockets, log, refused, newest, live, answer };
};

describe('the line', () => {
  test('says HELLO first and is live with the WELCOME', () => {
    const { connection, log, newest } = setUp();
    newest().open();
    expect(newest().sent[0]).toEqual({ cmd: 'HELLO' });
    expect(log).toEqual(['connecting']);
    newest().say(WELCOME);
    expect(log).toEqual(['connecting', 'live']);
    connection.close();
  });

  test('sends nothing while it is down, and nothing later', () => {
    const { connection, newest, live } = setUp();
    expect(connection.send({ cmd: 'PLAY' })).toBe(false);
    live();
    newest().die(1006);
    expect(connection.send({ cmd: 'PLAY' })).toBe(false);
    advance(50);
    live();
    expect(newest().sent.map(({ cmd }) => cmd)).not.toContain('PLAY');
    connection.close();
  });

  test('comes back at once, then patiently', () => {
    const { answer, connection, sockets, live, newest } = setUp();
    live();
    newest().die(1006);
    advance(50);
    expect(sockets).toHaveLength(2);
    // A quarter of a second, then twice as long each time, a fifth more or less.
    for (const ms of [250, 500, 1000, 2000, 2000, 2000]) {
      const before = sockets.length;
      newest().die(1006);
      advance(0.8 * ms - 50);
      expect(sockets).toHaveLength(before);
      advance(0.4 * ms + 100);
      expect(sockets).toHaveLength(before + 1);
    }
    live();
    answer(1500);
    const before = sockets.length;
    newest().die(1006);
    advance(50);
    expect(sockets).toHaveLength(before + 1);
    connection.close();
  });

  test('pages that lost their lines together do not all come back at once', () => {
    const tried = new Set<number>();
    // Of forty, all in the same twentieth of a second: less than once in 10^11.
    for (let page = 0; page < 40; page++) {
      const { connection, sockets, newest } = setUp();
      newest().die(1006);
      advance(50);
      newest().die(1006);
      const before = sockets.length;
      let ms = 0;
      while (sockets.length === before && ms < 1000) {
        advance(50);
        ms += 50;
      }
      tried.add(ms);
      connection.close();
    }
    expect(tried.size).toBeGreaterThan(1);
  });

  test('a server that welcomes and cuts, again and again, is tried more and more patiently', () => {
    const { connection, sockets, live, newest } = setUp();
    for (let ms = 0; ms < 10_000; ms += 50) {
      if (newest().readyState === 0) {
        live();
        newest().die(1006);
      }
      advance(50);
    }
    expect(sockets.length).toBeLessThan(12);
    connection.close();
  });

  test('a server that stops answering is noticed within 4 s', () => {
    const { connection, sockets, live, answer, log } = setUp();
    live();
    answer(5000);
    expect(sockets).toHaveLength(1);
    advance(4100);
    expect(log).toContain('lost');
    expect(sockets.length).toBeGreaterThan(1);
    expect(sockets[0]?.isClosed).toBe(true);
    connection.close();
  });

  test('a line that opens but is never welcomed is tried anew', () => {
    const { connection, sockets, newest } = setUp();
    newest().open();
    for (let n = 0; n < 10; n++) {
      advance(500);
      sockets[0]?.say({ type: 'PONG', t0: 0, t1: 0 });
    }
    expect(sockets.length).toBeGreaterThan(1);
    connection.close();
  });

  test.each([1010, 1011])(
    'while the engine is away or stands still (%i), silence is borne longer',
    (code) => {
      const { connection, sockets, live, newest } = setUp();
      live();
      newest().say({ type: 'NOTICE', code });
      advance(8000);
      expect(sockets).toHaveLength(1);
      connection.close();
    },
  );

  test('back from sleep, a dead line is replaced within 1.2 s', () => {
    const { connection, sockets, live } = setUp();
    live();
    connection.setHidden(true);
    advance(20_000);
    expect(sockets).toHaveLength(1);
    connection.setHidden(false);
    advance(1200);
    expect(sockets.length).toBeGreaterThan(1);
    connection.close();
  });

  test('hidden, it makes no tries', () => {
    const { connection, sockets, live, newest } = setUp();
    live();
    connection.setHidden(true);
    newest().die(1006);
    advance(10_000);
    expect(sockets).toHaveLength(1);
    connection.close();
  });

  test('hidden, it gets no frames; shown again, it does', () => {
    const { connection, live, newest } = setUp();
    live();
    connection.setHidden(true);
    connection.setHidden(false);
    const told = newest().sent.filter(({ cmd }) => cmd === 'SET_VIS');
    expect(told).toEqual([0, 30].map((fps) => ({ cmd: 'SET_VIS', fps })));
    connection.close();
  });

  test('hidden before the line is up, it says so right after HELLO', () => {
    const { connection, newest } = setUp();
    connection.setHidden(true);
    newest().open();
    expect(newest().sent.slice(0, 2)).toEqual([
      { cmd: 'HELLO' },
      { cmd: 'SET_VIS', fps: 0 } as { cmd: string },
    ]);
    connection.close();
  });

  test('asked for the time of a new engine, it pings sixteen times in its first moments', () => {
    const { connection, newest, live } = setUp();
    live();
    advance(1900);
    const pings = () => newest().sent.filter(({ cmd }) => cmd === 'PING').length;
    const before = pings();
    connection.askTime();
    advance(1150);
    // And those of every second.
    expect(pings() - before).toBe(18);
    connection.close();
  });

  test('a socket that never opens is given up after 5 s', () => {
    const { connection, sockets } = setUp();
    advance(5100);
    expect(sockets.length).toBeGreaterThan(1);
    connection.close();
  });

  test('refused as old or as the 17th, it says so and waits', () => {
    const { connection, sockets, refused, newest } = setUp();
    newest().open();
    newest().die(4003);
    expect(refused).toEqual([4003]);
    advance(4000);
    expect(sockets).toHaveLength(1);
    advance(1500);
    expect(sockets).toHaveLength(2);
    connection.close();
  });
});

describe('requests', () => {
  test('each has its own number and is settled once by its answer', async () => {
    const sent: { reqId?: string }[] = [];
    const requests = makeRequests(
      (command) => sent.push(command) > 0,
      () => 'me',
    );
    const first = requests.ask({ cmd: 'PLAY' });
    const second = requests.ask({ cmd: 'UNDO', scope: 'SESSION' }, 77);
    expect(sent.map(({ reqId }) => reqId)).toEqual(['me.1', 'me.2']);
    expect(sent[1]).toMatchObject({ at: 77 });
    expect(requests.settle({ type: 'OK', reqId: 'me.1', revId: 3 })).toBe(true);
    expect(requests.settle({ type: 'OK', reqId: 'me.1', revId: 3 })).toBe(false);
    expect((await first).revId).toBe(3);
    requests.settle({ type: 'ERROR', code: 4005, msg: 'none', reqId: 'me.2' });
    expect(await second.catch((error: unknown) => error)).toMatchObject({ code: 4005 });
  });

  test('without a line they fail at once, and nothing is resent', async () => {
    let isUp = true;
    const sent: unknown[] = [];
    const requests = makeRequests(
      (command) => isUp && sent.push(command) > 0,
      () => 'me',
    );
    const waiting = requests.ask({ cmd: 'PLAY' });
    isUp = false;
    requests.failAll();
    const down = requests.ask({ cmd: 'PAUSE' });
    for (const request of [waiting, down]) {
      const error = await request.catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(Refusal);
      expect((error as Refusal).code).toBeUndefined();
    }
    expect(sent).toHaveLength(1);
  });
});

test('the socket is on the page’s own origin, with its scheme', () => {
  const at = (href: string) => socketUrl(new URL(href));
  expect(at('http://127.0.0.1:4800/')).toBe('ws://127.0.0.1:4800/ws');
  expect(at('http://mac.local:4800/#k=token')).toBe('ws://mac.local:4800/ws');
  expect(at('https://mac.local/?x=1')).toBe('wss://mac.local/ws');
});
