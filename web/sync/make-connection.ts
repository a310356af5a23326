/**
 * The page's line to the gateway, kept alive: connects, says HELLO, notices silence, connects anew.
 *
 * It queues nothing: what is sent while the line is down is refused, so that no press arrives late.
 * Half-open sockets are found by pings; a page that comes back from sleep asks first and waits 1 s.
 */
import type { Command } from '../../protocol/commands.ts';
import { LIMITS } from '../../protocol/limits.ts';
import type { Message } from '../../protocol/messages.ts';
import { type Line, makeLine, type Socket } from './make-line.ts';
import { makeRetry } from './make-retry.ts';
import { type Heard, makeSilence, NO_ENGINE, USUAL, WELCOMED } from './make-silence.ts';

export type LineStatus = 'connecting' | 'live' | 'lost';

export interface ConnectionOptions {
  readonly openSocket: () => Socket;
  readonly hello: () => Command;
  readonly onMessage: (message: Message) => void;
  readonly onFrame: (bytes: ArrayBuffer) => void;
  readonly onStatus: (status: LineStatus) => void;
  /** The server refused this page: 4001 = older than the server, 4003 = too many clients, 4005 = forgotten. */
  readonly onRefused: (code: number) => void;
  readonly nowMs: () => number;
}

export interface Connection {
  /** false when the line is down: nothing was sent and nothing will be. */
  send(command: Command): boolean;
  /** Connects at once, without waiting for the next try. */
  retryNow(): void;
  /** The page became visible or the network came back: prove that the line lives, within 1 s. */
  probe(): void;
  /** A hidden page makes no tries and gets no frames. */
  setHidden(isHidden: boolean): void;
  /** Asks for the engine's time, several times in half a second. */
  askTime(): void;
  close(): void;
}

const PING_MS = 1000;
/** A new line or engine is asked for the time more often, so that the first press is stamped well. */
export const FIRST_PINGS = { count: 16, apartMs: 75 };
const REFUSED_RETRY_MS = 5000;
const REFUSED_CODES: readonly (number | undefined)[] = [4001, 4003, 4005];
/** Engine restarting, control frozen: the gateway is there, and has nothing to hand on. */
const SILENT_ENGINE_CODES: readonly number[] = [1010, 1011];

/** Hands data on and says what it means for the line. */
const deliver = (data: unknown, options: ConnectionOptions): Heard => {
  if (data instanceof ArrayBuffer) options.onFrame(data);
  if (typeof data !== 'string') return USUAL;
  const message = JSON.parse(data) as Message;
  if (message.type === 'WELCOME') options.onStatus('live');
  options.onMessage(message);
  if (message.type === 'WELCOME') return WELCOMED;
  const isNoEngine = message.type === 'NOTICE' && SILENT_ENGINE_CODES.includes(message.code);
  return isNoEngine ? NO_ENGINE : USUAL;
};

/** Ticks once a second; says when the page slept through some. */
const startTicks = (nowMs: () => number, tick: (hasSlept: boolean) => void): (() => void) => {
  let tickedMs = nowMs();
  const timer = setInterval(() => {
    const now = nowMs();
    const hasSlept = now - tickedMs > PING_MS * 2;
    tickedMs = now;
    tick(hasSlept);
  }, PING_MS);
  return () => clearInterval(timer);
};

const isRefusal = (code: number | undefined): code is number =>
  code !== undefined && REFUSED_CODES.includes(code);

export const makeConnection = (options: ConnectionOptions): Connection => {
  const { nowMs } = options;
  const is = { hidden: false, closed: false };
  const silence = makeSilence(nowMs);
  const retry = makeRetry(nowMs, connect);
  let line: Line | undefined;

  const send = (command: Command) => line?.send(command) === true;
  const ping = () => send({ cmd: 'PING', t0: nowMs() });
  const askTime = () => {
    for (let n = 0; n < FIRST_PINGS.count; n++) setTimeout(ping, n * FIRST_PINGS.apartMs);
  };
  const tellHidden = () => send({ cmd: 'SET_VIS', fps: is.hidden ? 0 : LIMITS.featureFps });

  const lose = (afterMs: number) => {
    line?.drop();
    line = undefined;
    retry.cancel();
    if (is.closed) return;
    options.onStatus('lost');
    if (!is.hidden) retry.plan(afterMs);
  };

  const onEnd = (code: number | undefined) => {
    if (isRefusal(code)) options.onRefused(code);
    lose(isRefusal(code) ? REFUSED_RETRY_MS : retry.nextMs());
  };

  function connect(): void {
    if (is.closed) return;
    retry.begin();
    line?.drop();
    line = makeLine(options.openSocket(), {
      onEnd,
      onOpen() {
        silence.opened();
        send(options.hello());
        if (is.hidden) tellHidden();
        askTime();
      },
      onData(data) {
        // One that is answered and then cut, again and again, is not pressed.
        if (!retry.isFresh()) retry.reset();
        silence.heard(deliver(data, options));
      },
    });
  }

  const probe = (): void => {
    if (!line?.isOpen()) return line && retry.isFresh() ? undefined : connect();
    const asked = line;
    silence.prove(ping, () => line === asked && lose(0));
  };

  const stopTicks = startTicks(nowMs, (hasSlept) => {
    if (is.hidden) return;
    if (hasSlept) return probe();
    ping();
    if (line?.isOpen() && silence.isTooLong()) lose(0);
  });

  options.onStatus('connecting');
  connect();

  return {
    send,
    probe,
    retryNow() {
      retry.reset();
      connect();
    },
    askTime,
    setHidden(isHidden) {
      is.hidden = isHidden;
      tellHidden();
      if (isHidden) retry.cancel();
      else probe();
    },
    close() {
      is.closed = true;
      stopTicks();
      lose(0);
    },
  };
};
