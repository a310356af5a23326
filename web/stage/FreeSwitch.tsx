/** Whether captures are cut on the bar or at the press. */
import { usePage } from '../use-session.ts';
import pick from './Pick.module.css';

const useFree = () => {
  const { session } = usePage();
  return { session, setQuantized: (isQuantized: boolean) => session.setPrefs({ isQuantized }) };
};

export const FreeSwitch = () => {
  const { session, setQuantized } = useFree();
  return (
    <div class={pick['switch']} role="group" aria-label="Where a capture is cut">
      <button
        type="button"
        aria-pressed={session.prefs.isQuantized}
        title="The cut rides on the bar lines"
        onClick={() => setQuantized(true)}
      >
        On the bar
      </button>
      <button
        type="button"
        aria-pressed={!session.prefs.isQuantized}
        title="The cut ends where you press (F, or Alt-click)"
        onClick={() => setQuantized(false)}
      >
        Free
      </button>
    </div>
  );
};
