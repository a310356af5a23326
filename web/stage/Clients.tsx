/** Whether this page is connected, and how many pages are. */
import { Show } from 'solid-js';
import { usePage } from '../use-session.ts';
import { Icon } from './Icon.tsx';
import s from './Meters.module.css';

export const Clients = () => {
  const { session, isPhone } = usePage();
  const count = () => Object.keys(session.state.clients).length;
  return (
    <span class={s['chip']} data-tone={session.isLive() ? 'ok' : 'warn'}>
      <Icon name="wifi" size={17} />
      <span class="unseen">{session.isLive() ? 'Connected, pages:' : 'Not connected, pages:'}</span>
      <Show when={!isPhone()}>{Math.max(1, count())}</Show>
    </span>
  );
};
