/**
 * Makes the gateway: the link on one side, the socket, REST and the page on the other.
 *
 * Everything it holds comes from the engine's full state and patches; it can die at any moment.
 */
import { join } from 'node:path';
import { LIMITS } from '../../protocol/limits.ts';
import { METRICS_INTERVAL_MS } from '../../protocol/metrics.ts';
import { type WallClock, wallClock } from '../clock.ts';
import type { LanPlace } from '../lan.ts';
import { Clients } from './clients.ts';
import { EngineEvents } from './engine-events.ts';
import { EngineLink } from './engine-link.ts';
import { FanOut } from './fan-out.ts';
import { FeatureStream } from './feature-stream.ts';
import { makeHostList } from './hosts.ts';
import { httpApp } from './http-app.ts';
import { Listeners } from './listeners.ts';
import type { Log } from '../telemetry/log.ts';
import { errorText } from './messages.ts';
import { Metrics } from './metrics.ts';
import { type Device, DeviceFile } from './pairing/device-file.ts';
import { Devices } from './pairing/devices.ts';
import { Pairing } from './pairing/pairing.ts';
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
  readonly logFolder: string | null;
  /** How FlowZone was started, for a support bundle. */
  readonly config: object;
  /** Off for tests that send more than a player can; only for clients of this computer. */
  readonly rateLimit: boolean;
  /** Where phones find this computer; null = it answers to itself only. */
  readonly lan: LanPlace | null;
  readonly log: Log;
  /** Monotonic ms. */
  now?(): number;
  readonly wallClock?: WallClock;
}

export interface Gateway {
  readonly port: number;
  /** The launcher heard no heartbeat of the engine, or hears it again. */
  setFrozen(frozen: boolean): void;
  /** The launcher could not start the engine for this reason, and goes on trying. */
  setRefused(says: string): void;
  stop(): void;
}

const SWEEP_MS = 250;
/** A recall may wait for a bar line of 48 s. */
const REQUEST_IDLE_SECONDS = 90;
const GOING_AWAY = 1001;
const LAN_NAMES_MS = 1000;

/** A list that cannot be read lets nobody in: they are paired anew. */
const readDevices = (file: DeviceFile, log: Log): Device[] => {
  try {
    return file.read();
  } catch (error) {
    log('error', 'the list of paired devices is damaged', { error: errorText(error) });
    return [];
  }
};

/** Names of the network, looked up again after a second. */
const lanNamesOf = (lan: LanPlace | null, now: () => number): (() => readonly string[]) => {
  let names: readonly string[] = [];
  let readMs = Number.NEGATIVE_INFINITY;
  return () => {
    if (lan === null || now() - readMs < LAN_NAMES_MS) return names;
    readMs = now();
    names = [...lan.addresses(), ...(lan.name === null ? [] : [lan.name])];
    return names;
  };
};

const makeRoom = (options: GatewayOptions): { room: Room; events: EngineEvents } => {
  const now = options.now ?? (() => performance.now());
  const { lan, log, rateLimit, webFolder } = options;
  const clients = new Clients();
  const replica = new Replica();
  const features = new FeatureStream();
  const listeners = new Listeners();
  const fanOut = new FanOut({ clients, replica, features, log, now });
  const pending = new PendingCommands();
  const exportsFolder = join(options.dataFolder, 'exports');
  const { config, dataFolder, logFolder } = options;
  const support = { config, dataFolder, logFolder };
  const events = new EngineEvents({
    clients,
    replica,
    features,
    listeners,
    fanOut,
    pending,
    log,
    now,
  });
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
  const file = new DeviceFile(join(options.dataFolder, 'paired.json'));
  const devices = new Devices(file, readDevices(file, log), options.wallClock ?? wallClock);
  const pairing = new Pairing({ clients, devices, lan, log, now, port: () => room.port });
  const { port } = options;
  const hosts = makeHostList(port);
  const parts = { clients, replica, features, listeners, fanOut, pending, engine, log, now };
  const metrics = new Metrics(parts, options.wallClock ?? wallClock);
  const room: Room = {
    ...parts,
    metrics,
    devices,
    pairing,
    hosts,
    port,
    makeBucket,
    webFolder,
    exportsFolder,
    support,
  };
  return { room, events };
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
  room.port = port;
  room.hosts = makeHostList(port, lanNamesOf(options.lan, room.now));
  const timer = setInterval(() => {
    sweep(room);
    events.sweep();
  }, SWEEP_MS);
  const seconds = setInterval(() => room.metrics.sample(), METRICS_INTERVAL_MS);
  let isOver = false;
  return {
    port,
    setFrozen: (frozen) => events.setFrozen(frozen),
    setRefused: (says) => events.setRefused(says),
    stop() {
      if (isOver) return;
      isOver = true;
      clearInterval(timer);
      clearInterval(seconds);
      for (const client of room.clients.all) client.close(GOING_AWAY, 'ends');
      room.engine.close();
      void app.stop(true);
    },
  };
};
