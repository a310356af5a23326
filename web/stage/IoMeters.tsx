/** Input and output: two channels each, hold lines, peak figures, and a clip lamp that latches. */
import { createEffect, createSignal, onCleanup, onMount, Show } from 'solid-js';
import { FEATURE_FLAGS } from '../../protocol/features.ts';
import { context, density, fitCanvas } from '../draw/canvas.ts';
import { type MeterColours, paintLevel } from '../draw/meter.ts';
import { fade, type Palette } from '../draw/palette.ts';
import { gainToDb, makeMeterState, moveMeter } from '../music/level.ts';
import { usePage } from '../use-session.ts';
import s from './Header.module.css';

const FIGURE_MS = 125;
const SILENT_MS = 300;

const meterColours = (palette: Palette, fill: CanvasGradient): MeterColours => ({
  fill,
  track: fade(palette.text, 0.1),
  gap: palette.bg,
  hold: palette.text,
});

const Channel = (props: { name: string; firstLevel: number; clipFlag: number }) => {
  const page = usePage();
  const { features, beat, painter } = page.session;
  const [hasClipped, setClipped] = createSignal(false);
  let canvas!: HTMLCanvasElement;
  let figure!: HTMLSpanElement;

  onMount(() => {
    const ctx = context(canvas);
    const left = makeMeterState();
    const right = makeMeterState();
    let colours: MeterColours | undefined;
    let figureMs = 0;
    let shown = '';
    fitCanvas(canvas, canvas.clientWidth, canvas.clientHeight);
    createEffect(() => {
      const palette = page.palette();
      const fill = ctx.createLinearGradient(0, 0, canvas.width, 0);
      fill.addColorStop(0, fade(palette.text, 0.3));
      fill.addColorStop(0.75, fade(palette.text, 0.92));
      fill.addColorStop(1, palette.text);
      colours = meterColours(palette, fill);
    });

    const writeFigure = (nowMs: number) => {
      if (nowMs - figureMs < FIGURE_MS) return;
      figureMs = nowMs;
      const db = Math.max(left.hold, right.hold);
      const text =
        db > -60 ? `${db < -0.05 ? '−' : ''}${Math.abs(db).toFixed(db > -10 ? 1 : 0)}` : '–';
      if (text === shown) return;
      shown = text;
      figure.textContent = text;
    };

    const paint = (nowMs: number, dtMs: number) => {
      const { levels, flags } = features.frame;
      const isSilent = beat.silentMs(nowMs) > SILENT_MS;
      const at = props.firstLevel;
      moveMeter(left, isSilent ? -120 : gainToDb(levels[at] ?? 0), dtMs);
      moveMeter(right, isSilent ? -120 : gainToDb(levels[at + 2] ?? 0), dtMs);
      if (!isSilent && (flags & props.clipFlag) !== 0) setClipped(true);
      writeFigure(nowMs);
      if (!colours) return;
      const ratio = density();
      const { width, height } = canvas;
      const thick = Math.round(4.5 * ratio);
      ctx.clearRect(0, 0, width, height);
      paintLevel(ctx, left, 0, 0, width, thick, ratio, colours);
      paintLevel(ctx, right, 0, height - thick, width, thick, ratio, colours);
    };
    onCleanup(painter.add(paint));
  });

  return (
    <>
      <dt>{props.name}</dt>
      <dd class={s['level']} aria-hidden="true">
        <canvas ref={canvas} />
      </dd>
      <dd class={s['figure']}>
        <span ref={figure} hidden={hasClipped()} aria-hidden="true" />
        <Show when={hasClipped()}>
          <button
            type="button"
            class={s['clip']}
            aria-label={`CLIP: ${props.name} was too loud, reset`}
            onClick={() => setClipped(false)}
          >
            CLIP
          </button>
        </Show>
      </dd>
    </>
  );
};

export const IoMeters = () => (
  <dl class={s['io']}>
    <Channel name="IN" firstLevel={0} clipFlag={FEATURE_FLAGS.clipInput} />
    <Channel name="OUT" firstLevel={4} clipFlag={FEATURE_FLAGS.clipMaster} />
  </dl>
);
