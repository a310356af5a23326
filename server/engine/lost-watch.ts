/** Events of the core that did not fit into their ring: the session has missed something. */
import { ERRORS } from '../../protocol/errors.ts';
import type { Alerts } from '../session/state/alerts.ts';
import type { Log } from '../telemetry/log.ts';
import type { EngineStatus } from './flow-core.ts';

/** Called with each status; says so in the log and to the player when more were lost. */
export const makeLostWatch = (alerts: Pick<Alerts, 'burst'>, log: Log) => {
  let known = 0;
  return ({ eventsLost }: Pick<EngineStatus, 'eventsLost'>): void => {
    if (eventsLost === known) return;
    log('error', 'events of the core were lost', { count: eventsLost - known, total: eventsLost });
    known = eventsLost;
    alerts.burst(ERRORS.ERR_BUSY.code);
  };
};
