/** A riff, or one take of it, as rings; drawn again when an overview of its own or the theme comes. */
import { createEffect, createMemo, onCleanup, onMount } from 'solid-js';
import { context, density, fitCanvas } from '../draw/canvas.ts';
import { paintHistoryIcon } from '../draw/history-icon.ts';
import { fade, slotColour } from '../draw/palette.ts';
import { usePage } from '../use-session.ts';

interface Ring {
  readonly slot: number;
  readonly takeId: string;
}

interface RiffIconProps {
  readonly rings: readonly Ring[];
  readonly sizePx: number;
  readonly opacity: number;
}

/** With every new riff the rows of all others come anew as well. */
const isSame = (a: readonly Ring[], b: readonly Ring[]) =>
  a.length === b.length &&
  a.every(({ slot, takeId }, at) => slot === b[at]?.slot && takeId === b[at]?.takeId);

export const RiffIcon = (props: RiffIconProps) => {
  const { session, palette } = usePage();
  const shown = createMemo(
    () => props.rings.map(({ slot, takeId }) => ({ slot, takeId })),
    undefined,
    { equals: isSame },
  );
  const opacity = createMemo(() => props.opacity);
  const bind = (canvas: HTMLCanvasElement) =>
    onMount(() => {
      const ctx = context(canvas);
      const paint = () => {
        const rings = shown()
          .map(({ slot, takeId }) => ({ slot, peaks: session.takes.get(takeId) }))
          .toSorted((a, b) => a.slot - b.slot);
        const colourOf = (slot: number) => fade(slotColour(palette(), slot), opacity());
        fitCanvas(canvas, props.sizePx, props.sizePx);
        paintHistoryIcon(ctx, rings, canvas.width, density(), colourOf, palette().ctl);
      };
      createEffect(paint);
      const stop = session.takes.onLoad((loaded) => {
        if (shown().some(({ takeId }) => takeId === loaded)) paint();
      });
      onCleanup(stop);
    });
  return (
    <canvas
      ref={bind}
      style={{ width: `${props.sizePx}px`, height: `${props.sizePx}px` }}
      aria-hidden="true"
    />
  );
};
