/** A take as a line, because time has a direction here: bar lines, and the playhead over it. */
import { createEffect, onCleanup, onMount } from 'solid-js';
import { context, density, fitCanvas } from '../draw/canvas.ts';
import { fade, slotColour } from '../draw/palette.ts';
import { paintTakeLine, type TakeLineScene } from '../draw/take-line.ts';
import { usePage } from '../use-session.ts';
import s from './SlotSheet.module.css';

export const TakeLine = (props: { index: number; takeId: string }) => {
  const page = usePage();
  const { session } = page;
  const bind = (canvas: HTMLCanvasElement) =>
    onMount(() => {
      const ctx = context(canvas);
      const scene: TakeLineScene = {
        width: 1,
        height: 1,
        ratio: 1,
        bars: 1,
        phase: -1,
        colour: '',
        strong: '',
        line: '',
        text: '',
      };
      let lengthBeats = 0;
      createEffect(() => {
        const palette = page.palette();
        const slot = session.state.slots[props.index];
        scene.bars = slot?.bars ?? 1;
        lengthBeats = slot?.lengthBeats ?? 0;
        scene.colour = fade(slotColour(palette, props.index), slot?.audible === false ? 0.45 : 0.8);
        scene.strong = slotColour(palette, props.index);
        scene.line = fade(palette.text, 0.18);
        scene.text = palette.text;
      });
      const paint = (nowMs: number) => {
        fitCanvas(canvas, canvas.clientWidth, canvas.clientHeight);
        scene.width = canvas.width;
        scene.height = canvas.height;
        scene.ratio = density();
        scene.phase = session.beat.slotPhase(props.index, lengthBeats, nowMs);
        paintTakeLine(ctx, session.takes.get(props.takeId), scene);
      };
      onCleanup(session.painter.add(paint));
    });

  return (
    <div class={s['wave']} aria-hidden="true">
      <canvas ref={bind} />
    </div>
  );
};
