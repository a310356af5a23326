/** What fingers do on a pad: a tap captures, a vertical drag sets the volume, a hold opens the sheet. */
import { createSignal, onCleanup, onMount } from 'solid-js';
import { makePress } from '../input/press.ts';
import { faderToGain, gainToFader } from '../music/level.ts';
import { usePage } from '../use-session.ts';

/** Fader travel of a drag over the pad. */
const DRAG_RANGE_PX = 200;
const FINE = 4;

interface PadParts {
  readonly index: () => number;
  readonly hasContent: () => boolean;
}

/** Volume fader after a drag of `upPx` from where it stood, as gain. */
export const draggedGain = (startFader: number, upPx: number, isFine: boolean): number => {
  const moved = upPx / DRAG_RANGE_PX / (isFine ? FINE : 1);
  return faderToGain(Math.max(0, Math.min(1, startFader + moved)));
};

export const createPad = ({ index, hasContent }: PadParts) => {
  const { session, showSlot } = usePage();
  const [isLit, setLit] = createSignal(false);
  const [dragged, setDragged] = createSignal<number>();
  let startFader = 0;

  const bind = (pad: HTMLElement) =>
    onMount(() =>
      onCleanup(
        makePress(pad, {
          isEnabled: session.isLive,
          onLight: setLit,
          onPress: (downMs, isAlt) =>
            session.capture(index(), session.loopBars(), downMs, { isFree: isAlt || undefined }),
          onHold: () => showSlot(index()),
          onDragStart() {
            if (!hasContent()) return false;
            startFader = gainToFader(session.volumeOf(index()));
            setDragged(session.volumeOf(index()));
            return true;
          },
          onDrag(upPx, isFine) {
            const gain = draggedGain(startFader, upPx, isFine);
            setDragged(gain);
            session.setVolume(index(), gain);
          },
          onDragEnd() {
            const gain = dragged();
            if (gain !== undefined) session.endVolume(index(), gain);
            setDragged(undefined);
          },
        }),
      ),
    );
  return { bind, isLit, dragged };
};
