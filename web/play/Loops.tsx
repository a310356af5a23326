/** All loops in one row over the pads: each still takes what was just played, and is held for its sheet. */
import { Index, onCleanup, onMount } from 'solid-js';
import type { SlotOf } from '../../protocol/state.ts';
import { padLabel } from '../music/words.ts';
import { createLook } from '../stage/create-look.ts';
import { createPad } from '../stage/create-pad.ts';
import { keepElements } from '../stage/keep-elements.ts';
import { startRing } from '../stage/start-ring.ts';
import { slotStyle, usePage } from '../use-session.ts';
import s from './Loops.module.css';

interface LoopProps {
  readonly index: number;
  readonly slot: SlotOf;
}

interface LoopElements {
  readonly box: HTMLElement;
  readonly canvas: HTMLCanvasElement;
}

const Loop = (props: LoopProps) => {
  const { session } = usePage();
  const { look, word } = createLook(props);
  const { elements, keep } = keepElements<LoopElements>();
  const hasContent = () => props.slot.takeId !== null || props.slot.state === 'RECORDING';
  const pad = createPad({ index: () => props.index, hasContent });
  const parts = { index: () => props.index, slot: () => props.slot, look };
  onMount(() => onCleanup(session.painter.add(startRing(parts, elements.box, elements.canvas))));
  return (
    <li class={s['loop']} style={slotStyle(props.index)} data-look={look()}>
      <button
        ref={pad.bind}
        type="button"
        data-pad={props.index}
        data-pressed={pad.isLit()}
        aria-disabled={!session.isLive()}
        aria-label={padLabel(props.index, props.slot, word(), session.loopBars())}
      />
      <span ref={keep('box')} class={s['ring']} data-ring={props.index} aria-hidden="true">
        <canvas ref={keep('canvas')} />
        <b>{props.index + 1}</b>
      </span>
    </li>
  );
};

export const Loops = () => {
  const { session } = usePage();
  return (
    <ul class={s['loops']} aria-label="Loops" data-many={session.state.slots.length > 8}>
      <Index each={session.state.slots}>
        {(slot, index) => <Loop index={index} slot={slot()} />}
      </Index>
    </ul>
  );
};
