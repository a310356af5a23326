/** The phone's other controls: where captures are cut, metronome, tempo, latency, export, levels. */
import { Show } from 'solid-js';
import { Icon } from '../stage/Icon.tsx';
import { IoMeters } from '../stage/IoMeters.tsx';
import { LengthPick } from '../stage/LengthPick.tsx';
import { FreeSwitch } from '../stage/TargetPicker.tsx';
import { MeterPick } from '../stage/Tempo.tsx';
import { usePage } from '../use-session.ts';
import { Sheet, SheetHead } from './Sheet.tsx';
import { BarLine, LatencyLine, TapLine } from './TimingLines.tsx';
import s from './MoreSheet.module.css';

export const MoreSheet = () => {
  const { open, session } = usePage();
  const device = () => session.state.devices;
  return (
    <Sheet label="More">
      <SheetHead title={session.state.meta.sessionName || 'More'} />
      <div class={s['body']}>
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
        <div class={s['line']}>
          <span>Meter</span>
          <div class={`control ${s['pick']}`}>
            <MeterPick />
          </div>
        </div>
        <TapLine />
        <BarLine />
        <LatencyLine />
        <div class={s['line']}>
          <span>
            Export
            <small>The riff, or what was played, as files</small>
          </span>
          <button type="button" class="control" onClick={() => open('export')}>
            <Icon name="save" />
            Export
          </button>
        </div>
        <div class={s['meters']}>
          <IoMeters />
          <Show when={device().rateHz > 0}>
            <p>
              {device().name || device().kind}, {device().rateHz / 1000} kHz
            </p>
          </Show>
        </div>
      </div>
    </Sheet>
  );
};
