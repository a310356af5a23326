/** One try of a socket: open within 5 s, then frames and messages, then one end. */
import type { Command } from '../../protocol/commands.ts';

/** What a socket must offer; tests hand in their own. */
export type Socket = Pick<
  WebSocket,
  'binaryType' | 'readyState' | 'send' | 'close' | 'addEventListener'
>;

export interface LineHandlers {
  readonly onOpen: () => void;
  readonly onData: (data: unknown) => void;
  /** `code` is undefined when the socket did not open in time. */
  readonly onEnd: (code: number | undefined) => void;
}

export interface Line {
  /** false when it is not open: nothing was sent. */
  send(command: Command): boolean;
  isOpen(): boolean;
  /** Ends it without telling anybody. */
  drop(): void;
}

const OPEN = 1;
const OPEN_MS_MAX = 5000;

export const makeLine = (socket: Socket, handlers: LineHandlers): Line => {
  const ending = new AbortController();
  const { signal } = ending;
  let isOpen = false;
  socket.binaryType = 'arraybuffer';

  const drop = () => {
    if (signal.aborted) return;
    ending.abort();
    clearTimeout(limit);
    isOpen = false;
    socket.close();
  };
  const limit = setTimeout(() => {
    drop();
    handlers.onEnd(undefined);
  }, OPEN_MS_MAX);

  socket.addEventListener(
    'open',
    () => {
      clearTimeout(limit);
      isOpen = true;
      handlers.onOpen();
    },
    { signal },
  );
  socket.addEventListener('message', (event) => handlers.onData(event.data), { signal });
  socket.addEventListener(
    'close',
    (event) => {
      drop();
      handlers.onEnd(event.code);
    },
    { signal },
  );

  return {
    drop,
    isOpen: () => isOpen,
    send(command) {
      if (!isOpen || socket.readyState !== OPEN) return false;
      socket.send(JSON.stringify(command));
      return true;
    },
  };
};
