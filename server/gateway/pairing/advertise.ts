/**
 * Tells the network that FlowZone is here, and answers to this computer's `.local` name.
 *
 * Best effort: a network without multicast, or a port that another program keeps, costs the name and
 * nothing else. A computer that gets another address is told anew.
 */
import type { EventEmitter } from 'node:events';
import type { Bonjour } from 'bonjour-service';
import type { LanPlace } from '../../lan.ts';
import type { Log } from '../../telemetry/log.ts';
import { errorText } from '../messages.ts';
import { serviceName } from './service-name.ts';

export interface AdvertiseOptions {
  readonly place: LanPlace;
  readonly port: number;
  readonly log: Log;
  /** How often the addresses are looked at. */
  readonly lookMs?: number;
}

export interface Advertisement {
  /** Resolves when the first announcement is out, or cannot be. */
  readonly begun: Promise<void>;
  stop(): void;
}

const LOOK_MS = 10_000;

/** Not among the library's types; an error nobody listens to there would end the process. */
const responderOf = (bonjour: Bonjour): EventEmitter | undefined => {
  const server: unknown = Reflect.get(bonjour, 'server');
  return typeof server === 'object' && server !== null
    ? (Reflect.get(server, 'mdns') as EventEmitter | undefined)
    : undefined;
};

const open = async (onError: (error: unknown) => void): Promise<Bonjour> => {
  // Most runs are without a network.
  const { Bonjour } = await import('bonjour-service');
  const bonjour = new Bonjour({}, onError);
  responderOf(bonjour)?.on('error', onError);
  return bonjour;
};

export const advertise = (options: AdvertiseOptions): Advertisement => {
  const { log, place, port } = options;
  const begun = Promise.withResolvers<void>();
  let bonjour: Bonjour | null = null;
  let told = '';
  let isOver = false;
  let hasFailed = false;

  const fail = (error: unknown) => {
    // It fails again with each try to answer.
    if (!hasFailed) log('warn', 'not told to the network', { error: errorText(error) });
    hasFailed = true;
    begun.resolve();
  };
  const publish = () => {
    told = place.addresses().join(' ');
    const host = place.name ?? undefined;
    const service = bonjour?.publish({
      name: serviceName(place, port),
      type: 'http',
      port,
      ...(host !== undefined && { host }),
      txt: { path: '/' },
      disableIPv6: true,
      // The name has computer and port in it, and a killed gateway's successor is no stranger.
      probe: false,
    });
    service?.once('up', () => begun.resolve());
  };
  const look = () => {
    if (bonjour === null || place.addresses().join(' ') === told) return;
    bonjour.unpublishAll(() => {
      if (!isOver) publish();
    });
  };
  const timer = setInterval(look, options.lookMs ?? LOOK_MS);
  timer.unref();
  open(fail).then((opened) => {
    bonjour = opened;
    if (isOver) opened.destroy();
    else publish();
  }, fail);

  return {
    begun: begun.promise,
    stop() {
      isOver = true;
      clearInterval(timer);
      const closing = bonjour;
      bonjour = null;
      closing?.unpublishAll(() => closing.destroy());
    },
  };
};
