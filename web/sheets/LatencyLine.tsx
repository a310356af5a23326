/** How late sound comes back: what is known of it, and clicks that find it out. */
import type { AppState } from '../../protocol/state.ts';
import { usePage } from '../use-session.ts';
import { createAsk } from './create-ask.ts';
import s from './MoreSheet.module.css';

const knownText = ({ isMeasured, latencyMs }: AppState['devices']): string => {
  const ms = `${latencyMs.toFixed(1)} ms`;
  if (isMeasured) return `${ms}, heard by clicks`;
  return latencyMs > 0 ? `Not measured yet; the device says ${ms}` : 'Not measured yet';
};

export const LatencyLine = () => {
  const { session } = usePage();
  const { ask, isWaiting, why } = createAsk();
  return (
    <div class={s['line']}>
      <span>
        Latency
        <small>{knownText(session.state.devices)}</small>
        <span class={s['missing']} role="status">
          {why()}
        </span>
      </span>
      <button
        type="button"
        class="control"
        disabled={!session.isLive() || isWaiting()}
        onClick={() => void ask({ cmd: 'CALIBRATE_LATENCY' })}
      >
        {isWaiting() ? 'Listening…' : 'Measure'}
      </button>
    </div>
  );
};
