/** How loud, and how well the machine keeps up. */
import { createMemo, Show } from 'solid-js';
import { usePage } from '../use-session.ts';
import { Icon } from './Icon.tsx';
import { IoMeters } from './IoMeters.tsx';
import s from './Meters.module.css';

/** One quiet chip that speaks up only when something matters. */
const LoadChip = () => {
  const { open, panel, session } = usePage();
  const said = createMemo((): { tone: 'ok' | 'warn' | 'quiet'; text: string } => {
    const { audioLoad, diskBufferUsage, cpuLoad } = session.state.system;
    if (session.status() === 'lost') return { tone: 'warn', text: 'Offline' };
    if (!session.isReady()) return { tone: 'quiet', text: 'Connecting' };
    if (session.isEngineDown()) return { tone: 'warn', text: 'Engine restarting' };
    const slow = session.slowFps();
    if (audioLoad > 0.7) {
      const percent = Math.round(audioLoad * 100);
      const text = slow === null ? `Load ${percent} %` : `${percent} % · VIS ${slow}`;
      return { tone: 'warn', text };
    }
    if (slow !== null) return { tone: 'quiet', text: `VIS ${slow}` };
    if (diskBufferUsage > 0.05) {
      return { tone: 'warn', text: `Buffering ${Math.round(diskBufferUsage * 100)} %` };
    }
    return { tone: 'quiet', text: `CPU ${Math.round(cpuLoad * 100)} %` };
  });
  const device = () => {
    const { name, kind, rateHz } = session.state.devices;
    return rateHz > 0 ? `${name || kind}, ${rateHz / 1000} kHz` : 'no device yet';
  };
  return (
    <button
      type="button"
      class={s['chip']}
      data-tone={said().tone}
      title={`${device()}. Figures of the last ten minutes`}
      aria-expanded={panel() === 'figures'}
      onClick={() => open(panel() === 'figures' ? 'none' : 'figures')}
    >
      {said().text}
    </button>
  );
};

/** While this page sounds, wherever its switch is by now. */
const ListenChip = () => {
  const { session } = usePage();
  return (
    <Show when={session.ear()}>
      <button
        type="button"
        class={`${s['chip']} ${s['lean']}`}
        data-tone="quiet"
        aria-label="Stop the sound on this page"
        title="FlowZone sounds on this page; a press stops that"
        onClick={() => session.ear()?.close()}
      >
        <Icon name="solo" />
      </button>
    </Show>
  );
};

export const Health = () => (
  <>
    <IoMeters />
    <ListenChip />
    <LoadChip />
  </>
);
