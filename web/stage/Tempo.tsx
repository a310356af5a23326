/** Tempo and meter: typed, dragged or stepped; one command per change, not per pixel. */
import { createEffect, createSignal, Index } from 'solid-js';
import { LIMITS } from '../../protocol/limits.ts';
import { usePage } from '../use-session.ts';
import s from './Header.module.css';

const PX_PER_BPM = 3;
const SLOP_PX = 4;
const STEP_WAIT_MS = 250;

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

const clampBpm = (bpm: number) =>
  Math.round(Math.max(LIMITS.bpmMin, Math.min(LIMITS.bpmMax, bpm)) * 10) / 10;

export const Tempo = () => {
  const { session } = usePage();
  /** What the player is setting; shown until the server has it. */
  const [wanted, setWanted] = createSignal<number>();
  const bpm = () => wanted() ?? session.state.transport.bpm;
  let input!: HTMLInputElement;
  let drag: { y: number; from: number; hasMoved: boolean } | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;

  createEffect(() => {
    const text = bpm().toFixed(1);
    if (document.activeElement !== input || wanted() !== undefined) input.value = text;
  });

  const send = (value: number) => {
    clearTimeout(timer);
    if (value === session.state.transport.bpm) return setWanted(undefined);
    setWanted(value);
    void session.run({ cmd: 'SET_TEMPO', bpm: value }).then(() => setWanted(undefined));
  };

  const step = (by: number) => {
    setWanted(clampBpm(bpm() + by));
    clearTimeout(timer);
    timer = setTimeout(() => send(bpm()), STEP_WAIT_MS);
  };

  const read = () => {
    const typed = Number(input.value.replace(',', '.'));
    if (Number.isFinite(typed) && typed > 0) send(clampBpm(typed));
    input.value = bpm().toFixed(1);
  };

  const onKeyDown = (event: KeyboardEvent) => {
    const size = event.shiftKey ? 0.1 : 1;
    if (event.key === 'ArrowUp') step(size);
    else if (event.key === 'ArrowDown') step(-size);
    else if (event.key === 'Enter') input.blur();
    else if (event.key === 'Escape') {
      input.value = bpm().toFixed(1);
      input.blur();
    } else return;
    event.preventDefault();
  };

  const onPointerDown = (event: PointerEvent) => {
    if (document.activeElement === input || !session.isLive()) return;
    event.preventDefault();
    input.setPointerCapture(event.pointerId);
    drag = { y: event.clientY, from: bpm(), hasMoved: false };
  };

  const onPointerMove = (event: PointerEvent) => {
    if (!drag) return;
    const up = drag.y - event.clientY;
    if (Math.abs(up) > SLOP_PX) drag.hasMoved = true;
    if (drag.hasMoved) setWanted(clampBpm(drag.from + up / PX_PER_BPM / (event.shiftKey ? 10 : 1)));
  };

  const onPointerUp = () => {
    const ended = drag;
    drag = undefined;
    if (!ended) return;
    if (ended.hasMoved) return send(bpm());
    input.focus();
    input.select();
  };

  return (
    <label
      class={s['tempo']}
      title={`Played as ${session.state.transport.bpmEffective.toFixed(3)} bpm`}
    >
      <span class="unseen">Tempo</span>
      <input
        ref={input}
        type="text"
        inputmode="decimal"
        autocomplete="off"
        role="spinbutton"
        aria-valuemin={LIMITS.bpmMin}
        aria-valuemax={LIMITS.bpmMax}
        aria-valuenow={bpm()}
        aria-valuetext={`${bpm().toFixed(1)} beats per minute`}
        disabled={!session.isLive()}
        onKeyDown={onKeyDown}
        onBlur={read}
        onPointerDown={onPointerDown}
        onPointerMove={onPointerMove}
        onPointerUp={onPointerUp}
        onPointerCancel={() => {
          drag = undefined;
          setWanted(undefined);
        }}
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
