import type { LanPlace } from '../../lan.ts';

/** As browsers of the network's services list it: one for each computer and port. */
export const serviceName = ({ name }: LanPlace, port: number): string =>
  `FlowZone on ${name?.replace('.local', '') ?? 'this computer'} (${port})`;
