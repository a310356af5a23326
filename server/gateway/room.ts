/** What the parts of the gateway share: made once in `gateway.ts`, handed to sockets and REST. */
import type { Clients } from './clients.ts';
import type { EngineLink } from './engine-link.ts';
import type { FanOut } from './fan-out.ts';
import type { FeatureStream } from './feature-stream.ts';
import type { HostList } from './hosts.ts';
import type { Listeners } from './listeners.ts';
import type { Log } from '../telemetry/log.ts';
import type { Metrics } from './metrics.ts';
import type { Devices } from './pairing/devices.ts';
import type { Pairing } from './pairing/pairing.ts';
import type { PendingCommands } from './pending-commands.ts';
import type { Replica } from './replica.ts';
import type { BundleOptions } from './support/bundle.ts';
import type { TokenBucket } from './token-bucket.ts';

export interface Room {
  readonly clients: Clients;
  readonly devices: Devices;
  readonly engine: EngineLink;
  readonly fanOut: FanOut;
  readonly features: FeatureStream;
  readonly listeners: Listeners;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly pairing: Pairing;
  readonly pending: PendingCommands;
  readonly replica: Replica;
  readonly webFolder: string;
  readonly exportsFolder: string;
  readonly support: Omit<BundleOptions, 'atMs'>;
  /** Known once the port is. */
  hosts: HostList;
  port: number;
  /** Monotonic ms of this process. */
  now(): number;
  /** For one sender; null = as fast as it likes. */
  makeBucket(loopback: boolean): TokenBucket | null;
}
