/** What tells the engine where the beat is, and how late sound comes back. */
import { createSignal } from 'solid-js';
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
      <MomentButton says="The one" onMoment={session.alignGrid} />
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
      <MomentButton says="Tap" onMoment={session.tapTempo} />
    </div>
  );
};

export const LatencyLine = () => {
  const { session } = usePage();
  const [isListening, setListening] = createSignal(false);
  const measure = () => {
    setListening(true);
    void session.run({ cmd: 'CALIBRATE_LATENCY' }).then(() => setListening(false));
  };
  return (
    <div class={s['line']}>
      <span>
        Latency
        <small>{session.state.devices.latencyMs.toFixed(1)} ms, heard by clicks</small>
      </span>
      <button
        type="button"
        class="control"
        disabled={!session.isLive() || isListening()}
        onClick={measure}
      >
        {isListening() ? 'Listening…' : 'Measure'}
      </button>
    </div>
  );
};
