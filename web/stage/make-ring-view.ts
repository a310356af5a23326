/**
 * One slot's ring on its canvas: which of the drawings belong to its look, in their order.
 *
 * `view` is written by the slot's effects and read at every paint.
 */
import { context, fitCanvas } from '../draw/canvas.ts';
import type { Palette } from '../draw/palette.ts';
import * as ring from '../draw/ring.ts';
import type { RingShape } from '../draw/ring-shape.ts';
import { addPart, BLEED, type RingStyle } from '../draw/ring-sprite.ts';
import * as states from '../draw/ring-states.ts';
import { isLit, type SlotLook } from '../music/slot-look.ts';
import type { StripStore } from '../sync/make-strip-store.ts';
import type { Takes } from '../sync/make-takes.ts';
import { makeRingCache, type RingCache } from './ring-cache.ts';

export interface RingViewState {
  look: SlotLook;
  takeId: string | null;
  isRecording: boolean;
  colour: string;
  bars: number;
  beatsPerBar: number;
  /** Window of the sound in grid beats, for a shape made from the look-back. */
  fromBeat: number;
  toBeat: number;
}

/** What changes from paint to paint. */
export interface RingMoment {
  /** Hand, 0…1; −1 = none. */
  phase: number;
  /** Share of a recording that is done, or of a wait that is left. */
  share: number;
  /** 1, or less when no frames come. */
  alpha: number;
  nowBeat: number;
}

const APPEAR_MS = 180;

const styleOf = (look: SlotLook): RingStyle => {
  if (look === 'muted' || look === 'bySolo') return 'contour';
  return look === 'pending' || look === 'sending' ? 'dim' : 'lit';
};

/** Reduced motion: a share of a recording, or of a bar, as it was at the last beat. */
const onBeat = ({ bars, beatsPerBar, look }: RingViewState, share: number): number => {
  if (look === 'pending') return Math.ceil(share * beatsPerBar) / beatsPerBar;
  const beats = Math.max(1, bars * beatsPerBar);
  return Math.floor(share * beats) / beats;
};

/** A shape that is still growing: strokes without bloom. */
const paintLive = (ctx: CanvasRenderingContext2D, ink: ring.RingInk, shape: RingShape) => {
  ctx.strokeStyle = ink.colour;
  ctx.globalAlpha = 0.85;
  ctx.lineWidth = Math.max(1, (4.5 * ink.radius) / shape.count);
  ctx.beginPath();
  for (let part = 0; part < shape.count; part++) addPart(ctx, shape, part, ink.radius);
  ctx.stroke();
  ctx.globalAlpha = 1;
};

const paintWaiting = (
  ctx: CanvasRenderingContext2D,
  view: RingViewState,
  ink: ring.RingInk,
  palette: Palette,
  moment: RingMoment,
) => {
  if (view.look === 'sending') states.paintDotted(ctx, ink);
  else if (view.look === 'pending') states.paintPending(ctx, ink, moment.share);
  else if (view.look === 'target') states.paintDashed(ctx, ink, view.colour, 2, 1);
  else states.paintDashed(ctx, ink, palette.ctl, 1.25, 0.85);
};

const paintSound = (
  ctx: CanvasRenderingContext2D,
  view: RingViewState,
  ink: ring.RingInk,
  cache: RingCache,
  shape: RingShape,
  palette: Palette,
  moment: RingMoment,
  appear: number,
) => {
  if (cache.isLive()) return paintLive(ctx, ink, shape);
  const style = styleOf(view.look);
  const sprite = cache.sprite(style, palette);
  if (sprite) ring.paintSprite(ctx, sprite, ink.radius, appear * (0.45 + 0.55 * moment.alpha));
  const hasTrail = isLit(view.look) || view.look === 'held' || style === 'dim';
  if (hasTrail && moment.phase >= 0) {
    const strength = (style === 'dim' ? 0.5 : 1) * moment.alpha * appear;
    ring.paintSector(ctx, ink, moment.phase, strength);
    ring.paintTrail(ctx, shape, ink, moment.phase, strength);
  }
  if (view.look === 'gap') states.paintHole(ctx, ink, shape);
};

const paintState = (
  ctx: CanvasRenderingContext2D,
  view: RingViewState,
  ink: ring.RingInk,
  moment: RingMoment,
) => {
  if (view.look === 'recording') return states.paintRecording(ctx, ink, moment.share);
  const style = styleOf(view.look);
  if (moment.phase >= 0) {
    const alpha = (style === 'lit' ? 1 : 0.6) * moment.alpha;
    ring.paintHand(ctx, ink, moment.phase, alpha, style === 'contour');
  }
  if (view.look === 'pending') states.paintPending(ctx, ink, moment.share);
  if (view.look === 'sending') states.paintDotted(ctx, ink);
};

export const makeRingView = (
  canvas: HTMLCanvasElement,
  parts: {
    takes: Takes;
    strip: StripStore;
    palette: () => Palette;
    reducedMotion: () => boolean;
  },
) => {
  const ctx = context(canvas);
  const cache = makeRingCache(parts.takes, parts.strip);
  const view: RingViewState = {
    look: 'empty',
    takeId: null,
    isRecording: false,
    colour: '#ffffff',
    bars: 0,
    beatsPerBar: 4,
    fromBeat: Number.NaN,
    toBeat: Number.NaN,
  };
  let sidePx = 0;
  let appear = 1;
  let version = 0;

  return {
    view,
    /** Side of the ring's box in CSS px; the canvas is `BLEED` times as wide. */
    resize(px: number) {
      sidePx = px;
      fitCanvas(canvas, px * BLEED, px * BLEED);
    },
    paint(nowMs: number, dtMs: number, moment: RingMoment) {
      if (sidePx < 8) return;
      const palette = parts.palette();
      const isCalm = parts.reducedMotion();
      if (isCalm) moment.share = onBeat(view, moment.share);
      const ink = cache.ink(view.colour, sidePx, palette);
      ctx.setTransform(1, 0, 0, 1, 0, 0);
      ctx.clearRect(0, 0, canvas.width, canvas.height);
      ctx.setTransform(1, 0, 0, 1, canvas.width / 2, canvas.height / 2);
      if (view.takeId === null && !view.isRecording) {
        return paintWaiting(ctx, view, ink, palette, moment);
      }
      const wasLive = cache.isLive();
      const shape = cache.shape(view, sidePx, nowMs, moment.nowBeat);
      if (cache.version() !== version) {
        version = cache.version();
        if (!wasLive) appear = 0;
      }
      appear = isCalm ? 1 : Math.min(1, appear + dtMs / APPEAR_MS);
      ring.paintMarks(ctx, ink, view.bars, view.beatsPerBar);
      if (shape) paintSound(ctx, view, ink, cache, shape, palette, moment, appear);
      paintState(ctx, view, ink, moment);
    },
  };
};
