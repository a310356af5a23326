/** What tells the engine where the beat is. */
import { MomentButton } from '../stage/MomentButton.tsx';
import { usePage } from '../use-session.ts';
import s from './MoreSheet.module.css';

export const BarLine = () => {
  const { session } = usePage();
  return (
    <div class={s['line']}>
      <span>
        Bar
        <small>Press on the beat on which it begins</small>
      </span>
      <MomentButton
        says="The one"
        onMoment={(atMs) => void session.runAt({ cmd: 'ALIGN_GRID' }, atMs)}
      />
    </div>
  );
};

export const TapLine = () => {
  const { session } = usePage();
  return (
    <div class={s['line']}>
      <span>
        Tempo
        <small>{session.state.transport.bpm.toFixed(1)} bpm, or as you tap it</small>
      </span>
      <MomentButton
        says="Tap"
        onMoment={(atMs) => void session.runAt({ cmd: 'TAP_TEMPO' }, atMs)}
      />
    </div>
  );
};
