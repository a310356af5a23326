/** Input and output: two channels each, hold lines, peak figures, and a clip lamp that latches. */
import { createEffect, createSignal, onCleanup, onMount, Show } from 'solid-js';
import { FEATURE_FLAGS } from '../../protocol/features.ts';
import { context, density, fitCanvas } from '../draw/canvas.ts';
import { type MeterColours, paintLevel } from '../draw/meter.ts';
import { fade, type Palette } from '../draw/palette.ts';
import { dbFigure, gainToDb, makeMeterState, moveMeter } from '../music/level.ts';
import { type Page, usePage } from '../use-session.ts';
import { keepElements } from './keep-elements.ts';
import { watchSize } from './watch-size.ts';
import s from './Meters.module.css';

interface ChannelProps {
  readonly name: string;
  /** Place of the left peak among the frame's levels. */
  readonly firstLevel: number;
  readonly clipFlag: number;
}

interface ChannelElements {
  readonly canvas: HTMLCanvasElement;
  readonly figure: HTMLElement;
}

const FIGURE_MS = 125;
const SILENT_MS = 300;
const BAR_PX = 4.5;

const meterColours = (ctx: CanvasRenderingContext2D, palette: Palette): MeterColours => {
  const fill = ctx.createLinearGradient(0, 0, ctx.canvas.width, 0);
  fill.addColorStop(0, fade(palette.text, 0.3));
  fill.addColorStop(0.75, fade(palette.text, 0.92));
  fill.addColorStop(1, palette.text);
  return { fill, track: fade(palette.text, 0.1), gap: palette.bg, hold: palette.text };
};

const startChannel = (
  props: ChannelProps,
  { session, palette }: Page,
  { canvas, figure }: ChannelElements,
  onClip: () => void,
) => {
  const { features, beat } = session;
  const ctx = context(canvas);
  const left = makeMeterState();
  const right = makeMeterState();
  let colours = meterColours(ctx, palette());
  let figureMs = 0;
  let shown = '';
  createEffect(() => {
    colours = meterColours(ctx, palette());
  });
  const refit = watchSize([canvas], () => {
    fitCanvas(canvas, canvas.clientWidth, canvas.clientHeight);
    colours = meterColours(ctx, palette());
  });

  const writeFigure = (nowMs: number) => {
    if (nowMs - figureMs < FIGURE_MS) return;
    figureMs = nowMs;
    const db = Math.max(left.hold, right.hold);
    const text = db > -60 ? dbFigure(db, db > -10 ? 1 : 0) : '–';
    if (text !== shown) figure.textContent = text;
    shown = text;
  };

  return (nowMs: number, dtMs: number) => {
    const { levels, flags } = features.frame;
    const isSilent = beat.silentMs(nowMs) > SILENT_MS;
    moveMeter(left, isSilent ? -120 : gainToDb(levels[props.firstLevel] ?? 0), dtMs);
    moveMeter(right, isSilent ? -120 : gainToDb(levels[props.firstLevel + 2] ?? 0), dtMs);
    if (!isSilent && (flags & props.clipFlag) !== 0) onClip();
    writeFigure(nowMs);
    refit();
    const ratio = density();
    const { width, height } = canvas;
    const thick = Math.round(BAR_PX * ratio);
    ctx.clearRect(0, 0, width, height);
    paintLevel(ctx, left, 0, 0, width, thick, ratio, colours);
    paintLevel(ctx, right, 0, height - thick, width, thick, ratio, colours);
  };
};

const Channel = (props: ChannelProps) => {
  const page = usePage();
  const [hasClipped, setClipped] = createSignal(false);
  const { elements, keep } = keepElements<ChannelElements>();
  onMount(() => {
    const paint = startChannel(props, page, elements, () => setClipped(true));
    onCleanup(page.session.painter.add(paint));
  });
  return (
    <>
      <dt>{props.name}</dt>
      <dd class={s['level']} aria-hidden="true">
        <canvas ref={keep('canvas')} />
      </dd>
      <dd class={s['figure']}>
        <span ref={keep('figure')} hidden={hasClipped()} aria-hidden="true" />
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
