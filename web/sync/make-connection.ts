/**
 * One socket to the gateway, kept alive: connects, says HELLO, notices silence, connects anew.
 *
 * It queues nothing: what is sent while the line is down is refused, so that no press arrives late.
 * Half-open sockets are found by pings; a page that comes back from sleep asks first and waits 1 s.
 */
import type { Command } from '../../protocol/commands.ts';
import type { Message } from '../../protocol/messages.ts';

export type LineStatus = 'connecting' | 'live' | 'lost';

/** What a socket must offer; tests hand in their own. */
export type Socket = Pick<WebSocket, 'binaryType' | 'readyState' | 'send' | 'close'> & {
  onopen: ((event: Event) => unknown) | null;
  onclose: ((event: CloseEvent) => unknown) | null;
  onmessage: ((event: MessageEvent) => unknown) | null;
};

export interface ConnectionOptions {
  readonly url: string;
  readonly openSocket: (url: string) => Socket;
  readonly hello: () => Command;
  readonly onMessage: (message: Message) => void;
  readonly onFrame: (bytes: ArrayBuffer) => void;
  readonly onStatus: (status: LineStatus) => void;
  /** The server refused this page: 4001 = older than the server, 4003 = too many clients. */
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
  /** A hidden page makes no tries. */
  setHidden(isHidden: boolean): void;
  close(): void;
}

const OPEN = 1;
const CONNECT_MS_MAX = 5000;
const PING_MS = 1000;
const SILENCE_MS_MAX = 3000;
const PROBE_MS_MAX = 1000;
const RETRY_MS = [0, 250, 500, 500, 500, 500, 500, 500, 1000] as const;
const REFUSED_RETRY_MS = 5000;
const REFUSED_CODES = [4001, 4003] as const;

export const makeConnection = (options: ConnectionOptions): Connection => {
  const { nowMs } = options;
  let socket: Socket | undefined;
  let isOpen = false;
  let isHidden = false;
  let isClosed = false;
  let tries = 0;
  let heardMs = 0;
  let triedMs = 0;
  let silenceMsMax = SILENCE_MS_MAX;
  let retryTimer: ReturnType<typeof setTimeout> | undefined;
  let limitTimer: ReturnType<typeof setTimeout> | undefined;

  const send = (command: Command): boolean => {
    if (!socket || !isOpen || socket.readyState !== OPEN) return false;
    socket.send(JSON.stringify(command));
    return true;
  };

  const ping = () => send({ cmd: 'PING', t0: nowMs() });

  const drop = () => {
    clearTimeout(limitTimer);
    const old = socket;
    socket = undefined;
    isOpen = false;
    if (!old) return;
    old.onopen = old.onclose = old.onmessage = null;
    old.close();
  };

  const lose = (afterMs: number) => {
    drop();
    if (isClosed) return;
    options.onStatus('lost');
    clearTimeout(retryTimer);
    if (!isHidden) retryTimer = setTimeout(connect, afterMs);
  };

  const nextRetryMs = () => RETRY_MS[Math.min(tries++, RETRY_MS.length - 1)] ?? 1000;

  const take = (data: unknown) => {
    heardMs = nowMs();
    silenceMsMax = SILENCE_MS_MAX;
    if (typeof data !== 'string') {
      if (data instanceof ArrayBuffer) options.onFrame(data);
      return;
    }
    const message = JSON.parse(data) as Message;
    if (message.type === 'WELCOME') {
      tries = 0;
      options.onStatus('live');
    }
    // The engine answers pings; while it restarts the gateway alone holds the line.
    if (message.type === 'NOTICE' && message.code === 1010) silenceMsMax = SILENCE_MS_MAX * 4;
    options.onMessage(message);
  };

  function connect(): void {
    clearTimeout(retryTimer);
    if (isClosed) return;
    drop();
    const made = options.openSocket(options.url);
    triedMs = nowMs();
    socket = made;
    made.binaryType = 'arraybuffer';
    limitTimer = setTimeout(() => lose(nextRetryMs()), CONNECT_MS_MAX);
    made.onopen = () => {
      clearTimeout(limitTimer);
      isOpen = true;
      heardMs = nowMs();
      send(options.hello());
      ping();
    };
    made.onmessage = (event) => take(event.data);
    made.onclose = (event) => {
      const isRefused = REFUSED_CODES.some((code) => code === event.code);
      if (isRefused) options.onRefused(event.code);
      lose(isRefused ? REFUSED_RETRY_MS : nextRetryMs());
    };
  }

  const probe = (): void => {
    // A try that began just now is left alone; an older one may hang for ever.
    if (!isOpen) return socket && nowMs() - triedMs < PROBE_MS_MAX ? undefined : connect();
    const askedMs = nowMs();
    ping();
    setTimeout(() => {
      if (isOpen && heardMs < askedMs) lose(0);
    }, PROBE_MS_MAX);
  };

  let tickedMs = nowMs();
  const pinger = setInterval(() => {
    const now = nowMs();
    const slept = now - tickedMs > PING_MS * 2;
    tickedMs = now;
    if (isHidden) return;
    if (slept) return probe();
    ping();
    if (isOpen && now - heardMs > silenceMsMax) lose(0);
  }, PING_MS);

  options.onStatus('connecting');
  connect();

  return {
    send,
    probe,
    retryNow: () => {
      tries = 0;
      connect();
    },
    setHidden(hidden) {
      isHidden = hidden;
      if (hidden) clearTimeout(retryTimer);
      else probe();
    },
    close() {
      isClosed = true;
      clearInterval(pinger);
      clearTimeout(retryTimer);
      drop();
    },
  };
};
