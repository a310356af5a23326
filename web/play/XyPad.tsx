/** A field of two parameters: the finger is the point, its way stays a moment; arrows move it too. */
import { onCleanup, onMount, Show } from 'solid-js';
import { makePoint } from '../input/point.ts';
import { Icon } from '../stage/Icon.tsx';
import { slotStyle, usePage } from '../use-session.ts';
import type { AxisValue } from './create-axis-value.ts';
import { createXy } from './create-xy.ts';
import { createXyPainter } from './create-xy-painter.ts';
import s from './XyPad.module.css';

const STEP = 0.02;

const AxisButton = (props: { value: AxisValue; name: 'x' | 'y' }) => {
  const { open } = usePage();
  const way = () => (props.name === 'x' ? 'Across' : 'Up');
  const says = () => {
    if (!props.value.axis()) return 'choose';
    return props.value.title() || `${props.value.plugin()?.name} is not there yet`;
  };
  return (
    <button
      type="button"
      class={s['axis']}
      data-axis={props.name}
      aria-label={`${way()}: ${says()} ${props.value.text()}`}
      onClick={() => open(props.name === 'x' ? 'axisX' : 'axisY')}
    >
      <Show when={props.value.axis()} fallback={`${way()}: choose`}>
        {says()} <b>{props.value.text()}</b>
      </Show>
      <Icon name="chevron" size={12} />
    </button>
  );
};

/** The same by keys and for screen readers. */
const AxisSlider = (props: {
  value: AxisValue;
  way: string;
  set: (value: number, isLast: boolean) => void;
}) => (
  <input
    class="unseen"
    type="range"
    min="0"
    max="1"
    step={STEP}
    value={props.value.value()}
    disabled={!props.value.canMove()}
    aria-label={`${props.way}: ${props.value.title() || 'no parameter'}`}
    aria-valuetext={props.value.text()}
    onInput={({ currentTarget: { valueAsNumber } }) => props.set(valueAsNumber, false)}
    onChange={({ currentTarget: { valueAsNumber } }) => props.set(valueAsNumber, true)}
  />
);

export const XyPad = () => {
  const xy = createXy();
  const slot = () => {
    const where = (xy.x.plugin() ?? xy.y.plugin())?.where;
    return typeof where === 'number' ? where : -1;
  };
  let canvas!: HTMLCanvasElement;
  const bind = (element: HTMLCanvasElement) => {
    canvas = element;
    let from = { x: 0, y: 0 };
    let to = from;
    onMount(() =>
      onCleanup(
        makePoint(element, {
          isEnabled: xy.canMove,
          onStart() {
            from = { x: xy.x.value(), y: xy.y.value() };
          },
          onMove(x, y) {
            to = { x, y };
            xy.setBoth(to, false);
          },
          onEnd() {
            xy.setBoth(xy.isHeld() ? to : from, true);
          },
        }),
      ),
    );
  };
  createXyPainter(() => canvas, xy, slot);
  return (
    <section class={s['xy']} style={slot() >= 0 ? slotStyle(slot()) : {}} aria-label="XY pad">
      <canvas ref={bind} data-xy aria-hidden="true" />
      <AxisSlider value={xy.x} way="Across" set={xy.setX} />
      <AxisSlider value={xy.y} way="Up" set={xy.setY} />
      <Show when={!xy.x.axis() && !xy.y.axis()}>
        <p class={s['hint']}>Two parameters under one finger: choose them at the left.</p>
      </Show>
      <AxisButton value={xy.y} name="y" />
      <AxisButton value={xy.x} name="x" />
      <button
        type="button"
        class={`control ${s['hold']}`}
        aria-pressed={xy.isHeld()}
        title="Off: it goes back to where it was when the finger leaves"
        onClick={xy.toggleHeld}
      >
        Hold
      </button>
    </section>
  );
};
