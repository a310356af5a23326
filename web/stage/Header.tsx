/** Above everything: what the music does now, how fast, how loud, and whether all is well. */
import { Show } from 'solid-js';
import { around } from '../around.ts';
import { usePage } from '../use-session.ts';
import { Icon } from './Icon.tsx';
import { Position } from './Position.tsx';
import { MeterPick, TempoField } from './Tempo.tsx';
import s from './Header.module.css';
import tempo from './Tempo.module.css';

/** Follow the stage: the music does not wait for its meters. */
const Health = around('Health');
const Saved = around('Saved');
const SessionName = around('SessionName');
const Clients = around('Clients');
const TimingTools = around('TimingTools');

const Logo = () => (
  <svg width="22" height="22" viewBox="0 0 24 24" aria-hidden="true">
    <circle cx="12" cy="12" r="9" fill="none" stroke="var(--ctl)" stroke-width="3" />
    <path d="M12 3a9 9 0 0 1 9 9" fill="none" stroke="var(--text)" stroke-width="3" />
    <circle cx="21" cy="12" r="2.6" fill="var(--text)" />
  </svg>
);

export const Header = () => {
  const page = usePage();
  const { session } = page;
  return (
    <header class={s['header']}>
      <div class={s['side']}>
        <div class={s['brand']}>
          <Logo />
          <span>FlowZone</span>
        </div>
        <SessionName />
        <Saved />
      </div>
      <div class={s['middle']}>
        <button
          type="button"
          class={s['play']}
          disabled={!session.isLive()}
          aria-label={session.state.transport.isPlaying ? 'Pause' : 'Play'}
          onClick={session.togglePlay}
        >
          <Icon name={session.state.transport.isPlaying ? 'pause' : 'play'} size={18} />
        </button>
        <Position />
        <div class={s['group']}>
          <TempoField />
          <Show when={!page.isNarrow()}>
            <MeterPick />
            <button
              type="button"
              class={tempo['click']}
              disabled={!session.isLive()}
              aria-pressed={session.state.transport.metronome.on}
              aria-label="Metronome"
              onClick={session.toggleMetronome}
            >
              <Icon name="metronome" />
            </button>
          </Show>
          <Show when={!page.isPhone()}>
            <TimingTools />
          </Show>
        </div>
      </div>
      <div class={s['side']}>
        <Show when={!page.isPhone()}>
          <Health />
        </Show>
        <Clients />
        <Show when={page.hasColumn()}>
          <button
            type="button"
            class={`control ${s['round']}`}
            aria-label="Keyboard shortcuts"
            onClick={() => page.open('shortcuts')}
          >
            <kbd>?</kbd>
          </button>
        </Show>
      </div>
    </header>
  );
};
