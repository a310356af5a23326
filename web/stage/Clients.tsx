/** Whether this page is connected, and how many pages are; on the computer the way to let phones in. */
import { Show } from 'solid-js';
import { isThisComputer } from '../sync/page-life.ts';
import { usePage } from '../use-session.ts';
import { Icon } from './Icon.tsx';
import { highLoad } from './load-words.ts';
import s from './Meters.module.css';

export const Clients = () => {
  const page = usePage();
  const { session, isPhone, open } = page;
  const count = () => Math.max(1, Object.keys(session.state.clients).length);
  /** On the phone nothing else says it. */
  const high = () => (isPhone() && session.isLive() ? highLoad(page) : undefined);
  const tone = () => high()?.tone ?? (session.isLive() ? 'ok' : 'warn');
  const Words = () => (
    <>
      <Show when={high()} fallback={<Icon name="wifi" size={17} />}>
        {(words) => <b>{words().text}</b>}
      </Show>
      <span class="unseen">{session.isLive() ? 'Connected, pages:' : 'Not connected, pages:'}</span>
      <Show when={!isPhone()}>{count()}</Show>
    </>
  );
  return (
    <Show
      when={isThisComputer() && !isPhone()}
      fallback={
        <span class={s['chip']} data-tone={tone()}>
          <Words />
        </span>
      }
    >
      <button type="button" class={s['chip']} data-tone={tone()} onClick={() => open('pair')}>
        <Words />
        <span class="unseen">. Phones and tablets</span>
      </button>
    </Show>
  );
};
