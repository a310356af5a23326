/** When M and S act: at once, or on the next bar. */
import { Show } from 'solid-js';
import pick from '../stage/Pick.module.css';
import { usePage } from '../use-session.ts';
import s from './MoreSheet.module.css';

export const MuteLine = () => {
  const { isPhone, session } = usePage();
  const Way = (props: { isOnBar: boolean; says: string }) => (
    <button
      type="button"
      aria-pressed={session.prefs.isMuteOnBar === props.isOnBar}
      onClick={() => session.setPrefs({ isMuteOnBar: props.isOnBar })}
    >
      {props.says}
    </button>
  );
  return (
    <div class={s['line']}>
      <span>
        M and S act
        <small>
          <Show when={!isPhone()}>With Alt the other way. </Show>
          Again takes back what waits
        </small>
      </span>
      <div class={pick['switch']} role="group" aria-label="When M and S act">
        <Way isOnBar={false} says="At once" />
        <Way isOnBar says="On the bar" />
      </div>
    </div>
  );
};
