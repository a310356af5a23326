/** One slot: the pad that captures, its ring, its meter, M and ⋯. */
import { createEffect, createSignal, onCleanup, onMount, Show } from 'solid-js';
import { dbText, faderToGain, gainToDb, gainToFader } from '../music/level.ts';
import { LOOK_ICONS, LOOK_WORDS, slotLook } from '../music/slot-look.ts';
import { padLabel } from '../music/words.ts';
import { makePress } from '../input/press.ts';
import type { SlotOf } from '../../protocol/state.ts';
import { slotStyle, usePage } from '../use-session.ts';
import type { Flight } from './flight.ts';
import { Icon } from './Icon.tsx';
import { createSlotPainter } from './create-slot-painter.ts';
import s from './Slot.module.css';

/** Fader travel of a drag over the pad. */
const DRAG_RANGE_PX = 200;

export const Slot = (props: { index: number; slot: SlotOf; flight: Flight }) => {
  const page = usePage();
  const { session } = page;
  const [isLit, setLit] = createSignal(false);
  const [dragged, setDragged] = createSignal<number>();
  let row!: HTMLLIElement;
  let pad!: HTMLButtonElement;
  let ringBox!: HTMLDivElement;
  let ringCanvas!: HTMLCanvasElement;
  let meterCanvas!: HTMLCanvasElement;
  let big!: HTMLElement;
  let small!: HTMLSpanElement;

  const isTarget = () => session.targetSlot() === props.index;
  const shown = (): SlotOf => ({ ...props.slot, muted: session.mutedOf(props.index) });
  const look = () =>
    slotLook(shown(), {
      isTarget: isTarget(),
      isSending: session.overlay.slots[props.index]?.isSending === true,
      isPlaying: session.state.transport.isPlaying,
    });
  const hasContent = () => props.slot.takeId !== null || props.slot.state === 'RECORDING';
  const icon = () => LOOK_ICONS[look()];
  const more = () => page.showSlot(props.index);

  onMount(() => {
    let startFader = 0;
    const gainAt = (upPx: number, isFine: boolean) =>
      faderToGain(Math.max(0, Math.min(1, startFader + upPx / DRAG_RANGE_PX / (isFine ? 4 : 1))));
    onCleanup(
      makePress(pad, {
        isEnabled: session.isLive,
        onLight: setLit,
        onPress: (downMs, isAlt) =>
          session.capture(props.index, session.loopBars(), downMs, isAlt || undefined),
        onHold: more,
        onDragStart() {
          if (!hasContent()) return false;
          startFader = gainToFader(session.volumeOf(props.index));
          setDragged(session.volumeOf(props.index));
          return true;
        },
        onDrag(upPx, isFine) {
          setDragged(gainAt(upPx, isFine));
          session.setVolume(props.index, gainAt(upPx, isFine));
        },
        onDragEnd() {
          const gain = dragged();
          if (gain !== undefined) session.endVolume(props.index, gain);
          setDragged(undefined);
        },
      }),
    );
    props.flight.setLanding(props.index, ringBox);
  });

  createSlotPainter({
    index: () => props.index,
    slot: () => props.slot,
    look,
    dragged,
    elements: () => ({ row, ringBox, ringCanvas, meterCanvas, big, small }),
  });

  // The level of the light goes out with the sound.
  createEffect(() => {
    if (!hasContent()) row.style.setProperty('--lit', '0');
  });

  return (
    <li
      ref={row}
      class={s['slot']}
      style={slotStyle(props.index)}
      data-look={look()}
      data-content={hasContent() ? 'loop' : 'none'}
      data-pressed={isLit()}
      data-dragging={dragged() !== undefined}
      data-open={page.openSlot() === props.index}
    >
      <button
        ref={pad}
        type="button"
        class={s['pad']}
        data-pad={props.index}
        aria-disabled={!session.isLive()}
        aria-label={padLabel(props.index, props.slot, LOOK_WORDS[look()], session.loopBars())}
      />
      <div class={s['head']} data-bare={!hasContent()} aria-hidden="true">
        <span class={`chip ${s['number']}`}>{props.index + 1}</span>
        <span class={s['name']}>{props.slot.name}</span>
        <span class={s['word']}>
          <Show when={icon()}>{(name) => <Icon name={name()} size={13} />}</Show>
          <span>{LOOK_WORDS[look()]}</span>
        </span>
      </div>
      <div ref={ringBox} class={s['ring']} data-bare={!hasContent()} aria-hidden="true">
        <canvas ref={ringCanvas} />
        <div class={s['centre']}>
          <b ref={big} />
          <span ref={small} />
        </div>
      </div>
      <Show when={look() === 'target'}>
        <p class={s['foot']} aria-hidden="true">
          Press, or tap the strip
        </p>
      </Show>
      <div class={s['meter']} hidden={!hasContent()} aria-hidden="true">
        <canvas ref={meterCanvas} />
      </div>
      <Show when={hasContent()}>
        <button
          type="button"
          class={`control ${s['mute']}`}
          disabled={!session.isLive()}
          aria-pressed={session.mutedOf(props.index)}
          aria-label={`M: mute slot ${props.index + 1}`}
          onClick={() => session.setMuted(props.index, !session.mutedOf(props.index))}
        >
          M
        </button>
        <button
          type="button"
          class={`control ${s['more']}`}
          aria-label={`More about slot ${props.index + 1}, volume ${dbText(
            gainToDb(session.volumeOf(props.index)),
          )}`}
          aria-expanded={page.openSlot() === props.index}
          onClick={more}
        >
          <Icon name="more" size={20} />
        </button>
      </Show>
    </li>
  );
};
