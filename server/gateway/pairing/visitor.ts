/**
 * Who asks: this computer, a paired device, or a stranger of the network.
 *
 * This computer is recognised by the peer's address and by the name it asks for, a device by the
 * cookie it was given. The cookie's name has the port: browsers keep one jar for all ports of a host.
 */
import type { HostList } from '../hosts.ts';
import type { Devices } from './devices.ts';

export interface Visitor {
  readonly loopback: boolean;
  /** Null for this computer and for strangers. */
  readonly deviceId: string | null;
}

const LOOPBACK = new Set(['127.0.0.1', '::ffff:127.0.0.1']);
/** Browsers keep a cookie for four hundred days at most. */
const COOKIE_SECONDS = 400 * 86_400;

export const isLocalPeer = (address: string): boolean => LOOPBACK.has(address);

const cookieName = (port: number): string => `flowzone-${port}`;

/** Sent to this host only, never to a script, never along with another site's request. */
export const deviceCookie = (port: number, token: string): string =>
  `${cookieName(port)}=${token}; Path=/; Max-Age=${COOKIE_SECONDS}; HttpOnly; SameSite=Strict`;

const cookiesOf = (header: string, name: string): string[] =>
  header
    .split(';')
    .map((part) => part.trim())
    .filter((part) => part.startsWith(`${name}=`))
    .map((part) => part.slice(name.length + 1));

export interface Reception {
  readonly devices: Devices;
  readonly hosts: HostList;
  readonly port: number;
}

/** @param address Of the peer; '' = it has gone. */
export const visitorOf = (
  { devices, hosts, port }: Reception,
  headers: Headers,
  address: string,
): Visitor => {
  if (hosts.isLoopback(headers.get('host'), isLocalPeer(address))) {
    return { loopback: true, deviceId: null };
  }
  for (const token of cookiesOf(headers.get('cookie') ?? '', cookieName(port))) {
    const deviceId = devices.idOf(token);
    if (deviceId !== null) return { loopback: false, deviceId };
  }
  return { loopback: false, deviceId: null };
};
