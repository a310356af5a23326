/**
 * Which names the gateway answers to, and which pages may talk to it.
 *
 * An exact list of Host values stops DNS rebinding; an exact list of Origins stops a foreign page
 * from driving FlowZone through the player's browser. A request without Origin comes from no page.
 * This computer and its network are two worlds: whoever takes our name on the network serves no page
 * that may speak as this computer.
 */
import { ERRORS } from '../../protocol/errors.ts';

/** Of the addresses that are listened on: none of IPv6 is. */
const LOCAL_NAMES = ['localhost', '127.0.0.1'];
const HTTP_PORT = 80;

export interface HostList {
  /** The code of the refusal, or null. */
  refusal(host: string | null, origin: string | null, isLocalPeer: boolean): number | null;
  /** It speaks from this computer and under its own name. */
  isLoopback(host: string | null, isLocalPeer: boolean): boolean;
}

/** @param lanNames Names and addresses on the network; none without `--lan`. */
export const makeHostList = (
  port: number,
  lanNames: () => readonly string[] = () => [],
): HostList => {
  // Browsers leave the default port out.
  const worldOf = (names: readonly string[]) => {
    const withPort = names.map((name) => `${name}:${port}`);
    const hosts = new Set(port === HTTP_PORT ? [...withPort, ...names] : withPort);
    return { hosts, origins: new Set([...hosts].map((host) => `http://${host}`)) };
  };
  const local = worldOf(LOCAL_NAMES);
  const isLoopback = (host: string | null, isLocalPeer: boolean) =>
    isLocalPeer && host !== null && local.hosts.has(host.toLowerCase());
  return {
    isLoopback,
    refusal(host, origin, isLocalPeer) {
      const { hosts, origins } = isLoopback(host, isLocalPeer) ? local : worldOf(lanNames());
      if (host === null || !hosts.has(host.toLowerCase())) return ERRORS.ERR_FOREIGN_HOST.code;
      if (origin !== null && !origins.has(origin.toLowerCase())) {
        return ERRORS.ERR_FOREIGN_ORIGIN.code;
      }
      return null;
    },
  };
};
