/** The processes that plug-ins run in: how they are, what they cost. */
import { For, Show } from 'solid-js';
import type { HostOf } from '../../protocol/state.ts';
import { bytesText, countText } from '../music/amounts.ts';
import { usePage } from '../use-session.ts';
import more from './MoreSheet.module.css';
import s from './PluginsSheet.module.css';

/** "84 MB · 4 %": memory, and how much of one core. */
export const hostText = ({ load, memoryMB }: HostOf): string =>
  `${bytesText(memoryMB * 1_000_000)} · ${Math.round(load * 100)} %`;

const STATES: Record<HostOf['status'], string> = {
  starting: 'starting',
  running: 'runs',
  restarting: 'restarting',
  off: 'off',
};

const aboutText = (host: HostOf): string =>
  [
    countText(host.plugins, 'plug-in'),
    host.isQuarantine ? 'a process of its own' : '',
    host.retries > 0 ? `restarted ${host.retries}×` : '',
    host.missedBlocks > 0 ? `${countText(host.missedBlocks, 'block')} late` : '',
  ]
    .filter(Boolean)
    .join(' · ');

export const HostLines = () => {
  const { session } = usePage();
  const hosts = () => Object.keys(session.state.hosts);
  return (
    <Show when={hosts().length > 0}>
      <section class={more['group']}>
        <h3>Processes</h3>
        <ul class={s['list']} aria-label="Processes">
          <For each={hosts()}>
            {(id) => (
              <Show when={session.state.hosts[id]}>
                {(host) => (
                  <li class={s['row']} data-host={id}>
                    <span>
                      {host().name}
                      <small>{aboutText(host())}</small>
                    </span>
                    <span class={s['kind']}>
                      {hostText(host())}
                      <small>{STATES[host().status]}</small>
                    </span>
                  </li>
                )}
              </Show>
            )}
          </For>
        </ul>
      </section>
    </Show>
  );
};
