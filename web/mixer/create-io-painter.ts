/** What moves in the channels of input and master: two bars, the highest peak, the clip lamp. */
import { createEffect, onCleanup, onMount } from 'solid-js';
import { context, density, fitCanvas } from '../draw/canvas.ts';
import type { MeterColours } from '../draw/meter.ts';
import { makeLoudMeter, moveRms, paintLoudMeter } from '../draw/mixer-meter.ts';
import { fade } from '../draw/palette.ts';
import { dbFigure, gainToDb, moveMeter } from '../music/level.ts';
import { watchSize } from '../stage/watch-size.ts';
import { usePage } from '../use-session.ts';

export interface IoElements {
  readonly canvas: HTMLCanvasElement;
  readonly peak: HTMLElement;
}

interface IoParts {
  /** Place of the left peak among the frame's levels. */
  readonly firstLevel: number;
  readonly clipFlag: number;
  readonly onClip: () => void;
  readonly elements: () => IoElements;
}

const SILENT_MS = 300;
const FIGURE_MS = 125;
const GAP_PX = 2;

const makePeakFigure = (element: HTMLElement) => {
  let peakDb = -Infinity;
  let writtenMs = 0;
  let shown = '';
  return {
    reset() {
      peakDb = -Infinity;
    },
    move(db: number, nowMs: number) {
      peakDb = Math.max(peakDb, db);
      if (nowMs - writtenMs < FIGURE_MS) return;
      writtenMs = nowMs;
      const text = dbFigure(peakDb);
      if (text !== shown) element.textContent = text;
      shown = text;
    },
  };
};

const startChannel = (parts: IoParts) => {
  const { palette, session } = usePage();
  const { beat, features } = session;
  const { canvas, peak } = parts.elements();
  const ctx = context(canvas);
  const left = makeLoudMeter();
  const right = makeLoudMeter();
  const figure = makePeakFigure(peak);
  let colours: MeterColours = { fill: '', track: '', gap: '', hold: '' };
  const refit = watchSize([canvas], () =>
    fitCanvas(canvas, canvas.clientWidth, canvas.clientHeight),
  );
  createEffect(() => {
    const { bg, text } = palette();
    colours = { fill: fade(text, 0.92), track: fade(text, 0.1), gap: bg, hold: text };
  });

  const paint = (nowMs: number, dtMs: number) => {
    const { flags, levels } = features.frame;
    const isSilent = beat.silentMs(nowMs) > SILENT_MS;
    const level = (word: number) => (isSilent ? 0 : (levels[parts.firstLevel + word] ?? 0));
    moveMeter(left, gainToDb(level(0)), dtMs);
    moveRms(left, level(1), dtMs);
    moveMeter(right, gainToDb(level(2)), dtMs);
    moveRms(right, level(3), dtMs);
    if (!isSilent && (flags & parts.clipFlag) !== 0) parts.onClip();
    figure.move(gainToDb(Math.max(level(0), level(2))), nowMs);
    refit();
    const ratio = density();
    const { height, width } = canvas;
    const thick = (Math.min(height, width) - GAP_PX * ratio) / 2;
    ctx.clearRect(0, 0, width, height);
    paintLoudMeter(ctx, left, 0, thick, ratio, colours);
    paintLoudMeter(ctx, right, thick + GAP_PX * ratio, thick, ratio, colours);
  };
  return { paint, reset: figure.reset };
};

/** The result forgets the highest peak. */
export const createIoPainter = (parts: IoParts): (() => void) => {
  const { session } = usePage();
  let reset: (() => void) | undefined;
  onMount(() => {
    const channel = startChannel(parts);
    ({ reset } = channel);
    onCleanup(session.painter.add(channel.paint));
  });
  return () => reset?.();
};
