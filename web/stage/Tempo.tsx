/** Tempo and meter in the header. */
import { createEffect, Index } from 'solid-js';
import { LIMITS } from '../../protocol/limits.ts';
import { usePage } from '../use-session.ts';
import { createTempo, readBpm } from './create-tempo.ts';
import s from './Tempo.module.css';

const METERS = [
  '2/4',
  '3/4',
  '4/4',
  '5/4',
  '6/4',
  '7/4',
  '3/8',
  '5/8',
  '6/8',
  '7/8',
  '9/8',
  '12/8',
];

type Tempo = ReturnType<typeof createTempo>;

const stepByKey = (event: KeyboardEvent, input: HTMLInputElement, tempo: Tempo) => {
  const size = event.shiftKey ? 0.1 : 1;
  if (event.key === 'ArrowUp') tempo.step(size);
  else if (event.key === 'ArrowDown') tempo.step(-size);
  else if (event.key === 'Enter') input.blur();
  else if (event.key === 'Escape') {
    input.value = tempo.bpm().toFixed(1);
    input.blur();
  } else return;
  event.preventDefault();
};

export const TempoField = () => {
  const { session } = usePage();
  const tempo = createTempo(session);
  const played = () => session.state.transport.bpmEffective.toFixed(3);

  const keepShown = (input: HTMLInputElement) =>
    createEffect(() => {
      const text = tempo.bpm().toFixed(1);
      if (document.activeElement !== input || tempo.isSetting()) input.value = text;
    });
  const readTyped = (input: HTMLInputElement) => {
    const typed = readBpm(input.value);
    if (typed !== undefined) tempo.send(typed);
    input.value = tempo.bpm().toFixed(1);
  };

  return (
    <label class={s['tempo']} title={`Played as ${played()} bpm`}>
      <span class="unseen">Tempo</span>
      <input
        ref={keepShown}
        type="text"
        inputmode="decimal"
        autocomplete="off"
        role="spinbutton"
        aria-valuemin={LIMITS.bpmMin}
        aria-valuemax={LIMITS.bpmMax}
        aria-valuenow={tempo.bpm()}
        aria-valuetext={`${tempo.bpm().toFixed(1)} beats per minute`}
        disabled={!session.isLive()}
        onKeyDown={(event) => stepByKey(event, event.currentTarget, tempo)}
        onBlur={({ currentTarget }) => readTyped(currentTarget)}
        onPointerDown={(event) => {
          if (document.activeElement === event.currentTarget) return;
          event.preventDefault();
          event.currentTarget.setPointerCapture(event.pointerId);
          tempo.dragStart(event.clientY);
        }}
        onPointerMove={(event) => tempo.dragTo(event.clientY, event.shiftKey)}
        onPointerUp={({ currentTarget }) => {
          if (!tempo.dragEnd()) return;
          currentTarget.focus();
          currentTarget.select();
        }}
        onPointerCancel={tempo.cancel}
      />
      <span aria-hidden="true">bpm</span>
    </label>
  );
};

export const MeterPick = () => {
  const { session } = usePage();
  const meter = () => {
    const { beats, unit } = session.state.transport.meter;
    return `${beats}/${unit}`;
  };
  const choose = (text: string) => {
    const [beats = 4, unit = 4] = text.split('/').map(Number);
    void session.run({ cmd: 'SET_METER', beats, unit: unit === 8 ? 8 : 4 });
  };
  return (
    <label class={s['meterPick']}>
      <span aria-hidden="true">{meter()}</span>
      <select
        aria-label="Meter"
        disabled={!session.isLive()}
        value={meter()}
        onChange={({ currentTarget }) => choose(currentTarget.value)}
      >
        <Index each={METERS.includes(meter()) ? METERS : [meter(), ...METERS]}>
          {(text) => <option value={text()}>{text()}</option>}
        </Index>
      </select>
    </label>
  );
};
