/** One slot: the pad that captures, its ring, its meter, M and ⋯. */
import { Show } from 'solid-js';
import type { SlotOf } from '../../protocol/state.ts';
import { dbText, gainToDb } from '../music/level.ts';
import { LOOK_ICONS, type SlotLook } from '../music/slot-look.ts';
import { padLabel } from '../music/words.ts';
import { slotStyle, usePage } from '../use-session.ts';
import { createLook } from './create-look.ts';
import { createPad } from './create-pad.ts';
import { createSlotPainter, type SlotElements } from './create-slot-painter.ts';
import { Icon } from './Icon.tsx';
import { keepElements } from './keep-elements.ts';
import s from './Slot.module.css';
import edge from './SlotEdge.module.css';

interface SlotProps {
  readonly index: number;
  readonly slot: SlotOf;
}

const Head = (props: {
  index: number;
  name: string;
  look: SlotLook;
  word: string;
  isBare: boolean;
}) => {
  const icon = () => LOOK_ICONS[props.look];
  return (
    <div class={s['head']} data-bare={props.isBare} aria-hidden="true">
      <span class={`chip ${s['number']}`}>{props.index + 1}</span>
      <span class={s['name']}>{props.name}</span>
      <span class={s['word']}>
        <Show when={icon()}>{(name) => <Icon name={name()} size={13} />}</Show>
        <span>{props.word}</span>
      </span>
    </div>
  );
};

const Buttons = (props: { index: number }) => {
  const { session, showSlot, openSlot } = usePage();
  const volume = () => dbText(gainToDb(session.volumeOf(props.index)));
  return (
    <>
      <button
        type="button"
        class={`control ${edge['mute']}`}
        disabled={!session.isLive()}
        aria-pressed={session.mutedOf(props.index)}
        aria-label={`M: mute slot ${props.index + 1}`}
        onClick={(event) => session.toggleMute(props.index, event)}
      >
        M
      </button>
      <button
        type="button"
        class={`control ${edge['more']}`}
        aria-label={`More about slot ${props.index + 1}, volume ${volume()}`}
        aria-expanded={openSlot() === props.index}
        onClick={() => showSlot(props.index)}
      >
        <Icon name="more" size={20} />
      </button>
    </>
  );
};

export const Slot = (props: SlotProps) => {
  const page = usePage();
  const { session } = page;
  const { elements, keep } = keepElements<SlotElements>();
  const { look, word } = createLook(props);
  const hasContent = () => props.slot.takeId !== null || props.slot.state === 'RECORDING';
  const pad = createPad({ index: () => props.index, hasContent });
  createSlotPainter({
    index: () => props.index,
    slot: () => props.slot,
    look,
    dragged: pad.dragged,
    elements: () => elements,
  });

  return (
    <li
      ref={keep('row')}
      class={s['slot']}
      style={slotStyle(props.index)}
      data-look={look()}
      data-content={hasContent() ? 'loop' : 'none'}
      data-pressed={pad.isLit()}
      data-dragging={pad.dragged() !== undefined}
      data-open={page.openSlot() === props.index}
    >
      <button
        ref={pad.bind}
        type="button"
        class={s['pad']}
        data-pad={props.index}
        aria-disabled={!session.isLive()}
        aria-label={padLabel(props.index, props.slot, word(), session.loopBars())}
      />
      <Head
        index={props.index}
        name={props.slot.name}
        look={look()}
        word={word()}
        isBare={!hasContent()}
      />
      <div
        ref={keep('ringBox')}
        class={s['ring']}
        data-ring={props.index}
        data-bare={!hasContent()}
        aria-hidden="true"
      >
        <canvas ref={keep('ringCanvas')} />
        <div class={s['centre']}>
          <b ref={keep('big')} />
          <span ref={keep('small')} />
        </div>
      </div>
      <Show when={look() === 'target'}>
        <p class={s['foot']} aria-hidden="true">
          Press, or tap the strip
        </p>
      </Show>
      <div class={edge['meter']} hidden={!hasContent()} aria-hidden="true">
        <canvas ref={keep('meterCanvas')} />
      </div>
      <Show when={hasContent()}>
        <Buttons index={props.index} />
      </Show>
    </li>
  );
};
