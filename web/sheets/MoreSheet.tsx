/** Where captures are cut, metronome, tempo, inputs, latency, export: what the header has no room for. */
import { Show } from 'solid-js';
import { later } from '../later.tsx';
import { Icon } from '../stage/Icon.tsx';
import { IoMeters } from '../stage/IoMeters.tsx';
import { LengthPick } from '../stage/LengthPick.tsx';
import { FreeSwitch } from '../stage/FreeSwitch.tsx';
import { MeterPick } from '../stage/Tempo.tsx';
import { usePage } from '../use-session.ts';
import { InputLines } from './InputLines.tsx';
import { LatencyLine } from './LatencyLine.tsx';
import { SafeLine } from './SafeLine.tsx';
import { SourceLine } from './SourceLine.tsx';
import { Dock, Sheet, SheetHead } from './Sheet.tsx';
import { BarLine, TapLine } from './TimingLines.tsx';
import { TrimLine } from './TrimLine.tsx';
import s from './MoreSheet.module.css';

/** Follow the sheet that they lead away from. */
const OpenLines = later(() => import('./OpenLines.tsx'), 'OpenLines');

const loadHabits = () => import('./HabitLines.tsx');
const MuteLine = later(loadHabits, 'MuteLine');
const ScreenLine = later(loadHabits, 'ScreenLine');
const StandbyLine = later(loadHabits, 'StandbyLine');

const ListenLine = later(() => import('../listen/ListenLine.tsx'), 'ListenLine');

const CutLines = () => (
  <>
    <div class={s['line']}>
      <span>
        Captures are cut
        <small>Free ends where you press</small>
      </span>
      <FreeSwitch />
    </div>
    <div class={s['line']}>
      <span>Pads take, bars</span>
      <LengthPick />
    </div>
  </>
);

const MetronomeLine = () => {
  const { session } = usePage();
  return (
    <div class={s['line']}>
      <span>Metronome</span>
      <button
        type="button"
        class="control"
        aria-pressed={session.state.transport.metronome.on}
        disabled={!session.isLive()}
        onClick={session.toggleMetronome}
      >
        <Icon name="metronome" />
        {session.state.transport.metronome.on ? 'On' : 'Off'}
      </button>
    </div>
  );
};

const MeterLine = () => (
  <div class={s['line']}>
    <span>Meter</span>
    <div class={`control ${s['pick']}`}>
      <MeterPick />
    </div>
  </div>
);

const Levels = () => {
  const { session } = usePage();
  const device = () => session.state.devices;
  return (
    <div class={s['meters']}>
      <IoMeters />
      <Show when={device().rateHz > 0}>
        <p>
          {device().name || device().kind}, {device().rateHz / 1000} kHz
        </p>
      </Show>
    </div>
  );
};

/** All of it, where the header has no room. */
export const MoreSheet = () => {
  const { session } = usePage();
  return (
    <Sheet label="More">
      <SheetHead title={session.state.meta.sessionName || 'More'} />
      <div class={s['body']}>
        <SafeLine />
        <CutLines />
        <MuteLine />
        <SourceLine />
        <MetronomeLine />
        <StandbyLine />
        <MeterLine />
        <TapLine />
        <BarLine />
        <LatencyLine />
        <TrimLine />
        <OpenLines />
        <InputLines />
        <ListenLine />
        <ScreenLine />
        <Levels />
      </div>
    </Sheet>
  );
};

/** Beside the grid: what the header and the strip do not show. */
export const MoreDock = () => (
  <Dock label="Timing">
    <SheetHead title="Timing" />
    <div class={s['body']}>
      <SafeLine />
      <MuteLine />
      <TapLine />
      <BarLine />
      <StandbyLine />
      <LatencyLine />
      <TrimLine />
      <InputLines />
      <ListenLine />
    </div>
  </Dock>
);
