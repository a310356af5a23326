/**
 * The gateway's end of the link: listens on `RUN/link.sock`, 0600, for one engine process.
 *
 * A new engine replaces the old connection: the launcher starts one only when the old is dead.
 */
import { chmodSync, rmSync } from 'node:fs';
import type { Socket } from 'bun';
import type { ToEngine, ToGateway } from '../../protocol/link.ts';
import { encodeJson, FrameReader } from './framing.ts';
import { SendQueue } from './send-queue.ts';

export interface LinkServerOptions {
  readonly path: string;
  onMessage(message: ToGateway): void;
  /** A feature frame; the bytes are the receiver's own. */
  onBinary(bytes: Uint8Array): void;
  /** An engine connected; its `hello` and `full` follow. */
  onUp(): void;
  /** The engine is gone. */
  onDown(): void;
  /** A connection that broke the framing, or a handler that threw; the link is closed or goes on. */
  onError(error: unknown): void;
}

export interface LinkServer {
  readonly isUp: boolean;
  /** False when there is no engine or it has not read for 4 MB: then nothing was sent. Never throws. */
  send(message: ToEngine): boolean;
  close(): void;
}

interface Peer {
  readonly reader: FrameReader;
  readonly queue: SendQueue;
}

/** A handler that throws is reported; it must not end the connection. */
const guard = (options: LinkServerOptions, act: () => void) => {
  try {
    act();
  } catch (error) {
    options.onError(error);
  }
};

const makePeer = (options: LinkServerOptions): Peer => ({
  reader: new FrameReader({
    onJson: (message) => guard(options, () => options.onMessage(message as ToGateway)),
    onBinary: (bytes) => guard(options, () => options.onBinary(bytes)),
  }),
  queue: new SendQueue(),
});

export const listenLink = (options: LinkServerOptions): LinkServer => {
  let engine: Socket<Peer> | null = null;

  const guarded = (act: () => void) => guard(options, act);

  const gone = (socket: Socket<Peer>) => {
    if (socket !== engine) return;
    engine = null;
    guarded(() => options.onDown());
  };

  rmSync(options.path, { force: true });
  const listener = Bun.listen<Peer>({
    unix: options.path,
    socket: {
      open(socket) {
        socket.data = makePeer(options);
        const old = engine;
        if (old) {
          gone(old);
          old.terminate();
        }
        engine = socket;
        guarded(() => options.onUp());
      },
      data(socket, bytes) {
        if (socket !== engine) return;
        try {
          socket.data.reader.push(bytes);
        } catch (error) {
          options.onError(error);
          gone(socket);
          socket.terminate();
        }
      },
      drain(socket) {
        socket.data.queue.flush(socket);
      },
      close: gone,
      error(socket, error) {
        options.onError(error);
        gone(socket);
      },
    },
  });
  chmodSync(options.path, 0o600);

  return {
    get isUp() {
      return engine !== null;
    },
    send(message) {
      if (engine === null || !engine.data.queue.offer(encodeJson(message))) return false;
      engine.data.queue.flush(engine);
      return true;
    },
    close() {
      listener.stop(true);
      rmSync(options.path, { force: true });
    },
  };
};
