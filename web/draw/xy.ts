/** Paints the XY pad: its net, the crosshair with its glow, the way of the last moment, the point. */
import { mix, type Rgb } from './palette.ts';

export interface XyPoint {
  /** Across and up, 0…1. */
  readonly x: number;
  readonly y: number;
}

export interface XyTrailPoint extends XyPoint {
  readonly ms: number;
}

export interface XyInk {
  readonly colour: Rgb;
  readonly point: string;
  readonly net: string;
  readonly ratio: number;
}

export const TRAIL_MS = 1200;
/** Over a rest as long as this it jumped: no line. */
const STILL_MS = 250;
const NET_PARTS = 8;
const TURN = Math.PI * 2;
const BLACK: Rgb = [0, 0, 0];

const paintNet = (ctx: CanvasRenderingContext2D, width: number, height: number, ink: XyInk) => {
  ctx.strokeStyle = ink.net;
  ctx.lineWidth = ink.ratio;
  ctx.beginPath();
  for (let part = 1; part < NET_PARTS; part++) {
    const x = Math.round((part * width) / NET_PARTS) + 0.5;
    ctx.moveTo(x, 0);
    ctx.lineTo(x, height);
  }
  for (let part = 1; part < NET_PARTS / 2; part++) {
    const y = Math.round((part * height * 2) / NET_PARTS) + 0.5;
    ctx.moveTo(0, y);
    ctx.lineTo(width, y);
  }
  ctx.stroke();
};

const paintCross = (
  ctx: CanvasRenderingContext2D,
  width: number,
  height: number,
  x: number,
  y: number,
  ink: XyInk,
) => {
  const reach = Math.min(width, height) * 0.62;
  const glow = ctx.createRadialGradient(x, y, 0, x, y, reach);
  glow.addColorStop(0, mix(ink.colour, BLACK, 0, 0.34));
  glow.addColorStop(1, mix(ink.colour, BLACK, 0, 0));
  ctx.fillStyle = glow;
  ctx.fillRect(0, 0, width, height);
  ctx.strokeStyle = mix(ink.colour, BLACK, 0, 0.35);
  ctx.lineWidth = 1.25 * ink.ratio;
  ctx.beginPath();
  ctx.moveTo(x, 0);
  ctx.lineTo(x, height);
  ctx.moveTo(0, y);
  ctx.lineTo(width, y);
  ctx.stroke();
};

/** Grows towards now from 1.5 to 5 px. */
const paintTrail = (
  ctx: CanvasRenderingContext2D,
  trail: readonly XyTrailPoint[],
  nowMs: number,
  place: (point: XyPoint) => readonly [number, number],
  ink: XyInk,
) => {
  ctx.lineCap = 'round';
  for (let at = 1; at < trail.length; at++) {
    const [from, to] = [trail[at - 1], trail[at]];
    if (!from || !to || to.ms - from.ms > STILL_MS) continue;
    const fresh = 1 - (nowMs - to.ms) / TRAIL_MS;
    if (fresh <= 0) continue;
    ctx.strokeStyle = mix(ink.colour, BLACK, 0, fresh);
    ctx.lineWidth = (1.5 + 3.5 * fresh) * ink.ratio;
    ctx.beginPath();
    ctx.moveTo(...place(from));
    ctx.lineTo(...place(to));
    ctx.stroke();
  }
};

/** Over the whole canvas; its size is in device pixels. */
export const paintXy = (
  ctx: CanvasRenderingContext2D,
  point: XyPoint | undefined,
  trail: readonly XyTrailPoint[],
  nowMs: number,
  ink: XyInk,
): void => {
  const { height, width } = ctx.canvas;
  ctx.clearRect(0, 0, width, height);
  paintNet(ctx, width, height, ink);
  if (!point) return;
  const place = ({ x, y }: XyPoint) => [x * width, (1 - y) * height] as const;
  const [x, y] = place(point);
  paintCross(ctx, width, height, x, y, ink);
  paintTrail(ctx, trail, nowMs, place, ink);
  ctx.fillStyle = ink.point;
  ctx.beginPath();
  ctx.arc(x, y, 9 * ink.ratio, 0, TURN);
  ctx.fill();
  ctx.strokeStyle = mix(ink.colour, BLACK, 0);
  ctx.lineWidth = 2 * ink.ratio;
  ctx.beginPath();
  ctx.arc(x, y, 17 * ink.ratio, 0, TURN);
  ctx.stroke();
};
