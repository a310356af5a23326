/**
 * Which names the gateway answers to, and which pages may talk to it.
 *
 * An exact list of Host values stops DNS rebinding; an exact list of Origins stops a foreign page
 * from driving FlowZone through the player's browser. A request without Origin comes from no page.
 */
import { ERRORS } from '../../protocol/errors.ts';

const NAMES = ['localhost', '127.0.0.1', '[::1]'];
const HTTP_PORT = 80;

export interface HostList {
  /** The code of the refusal, or null. */
  refusal(host: string | null, origin: string | null): number | null;
}

export const makeHostList = (port: number): HostList => {
  const withPort = NAMES.map((name) => `${name}:${port}`);
  // Browsers leave the default port out.
  const hosts = new Set(port === HTTP_PORT ? [...withPort, ...NAMES] : withPort);
  const origins = new Set([...hosts].map((host) => `http://${host}`));
  return {
    refusal(host, origin) {
      if (host === null || !hosts.has(host.toLowerCase())) return ERRORS.ERR_FOREIGN_HOST.code;
      if (origin !== null && !origins.has(origin.toLowerCase())) {
        return ERRORS.ERR_FOREIGN_ORIGIN.code;
      }
      return null;
    },
  };
};
