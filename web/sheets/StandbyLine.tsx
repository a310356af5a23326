/** A metronome that counts in and then leaves the beat to the music. */
import { usePage } from '../use-session.ts';
import s from './MoreSheet.module.css';

export const StandbyLine = () => {
  const { session } = usePage();
  const metronome = () => session.state.transport.metronome;
  const toggle = () => {
    const { on, standby } = metronome();
    void session.run({ cmd: 'SET_METRONOME', on, standby: !standby });
  };
  return (
    <div class={s['line']}>
      <span>
        Metronome standby
        <small>It goes off by itself once a loop sounds</small>
      </span>
      <button
        type="button"
        class="control"
        aria-pressed={metronome().standby}
        disabled={!session.isLive()}
        onClick={toggle}
      >
        <span class="unseen">Metronome standby: </span>
        {metronome().standby ? 'On' : 'Off'}
      </button>
    </div>
  );
};
