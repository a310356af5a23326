/**
 * Paints one ring: resting sprite, trail, sector, hand, bar marks, and the arc of its state.
 *
 * Nothing is allocated here: colours of the trail are made with the ring's `RingInk`.
 */
import { mix, type Palette, type Rgb, rgb } from './palette.ts';
import { angleOf, BASE, type RingShape, TURN } from './ring-shape.ts';
import { addPart, BLEED, strongEnd } from './ring-sprite.ts';

const TRAIL_STEPS = 12;
const TRAIL_END = 0.06;
const TRAIL_RATE = 3.6;

/** Colours and images of a slot at one size; made anew when size, theme or take change. */
export interface RingInk {
  readonly radius: number;
  readonly ratio: number;
  readonly colour: string;
  readonly text: string;
  readonly record: string;
  readonly warn: string;
  readonly faint: string;
  readonly trail: readonly string[];
  readonly sector: HTMLCanvasElement | undefined;
}

/** Strength of the trail `age` turns after the hand passed: 1 … 0. */
export const trailStrength = (age: number): number => Math.exp(-TRAIL_RATE * age);

const ageAt = (strength: number): number => -Math.log(strength) / TRAIL_RATE;

export const makeRingInk = (
  palette: Palette,
  colour: string,
  radius: number,
  ratio: number,
  sector: HTMLCanvasElement | undefined,
): RingInk => {
  const from: Rgb = rgb(colour);
  const trail = Array.from({ length: TRAIL_STEPS }, (_, step) => {
    const strength = 1 - (step + 0.5) * ((1 - TRAIL_END) / TRAIL_STEPS);
    return mix(from, strongEnd(palette), 0.46 * strength ** 2, Number(strength.toFixed(3)));
  });
  const { text, record, warn, faint } = palette;
  return { radius, ratio, colour, text, record, warn, faint, trail, sector };
};

export const paintSprite = (
  ctx: CanvasRenderingContext2D,
  sprite: HTMLCanvasElement,
  radius: number,
  alpha: number,
): void => {
  const half = radius * BLEED;
  ctx.globalAlpha = alpha;
  ctx.drawImage(sprite, -half, -half, half * 2, half * 2);
  ctx.globalAlpha = 1;
};

/** The strokes that the hand just passed, brightest first behind it. */
export const paintTrail = (
  ctx: CanvasRenderingContext2D,
  shape: RingShape,
  ink: RingInk,
  phase: number,
  alpha: number,
): void => {
  const { count } = shape;
  const head = phase * count - 0.5;
  ctx.globalAlpha = alpha;
  ctx.lineWidth = Math.max(1, ((TURN * BASE * ink.radius) / count) * 1.2);
  let done = 0;
  for (let step = 0; step < TRAIL_STEPS; step++) {
    const strength = 1 - ((step + 1) * (1 - TRAIL_END)) / TRAIL_STEPS;
    const last = Math.min(count, Math.floor(ageAt(Math.max(strength, TRAIL_END)) * count));
    if (last <= done) continue;
    ctx.strokeStyle = ink.trail[step] ?? ink.colour;
    ctx.beginPath();
    for (let back = done; back < last; back++) {
      const part = (((Math.floor(head) - back) % count) + count) % count;
      addPart(ctx, shape, part, ink.radius);
    }
    ctx.stroke();
    done = last;
  }
  ctx.globalAlpha = 1;
};

export const paintSector = (
  ctx: CanvasRenderingContext2D,
  ink: RingInk,
  phase: number,
  alpha: number,
): void => {
  if (!ink.sector) return;
  ctx.save();
  ctx.rotate(phase * TURN);
  ctx.globalAlpha = alpha;
  ctx.drawImage(ink.sector, -ink.radius, -ink.radius, ink.radius * 2, ink.radius * 2);
  ctx.restore();
};

/** The hand; hollow when its loop is muted. Never below 40 %. */
export const paintHand = (
  ctx: CanvasRenderingContext2D,
  ink: RingInk,
  phase: number,
  alpha: number,
  isHollow: boolean,
): void => {
  const { radius, ratio } = ink;
  const x = Math.cos(angleOf(phase));
  const y = Math.sin(angleOf(phase));
  const isSmall = radius < 60 * ratio;
  const dot = (isSmall ? 2.75 : 3.5) * ratio;
  const tip = 0.955 * radius;
  ctx.globalAlpha = Math.max(0.4, alpha);
  ctx.strokeStyle = ink.text;
  ctx.fillStyle = ink.text;
  ctx.lineWidth = (isSmall ? 1.75 : 2.25) * ratio;
  ctx.lineCap = 'round';
  ctx.beginPath();
  ctx.moveTo(x * 0.475 * radius, y * 0.475 * radius);
  ctx.lineTo(x * (isHollow ? tip - dot : tip), y * (isHollow ? tip - dot : tip));
  ctx.stroke();
  ctx.beginPath();
  ctx.arc(x * tip, y * tip, dot, 0, TURN);
  if (isHollow) {
    ctx.lineWidth = 1.5 * ratio;
    ctx.stroke();
  } else ctx.fill();
  ctx.lineCap = 'butt';
  ctx.globalAlpha = 1;
};

const mark = (ctx: CanvasRenderingContext2D, phase: number, radius: number, length: number) => {
  const x = Math.cos(angleOf(phase));
  const y = Math.sin(angleOf(phase));
  ctx.moveTo(x * 0.985 * radius, y * 0.985 * radius);
  ctx.lineTo(x * (0.985 - length) * radius, y * (0.985 - length) * radius);
};

/** Where bars begin: the first is long and in text colour; beats too in loops of one or two bars. */
export const paintMarks = (
  ctx: CanvasRenderingContext2D,
  ink: RingInk,
  bars: number,
  beatsPerBar: number,
): void => {
  ctx.lineWidth = 1.25 * ink.ratio;
  ctx.strokeStyle = ink.faint;
  ctx.globalAlpha = 0.55;
  ctx.beginPath();
  for (let bar = 1; bar < bars; bar++) mark(ctx, bar / bars, ink.radius, 0.045);
  const beats = bars <= 2 ? Math.round(bars * beatsPerBar) : 0;
  for (let beat = 1; beat < beats; beat++) {
    if (beat % beatsPerBar !== 0) mark(ctx, beat / beats, ink.radius, 0.022);
  }
  ctx.stroke();
  ctx.globalAlpha = 1;
  ctx.strokeStyle = ink.text;
  ctx.lineWidth = 2 * ink.ratio;
  ctx.beginPath();
  mark(ctx, 0, ink.radius, 0.075);
  ctx.stroke();
};
