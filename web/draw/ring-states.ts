/** The arcs around a ring that say what its slot waits for, and what it lost. */
import { angleOf, BASE, type RingShape, TURN } from './ring-shape.ts';
import type { RingInk } from './ring.ts';

const EDGE = 0.99;
const HOLE_MIN = 8 / 360;

const arc = (ctx: CanvasRenderingContext2D, radius: number, fromPhase: number, toPhase: number) => {
  ctx.beginPath();
  ctx.arc(0, 0, radius, angleOf(fromPhase), angleOf(toPhase));
  ctx.stroke();
};

const track = (ctx: CanvasRenderingContext2D, ink: RingInk, colour: string, alpha: number) => {
  ctx.lineWidth = 4 * ink.ratio * Math.min(1, ink.radius / (80 * ink.ratio) + 0.25);
  ctx.globalAlpha = alpha;
  ctx.strokeStyle = colour;
  arc(ctx, EDGE * ink.radius, 0, 1);
  ctx.globalAlpha = 1;
};

/** Pending: a white arc from the share that is left to 12 o'clock, running out clockwise. */
export const paintPending = (ctx: CanvasRenderingContext2D, ink: RingInk, left: number): void => {
  track(ctx, ink, ink.text, 0.17);
  ctx.lineCap = 'round';
  if (left > 0) arc(ctx, EDGE * ink.radius, 1 - Math.min(1, left), 1);
  ctx.lineCap = 'butt';
};

/** Recording: a red arc with a head, from 12 o'clock to now. */
export const paintRecording = (ctx: CanvasRenderingContext2D, ink: RingInk, done: number): void => {
  track(ctx, ink, ink.record, 0.3);
  ctx.lineCap = 'round';
  const end = Math.max(0.002, Math.min(1, done));
  arc(ctx, EDGE * ink.radius, 0, end);
  ctx.lineCap = 'butt';
  ctx.fillStyle = ink.record;
  ctx.beginPath();
  const angle = angleOf(end);
  ctx.arc(
    Math.cos(angle) * EDGE * ink.radius,
    Math.sin(angle) * EDGE * ink.radius,
    6 * ink.ratio * Math.min(1, ink.radius / (80 * ink.ratio) + 0.25),
    0,
    TURN,
  );
  ctx.fill();
};

/** Unconfirmed: a dotted circle. */
export const paintDotted = (ctx: CanvasRenderingContext2D, ink: RingInk): void => {
  ctx.globalAlpha = 0.75;
  ctx.strokeStyle = ink.text;
  ctx.lineWidth = 2 * ink.ratio;
  ctx.lineCap = 'round';
  ctx.setLineDash([0.1, 6.2 * ink.ratio]);
  arc(ctx, EDGE * ink.radius, 0, 1);
  ctx.setLineDash([]);
  ctx.lineCap = 'butt';
  ctx.globalAlpha = 1;
};

/** Empty or target: a dashed circle where the ring will be. */
export const paintDashed = (
  ctx: CanvasRenderingContext2D,
  ink: RingInk,
  colour: string,
  lineWidth: number,
  alpha: number,
): void => {
  const dash = (TURN * BASE * ink.radius) / 44;
  ctx.globalAlpha = alpha;
  ctx.strokeStyle = colour;
  ctx.lineWidth = lineWidth * ink.ratio;
  ctx.setLineDash([dash * 0.48, dash * 0.52]);
  arc(ctx, BASE * ink.radius, 0, 1);
  ctx.setLineDash([]);
  ctx.globalAlpha = 1;
};

/** Damaged: hatching over the part without sound, at least 8° wide. */
export const paintHole = (ctx: CanvasRenderingContext2D, ink: RingInk, shape: RingShape): void => {
  if (shape.holeFrom < 0) return;
  const middle = (shape.holeFrom + shape.holeTo) / 2;
  const width = Math.max(HOLE_MIN, shape.holeTo - shape.holeFrom);
  const from = angleOf(middle - width / 2);
  const to = angleOf(middle + width / 2);
  ctx.save();
  ctx.strokeStyle = ink.warn;
  ctx.lineWidth = 1.5 * ink.ratio;
  ctx.beginPath();
  ctx.arc(0, 0, 0.9 * ink.radius, from, to);
  ctx.arc(0, 0, 0.58 * ink.radius, to, from, true);
  ctx.closePath();
  ctx.stroke();
  ctx.clip();
  ctx.beginPath();
  const step = 5 * ink.ratio;
  for (let at = -2 * ink.radius; at < 2 * ink.radius; at += step) {
    ctx.moveTo(at, -ink.radius);
    ctx.lineTo(at + 2 * ink.radius, ink.radius);
  }
  ctx.stroke();
  ctx.restore();
};
