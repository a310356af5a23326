/**
 * One slot's ring on its canvas: keeps sprites for the take, size and theme, and paints the moment.
 *
 * `view` is written by the slot's effects and read at every paint. Until the server's overview of a
 * take has come, its shape is made from the look-back that this page saw itself.
 */
import { LIMITS } from '../../protocol/limits.ts';
import { context, density, fitCanvas } from '../draw/canvas.ts';
import type { Palette } from '../draw/palette.ts';
import { type RingShape, ringShape } from '../draw/ring-shape.ts';
import { addPart, BLEED, type RingStyle, ringSprite, sectorSprite } from '../draw/ring-sprite.ts';
import * as states from '../draw/ring-states.ts';
import * as ring from '../draw/ring.ts';
import { isLit, type SlotLook } from '../music/slot-look.ts';
import type { StripStore } from '../sync/make-strip-store.ts';
import type { Takes } from '../sync/make-takes.ts';

export interface RingViewState {
  look: SlotLook;
  takeId: string | null;
  colour: string;
  bars: number;
  beatsPerBar: number;
  /** Window of the sound in grid beats, for a shape made here; NaN = unknown. */
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

const SMALL_PX = 60;
const LIVE_MS = 90;
const APPEAR_MS = 180;

export const makeRingView = (
  canvas: HTMLCanvasElement,
  parts: { takes: Takes; strip: StripStore; palette: () => Palette },
) => {
  const ctx = context(canvas);
  const view: RingViewState = {
    look: 'empty',
    takeId: null,
    colour: '#fff',
    bars: 0,
    beatsPerBar: 4,
    fromBeat: Number.NaN,
    toBeat: Number.NaN,
  };
  let side = 0;
  let ink: ring.RingInk | undefined;
  let shape: RingShape | undefined;
  let isLive = false;
  let sprite: HTMLCanvasElement | undefined;
  let key = '';
  let shapeKey = '';
  let spriteKey = '';
  let liveMs = 0;
  let appear = 1;

  const refreshInk = (palette: Palette) => {
    const ratio = density();
    const next = `${view.colour}|${side}|${ratio}|${palette.isLight}`;
    if (next === key && ink) return ink;
    key = next;
    spriteKey = '';
    fitCanvas(canvas, side * BLEED, side * BLEED);
    const radius = (side / 2) * ratio;
    const sector = radius > 4 ? sectorSprite(view.colour, radius, palette) : undefined;
    ink = ring.makeRingInk(palette, view.colour, radius, ratio, sector);
    return ink;
  };

  /** Shape of the look-back's part [fromBeat, toBeat), up to now. */
  const liveShape = (nowBeat: number, count: number): RingShape | undefined => {
    if (Number.isNaN(view.fromBeat) || view.toBeat <= view.fromBeat) return undefined;
    const first = view.fromBeat * LIMITS.bucketsPerBeat;
    const buckets = (view.toBeat - view.fromBeat) * LIMITS.bucketsPerBeat;
    if (first + buckets < parts.strip.oldest() || first > parts.strip.newest()) return undefined;
    const min = new Int8Array(count);
    const max = new Int8Array(count);
    const end = nowBeat * LIMITS.bucketsPerBeat;
    for (let part = 0; part < count; part++) {
      const index = Math.floor(first + (part * buckets) / count);
      if (index > end) break;
      min[part] = Math.max(-128, parts.strip.min(index) * 127);
      max[part] = Math.min(127, parts.strip.max(index) * 127);
    }
    return ringShape({ count, min, max, bright: new Uint8Array(count) }, count);
  };

  const refreshShape = (nowMs: number, nowBeat: number) => {
    const count = side < SMALL_PX * 2 ? 256 : 512;
    const isRecording = view.look === 'recording';
    const peaks = view.takeId && !isRecording ? parts.takes.get(view.takeId) : undefined;
    if (peaks) {
      const next = `${view.takeId}|${count}`;
      if (next === shapeKey) return;
      if (!isLive || shapeKey === '') appear = isLive ? 1 : 0;
      shapeKey = next;
      shape = ringShape(peaks, count);
      isLive = false;
      spriteKey = '';
      return;
    }
    if (nowMs - liveMs < LIVE_MS && isLive) return;
    liveMs = nowMs;
    shapeKey = '';
    shape = view.takeId || isRecording ? liveShape(nowBeat, count) : undefined;
    isLive = true;
  };

  const refreshSprite = (style: RingStyle, palette: Palette, radius: number) => {
    const next = `${shapeKey}|${style}`;
    if (next === spriteKey || !shape) return;
    spriteKey = next;
    sprite = ringSprite(shape, view.colour, radius, style, palette);
  };

  const paintLive = (one: ring.RingInk, live: RingShape) => {
    ctx.strokeStyle = one.colour;
    ctx.globalAlpha = 0.85;
    ctx.lineWidth = Math.max(1, (4.5 * one.radius) / live.count);
    ctx.beginPath();
    for (let part = 0; part < live.count; part++) addPart(ctx, live, part, one.radius);
    ctx.stroke();
    ctx.globalAlpha = 1;
  };

  const styleOf = (look: SlotLook): RingStyle => {
    if (look === 'muted' || look === 'bySolo') return 'contour';
    return look === 'pending' || look === 'sending' ? 'dim' : 'lit';
  };

  const paintEmpty = (one: ring.RingInk, palette: Palette) => {
    const isTarget = view.look === 'target';
    if (isTarget) states.paintDashed(ctx, one, view.colour, 2, 1);
    else states.paintDashed(ctx, one, palette.ctl, 1.25, 0.85);
  };

  const paintLoop = (one: ring.RingInk, moment: RingMoment) => {
    const style = styleOf(view.look);
    const { look } = view;
    ring.paintMarks(ctx, one, view.bars, view.beatsPerBar);
    if (shape && isLive) paintLive(one, shape);
    else if (shape) {
      refreshSprite(style, parts.palette(), one.radius);
      if (sprite) ring.paintSprite(ctx, sprite, one.radius, appear * (0.45 + 0.55 * moment.alpha));
      const lit = isLit(look) || look === 'held' || style === 'dim';
      const strength = (style === 'dim' ? 0.5 : 1) * moment.alpha * appear;
      if (lit && moment.phase >= 0) {
        ring.paintSector(ctx, one, moment.phase, strength);
        ring.paintTrail(ctx, shape, one, moment.phase, strength);
      }
      if (look === 'gap') states.paintHole(ctx, one, shape);
    }
    if (look === 'recording') states.paintRecording(ctx, one, moment.share);
    else if (moment.phase >= 0) {
      const isContour = style === 'contour';
      const handAlpha = (isContour || style === 'dim' ? 0.6 : 1) * moment.alpha;
      ring.paintHand(ctx, one, moment.phase, handAlpha, isContour);
    }
    if (look === 'pending') states.paintPending(ctx, one, moment.share);
    if (look === 'sending') states.paintDotted(ctx, one);
  };

  return {
    view,
    /** Side of the ring's box in CSS px; the canvas is `BLEED` times as wide. */
    resize(px: number) {
      side = px;
    },
    paint(nowMs: number, dtMs: number, moment: RingMoment) {
      if (side < 8) return;
      const palette = parts.palette();
      const one = refreshInk(palette);
      const isEmpty = view.takeId === null && view.look !== 'recording';
      appear = Math.min(1, appear + dtMs / APPEAR_MS);
      if (!isEmpty) refreshShape(nowMs, moment.nowBeat);
      ctx.setTransform(1, 0, 0, 1, 0, 0);
      ctx.clearRect(0, 0, canvas.width, canvas.height);
      ctx.setTransform(1, 0, 0, 1, canvas.width / 2, canvas.height / 2);
      if (!isEmpty) return paintLoop(one, moment);
      if (view.look === 'sending') states.paintDotted(ctx, one);
      else if (view.look === 'pending') states.paintPending(ctx, one, moment.share);
      else paintEmpty(one, palette);
    },
  };
};
