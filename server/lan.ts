/** Where phones of this network find this computer: its addresses, and its name for them. */
import { hostname, networkInterfaces } from 'node:os';

export interface LanPlace {
  /** IPv4, the likeliest first; asked anew each time, for a computer changes its network. */
  addresses(): readonly string[];
  /** `NAME.local`; null when this computer has no name that fits. */
  readonly name: string | null;
}

type Interfaces = ReturnType<typeof networkInterfaces>;

/** They lead to virtual machines and tunnels, where no phone is. */
const VIRTUAL = /^(br-|bridge|docker|lxc|tailscale|tap|tun|utun|vboxnet|veth|virbr|vmnet|wg|zt)/;
/** What a computer gives itself when nobody gives it an address. */
const UNGIVEN = '169.254.';
const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

const unlikeliness = (name: string, address: string): number =>
  Number(VIRTUAL.test(name)) + Number(address.startsWith(UNGIVEN));

export const lanAddresses = (interfaces: Interfaces = networkInterfaces()): string[] => {
  const found = Object.entries(interfaces).flatMap(([name, all = []]) =>
    all
      .filter(({ family, internal }) => family === 'IPv4' && !internal)
      .map(({ address }) => ({ address, rank: unlikeliness(name, address) })),
  );
  return found.toSorted((a, b) => a.rank - b.rank).map(({ address }) => address);
};

export const lanName = (host: string = hostname()): string | null => {
  const label = host.split('.')[0]?.toLowerCase() ?? '';
  return LABEL.test(label) && label !== 'localhost' ? `${label}.local` : null;
};

export const thisPlace = (): LanPlace => ({ addresses: () => lanAddresses(), name: lanName() });

/** What a browser is told to open, the likeliest first. */
export const lanUrls = ({ addresses, name }: LanPlace, port: number): string[] =>
  [...addresses(), ...(name === null ? [] : [name])].map((host) => `http://${host}:${port}`);
