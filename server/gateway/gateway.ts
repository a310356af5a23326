/**
 * Makes the gateway: the link on one side, the socket, REST and the page on the other.
 *
 * Everything it holds comes from the engine's full state and patches; it can die at any moment.
 */
import { join } from 'node:path';
import { LIMITS } from '../../protocol/limits.ts';
import { Clients } from './clients.ts';
import { EngineEvents } from './engine-events.ts';
import { EngineLink } from './engine-link.ts';
import { FanOut } from './fan-out.ts';
import { FeatureStream } from './feature-stream.ts';
import { makeHostList } from './hosts.ts';
import { httpApp } from './http-app.ts';
import type { Log } from '../telemetry/log.ts';
import { PendingCommands } from './pending-commands.ts';
import { Replica } from './replica.ts';
import type { Room } from './room.ts';
import { socketHandlers, sweep } from './socket.ts';
import { TokenBucket } from './token-bucket.ts';

export interface GatewayOptions {
  readonly host: string;
  /** 0 = any free one. */
  readonly port: number;
  readonly linkPath: string;
  readonly webFolder: string;
  readonly dataFolder: string;
  /** Off for tests that send more than a player can; only for clients of this computer. */
  readonly rateLimit: boolean;
  readonly log: Log;
  /** Monotonic ms. */
  now?(): number;
}

export interface Gateway {
  readonly port: number;
  /** The launcher heard no heartbeat of the engine, or hears it again. */
  setFrozen(frozen: boolean): void;
  stop(): void;
}

const SWEEP_MS = 250;
/** A recall may wait for a bar line of 48 s. */
const REQUEST_IDLE_SECONDS = 90;
const GOING_AWAY = 1001;

const makeRoom = (options: GatewayOptions): { room: Room; events: EngineEvents } => {
  const now = options.now ?? (() => performance.now());
  const clients = new Clients();
  const replica = new Replica();
  const features = new FeatureStream();
  const fanOut = new FanOut({ clients, replica, features, now });
  const pending = new PendingCommands();
  const { log, rateLimit, webFolder } = options;
  const exportsFolder = join(options.dataFolder, 'exports');
  const events = new EngineEvents({ clients, replica, features, fanOut, pending, log, now });
  const engine = new EngineLink({
    path: options.linkPath,
    log,
    now,
    onMessage: (message) => events.take(message),
    onFrame: (frame) => events.frame(frame),
    onDown: () => events.down(),
  });
  events.attach(engine);
  const makeBucket = (loopback: boolean) =>
    loopback && !rateLimit
      ? null
      : new TokenBucket(LIMITS.commandsPerSecond, LIMITS.commandBurst, now());
  const hosts = makeHostList(options.port);
  const parts = { clients, replica, features, fanOut, pending, engine, log, now };
  return { room: { ...parts, hosts, makeBucket, webFolder, exportsFolder }, events };
};

/** Throws when the port is taken. */
export const startGateway = (options: GatewayOptions): Gateway => {
  const { room, events } = makeRoom(options);
  const app = httpApp(room);
  try {
    app.listen({
      hostname: options.host,
      port: options.port,
      // Elysia would share the port with a forgotten instance and lose half of the requests.
      reusePort: false,
      idleTimeout: REQUEST_IDLE_SECONDS,
      maxRequestBodySize: 2 * LIMITS.messageBytesMax,
      development: false,
      websocket: socketHandlers(room),
    });
  } catch (error) {
    room.engine.close();
    throw error;
  }
  const port = app.server?.port ?? options.port;
  room.hosts = makeHostList(port);
  const timer = setInterval(() => {
    sweep(room);
    events.sweep();
  }, SWEEP_MS);
  return {
    port,
    setFrozen: (frozen) => events.setFrozen(frozen),
    stop() {
      clearInterval(timer);
      for (const client of room.clients.all) client.close(GOING_AWAY, 'ends');
      room.engine.close();
      void app.stop(true);
    },
  };
};
