/**
 * The parts of a ring that do not move, drawn once per take, size and theme: the strokes with their
 * bloom, the contour of a muted loop, the light behind the hand.
 */
import { sheet } from './canvas.ts';
import { fade, mix, type Palette, type Rgb, rgb } from './palette.ts';
import { BASE, type RingShape, TURN } from './ring-shape.ts';

const WHITE: Rgb = [255, 255, 255];
const BLACK: Rgb = [0, 0, 0];
const TONE_STEPS = 8;
const REST_OPACITY = 0.66;
/** The sheet is larger than the ring's box, so that the bloom can run out. */
export const BLEED = 1.36;
export const SECTOR_TURN = 0.28;

export type RingStyle = 'lit' | 'dim' | 'contour';

/** Towards where colours go when they get stronger: white in the dark, black in the light. */
export const strongEnd = (palette: Palette): Rgb => (palette.isLight ? BLACK : WHITE);

const strokeWidth = (shape: RingShape, radius: number) =>
  Math.max(1, ((TURN * BASE * radius) / shape.count) * 1.2);

const strokeParts = (
  ctx: CanvasRenderingContext2D,
  shape: RingShape,
  radius: number,
  colour: Rgb,
  end: Rgb,
) => {
  ctx.lineWidth = strokeWidth(shape, radius);
  for (let step = 0; step < TONE_STEPS; step++) {
    ctx.strokeStyle = mix(colour, end, (0.4 * step) / (TONE_STEPS - 1));
    ctx.beginPath();
    for (let part = 0; part < shape.count; part++) {
      const tone = Math.min(TONE_STEPS - 1, Math.floor((shape.tone[part] ?? 0) * TONE_STEPS));
      if (tone === step) addPart(ctx, shape, part, radius);
    }
    ctx.stroke();
  }
};

/** One radial stroke of the current path; the context's origin is the ring's centre. */
export const addPart = (
  ctx: CanvasRenderingContext2D,
  shape: RingShape,
  part: number,
  radius: number,
): void => {
  const x = (shape.dirX[part] ?? 0) * radius;
  const y = (shape.dirY[part] ?? 0) * radius;
  const inner = shape.inner[part] ?? BASE;
  // Silence still shows where the loop goes: at least half a pixel on both sides.
  const least = 0.5 / radius;
  const outer = Math.max(shape.outer[part] ?? BASE, BASE + least);
  ctx.moveTo(x * Math.min(inner, BASE - least), y * Math.min(inner, BASE - least));
  ctx.lineTo(x * outer, y * outer);
};

const strokeContour = (
  ctx: CanvasRenderingContext2D,
  shape: RingShape,
  radius: number,
  edge: Float32Array,
) => {
  ctx.beginPath();
  // Every fourth part is enough: a contour is a line, not a sound.
  for (let part = 0; part < shape.count; part += 4) {
    const r = (edge[part] ?? BASE) * radius;
    ctx.lineTo((shape.dirX[part] ?? 0) * r, (shape.dirY[part] ?? 0) * r);
  }
  ctx.closePath();
  ctx.stroke();
};

/** Puts `source` once more behind itself, blurred: as the shadow of a copy outside the sheet. */
const bloom = (
  ctx: CanvasRenderingContext2D,
  source: HTMLCanvasElement,
  colour: Rgb,
  blurPx: number,
  opacity: number,
) => {
  const away = source.width * 2;
  ctx.save();
  ctx.globalCompositeOperation = 'lighter';
  ctx.shadowColor = mix(colour, WHITE, 0, opacity);
  ctx.shadowBlur = blurPx * 2;
  ctx.shadowOffsetX = away;
  ctx.drawImage(source, -away, 0);
  ctx.restore();
};

const withOrigin = (side: number) => {
  const made = sheet(side, side);
  made.ctx.translate(made.canvas.width / 2, made.canvas.height / 2);
  return made;
};

/** The resting ring. `radius` in device pixels; the result is `BLEED` times as wide as its box. */
export const ringSprite = (
  shape: RingShape,
  hex: string,
  radius: number,
  style: RingStyle,
  palette: Palette,
): HTMLCanvasElement => {
  const colour = rgb(hex);
  const side = radius * 2 * BLEED;
  const ring = withOrigin(side);
  if (style === 'contour') {
    ring.ctx.strokeStyle = mix(colour, BLACK, 0, palette.isLight ? 0.9 : 0.8);
    ring.ctx.lineWidth = Math.max(1, radius / 110);
    ring.ctx.lineJoin = 'round';
    strokeContour(ring.ctx, shape, radius, shape.outer);
    strokeContour(ring.ctx, shape, radius, shape.inner);
    return ring.canvas;
  }
  ring.ctx.globalAlpha = 0.2;
  ring.ctx.strokeStyle = hex;
  ring.ctx.lineWidth = 1;
  ring.ctx.beginPath();
  ring.ctx.arc(0, 0, BASE * radius, 0, TURN);
  ring.ctx.stroke();
  ring.ctx.globalAlpha = 1;
  strokeParts(ring.ctx, shape, radius, colour, strongEnd(palette));

  const whole = sheet(side, side);
  const strength = style === 'dim' ? 0.55 : 1;
  if (!palette.isLight) {
    bloom(whole.ctx, ring.canvas, colour, radius * 0.26, 0.26 * strength);
    bloom(whole.ctx, ring.canvas, colour, radius * 0.085, 0.5 * strength);
  }
  // Over its light, so that the resting ring stays darker than what the hand just passed.
  whole.ctx.globalAlpha = REST_OPACITY * strength + (palette.isLight ? 0.12 : 0);
  whole.ctx.drawImage(ring.canvas, 0, 0);
  return whole.canvas;
};

/** The fading sector behind a hand at 12 o'clock. */
export const sectorSprite = (hex: string, radius: number, palette: Palette): HTMLCanvasElement => {
  const { canvas, ctx } = withOrigin(radius * 2);
  const from = -Math.PI / 2 - SECTOR_TURN * TURN;
  const fan = ctx.createConicGradient(from, 0, 0);
  const strong = mix(rgb(hex), strongEnd(palette), palette.isLight ? 0 : 0.12, 0.24);
  fan.addColorStop(0, fade(hex, 0));
  fan.addColorStop(SECTOR_TURN, strong);
  fan.addColorStop(Math.min(1, SECTOR_TURN + 1e-4), fade(hex, 0));
  ctx.fillStyle = fan;
  ctx.beginPath();
  ctx.arc(0, 0, 0.93 * radius, from, -Math.PI / 2);
  ctx.arc(0, 0, 0.5 * radius, -Math.PI / 2, from, true);
  ctx.fill();
  return canvas;
};
