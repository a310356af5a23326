/** How loud, and how well the machine keeps up. */
import { createMemo, Show } from 'solid-js';
import { usePage } from '../use-session.ts';
import { costText } from '../music/cost-text.ts';
import { Icon } from './Icon.tsx';
import { IoMeters } from './IoMeters.tsx';
import { highLoad, type LoadWords } from './load-words.ts';
import s from './Meters.module.css';

/** One quiet chip that speaks up only when something matters. */
const LoadChip = () => {
  const page = usePage();
  const { open, panel, session } = page;
  const said = createMemo((): LoadWords => {
    const { diskBufferUsage, cpuLoad } = session.state.system;
    if (session.status() === 'lost') return { tone: 'warn', text: 'Offline' };
    if (!session.isReady()) return { tone: 'quiet', text: 'Connecting' };
    if (session.isEngineDown()) return { tone: 'warn', text: 'Engine restarting' };
    const high = highLoad(page);
    if (high) return high;
    if (diskBufferUsage > 0.05) {
      return { tone: 'warn', text: `Buffering ${Math.round(diskBufferUsage * 100)} %` };
    }
    return { tone: 'quiet', text: `CPU ${Math.round(cpuLoad * 100)} %` };
  });
  const device = () => {
    const { name, kind, rateHz } = session.state.devices;
    return rateHz > 0 ? `${name || kind}, ${rateHz / 1000} kHz` : 'no device yet';
  };
  /** Said when it matters. */
  const cost = () => {
    const text = said().tone === 'warn' ? costText(session.state) : '';
    return text && `. Of the plug-ins ${text}`;
  };
  return (
    <button
      type="button"
      class={s['chip']}
      data-tone={said().tone}
      title={`${device()}. Figures of the last ten minutes${cost()}`}
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
