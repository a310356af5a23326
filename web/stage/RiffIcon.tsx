/** A riff, or one take of it, as rings; drawn again when an overview or the theme comes. */
import { createEffect, onCleanup, onMount } from 'solid-js';
import { context, density, fitCanvas } from '../draw/canvas.ts';
import { paintHistoryIcon } from '../draw/history-icon.ts';
import { fade, slotColour } from '../draw/palette.ts';
import { usePage } from '../use-session.ts';

interface RiffIconProps {
  readonly rings: readonly { readonly slot: number; readonly takeId: string }[];
  readonly sizePx: number;
  readonly opacity: number;
}

export const RiffIcon = (props: RiffIconProps) => {
  const { session, palette } = usePage();
  const bind = (canvas: HTMLCanvasElement) =>
    onMount(() => {
      const ctx = context(canvas);
      const paint = () => {
        const rings = props.rings
          .map(({ slot, takeId }) => ({ slot, peaks: session.takes.get(takeId) }))
          .toSorted((a, b) => a.slot - b.slot);
        const colourOf = (slot: number) => fade(slotColour(palette(), slot), props.opacity);
        fitCanvas(canvas, props.sizePx, props.sizePx);
        paintHistoryIcon(ctx, rings, canvas.width, density(), colourOf, palette().ctl);
      };
      createEffect(paint);
      onCleanup(session.takes.onLoad(paint));
    });
  return (
    <canvas
      ref={bind}
      style={{ width: `${props.sizePx}px`, height: `${props.sizePx}px` }}
      aria-hidden="true"
    />
  );
};
