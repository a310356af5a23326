/** A process that runs plug-ins begins, ends or is given up: what that is for those in it. */
import { HOST_STATE } from '../../../protocol/abi.ts';
import type { CoreEvent } from '../core/port.ts';
import { idOfWords } from '../core/ids.ts';
import { type PluginAlerts, QUARANTINED } from './plugin-alerts.ts';
import type { Rack } from './rack.ts';

export const matesOf = (rack: Rack, host: number): string[] =>
  rack.ids().filter((id) => rack.hostId(id) === String(host));

/** Null = none is told. */
export const aboutOf = ({ id }: CoreEvent): string | null =>
  id.some((word) => word !== 0) ? idOfWords(id) : null;

const showStatus = (rack: Rack, alerts: PluginAlerts, { detail, slot, value }: CoreEvent) => {
  const retries = value;
  for (const id of matesOf(rack, slot)) {
    if (detail === HOST_STATE.lost) rack.update(id, { status: 'restarting', retries });
    else if (detail === HOST_STATE.gaveUp) {
      rack.update(id, { status: 'off', retries });
      alerts.onGivenUp(id);
    } else rack.update(id, { retries });
  }
};

/** @param onMoved Hears of a plug-in that gets a process of its own. */
export const onHost = (
  rack: Rack,
  alerts: PluginAlerts,
  event: CoreEvent,
  onMoved: (id: string) => void,
): void => {
  const { code, detail, slot } = event;
  showStatus(rack, alerts, event);
  if (code === 0) return;
  const blamed = aboutOf(event);
  if (code === QUARANTINED && blamed !== null) {
    rack.update(blamed, { hostId: String(slot) });
    onMoved(blamed);
    alerts.toast(code, blamed);
    return;
  }
  const isForAll = blamed === null || detail === HOST_STATE.gaveUp;
  const isGone = detail === HOST_STATE.lost || detail === HOST_STATE.gaveUp;
  for (const id of isForAll ? matesOf(rack, slot) : [blamed]) {
    if (isGone) alerts.raise(code, id);
    else alerts.burst(code, id);
  }
};
