/** The sign of FlowZone in pixels: a ring, its first quarter lit, the hand at its end. */

export interface IconLook {
  readonly sizePx: number;
  /** Share of the side that the sign takes, of how it stands in `icon.svg`. */
  readonly signScale: number;
  /** Of the dark square behind it, in parts of the side; 0 = it fills the picture. */
  readonly cornerRadius: number;
}

type Colour = readonly [number, number, number];

const NIGHT: Colour = [9, 10, 13];
const QUIET: Colour = [108, 118, 136];
const LIT: Colour = [244, 245, 248];

/** Lengths of the sign where the side is 64. */
const SIDE = 64;
const RADIUS = 17;
const HALF_STROKE = 3;
const HAND = 5;

/** How far outside a square with round corners a point is; the middle of the square is 0, 0. */
const outsideSquare = (x: number, y: number, half: number, radius: number): number => {
  const dx = Math.abs(x) - half + radius;
  const dy = Math.abs(y) - half + radius;
  return Math.min(Math.max(dx, dy), 0) + Math.hypot(Math.max(dx, 0), Math.max(dy, 0)) - radius;
};

const outsideRing = (x: number, y: number): number =>
  Math.abs(Math.hypot(x, y) - RADIUS) - HALF_STROKE;

/** From 12 to 3 o'clock, its ends round. */
const outsideQuarter = (x: number, y: number): number => {
  if (x >= 0 && y <= 0) return outsideRing(x, y);
  return Math.min(Math.hypot(x, y + RADIUS), Math.hypot(x - RADIUS, y)) - HALF_STROKE;
};

/** RGBA, row by row from the top; edges are smoothed over one pixel. */
export const drawIcon = ({ cornerRadius, signScale, sizePx }: IconLook): Uint8Array => {
  const pixels = new Uint8Array(sizePx * sizePx * 4);
  const unit = (SIDE / sizePx) * (1 / signScale);
  const half = sizePx / 2;
  for (let row = 0; row < sizePx; row += 1) {
    for (let column = 0; column < sizePx; column += 1) {
      const [px, py] = [column + 0.5 - half, row + 0.5 - half];
      const [x, y] = [px * unit, py * unit];
      const covers = (outside: number) => Math.max(0, Math.min(1, 0.5 - outside / unit));
      const square = outsideSquare(px, py, half, cornerRadius * sizePx);
      const at = (row * sizePx + column) * 4;
      const layers: readonly (readonly [Colour, number])[] = [
        [QUIET, covers(outsideRing(x, y))],
        [LIT, covers(outsideQuarter(x, y))],
        [LIT, covers(Math.hypot(x - RADIUS, y) - HAND)],
      ];
      for (let part = 0; part < 3; part += 1) {
        let value = NIGHT[part] ?? 0;
        for (const [colour, share] of layers) value += ((colour[part] ?? 0) - value) * share;
        pixels[at + part] = Math.round(value);
      }
      pixels[at + 3] = Math.round(255 * Math.max(0, Math.min(1, 0.5 - square)));
    }
  }
  return pixels;
};
