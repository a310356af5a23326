/** What the log says of plug-ins: their processes, which come and go, and who is not heard, and why. */
import { EVENT_KIND, HOST_STATE, PLUGIN_HEARD } from '../../protocol/abi.ts';
import { idOfWords } from '../session/core/ids.ts';
import type { CoreEvent } from '../session/core/port.ts';
import type { Log } from '../telemetry/log.ts';

const STATES = new Map<number, string>(
  Object.entries(HOST_STATE).map(([name, state]) => [state, name]),
);

const codeOf = ({ code }: CoreEvent): { code?: number } => (code === 0 ? {} : { code });

const blamed = ({ id }: CoreEvent): { instanceId?: string } =>
  id.every((word) => word === 0) ? {} : { instanceId: idOfWords(id) };

export const makePluginLog = (log: Log) => ({
  /** The same events, after what they say of plug-ins is in the log. */
  reading<Event extends CoreEvent>(events: Event[]): Event[] {
    for (const event of events) {
      const { detail, kind, slot: host, value: retries, value2: pid } = event;
      if (kind === EVENT_KIND.pluginHost) {
        const isBad = detail === HOST_STATE.lost || detail === HOST_STATE.gaveUp;
        const state = STATES.get(detail);
        const about = { host, state, retries, pid, ...codeOf(event), ...blamed(event) };
        log(isBad ? 'warn' : 'info', 'plug-in process', about);
      } else if (kind === EVENT_KIND.pluginHeard && event.code !== 0) {
        const isHeard = detail === PLUGIN_HEARD.wet;
        log('warn', 'plug-in', { isHeard, ...codeOf(event), ...blamed(event) });
      }
    }
    return events;
  },
});
