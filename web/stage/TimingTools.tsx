/** Beside the tempo on a wide page: taps it, and opens what else tells the engine the time. */
import { usePage } from '../use-session.ts';
import { Icon } from './Icon.tsx';
import { MomentButton } from './MomentButton.tsx';
import s from './Tempo.module.css';

export const TimingTools = () => {
  const { open, panel, session } = usePage();
  const isOpen = () => panel() === 'more';
  return (
    <>
      <MomentButton
        class={s['click']}
        says="Tap"
        label="Tap the tempo"
        onMoment={(atMs) => void session.runAt({ cmd: 'TAP_TEMPO' }, atMs)}
      />
      <button
        type="button"
        class={s['click']}
        aria-label="Bar line, latency, metronome"
        title="Bar line, latency, metronome"
        aria-expanded={isOpen()}
        onClick={() => open(isOpen() ? 'none' : 'more')}
      >
        <Icon name="more" size={20} />
      </button>
    </>
  );
};
