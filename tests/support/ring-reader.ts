/** Reads a ring off the screen: how far its strokes reach at each angle, and where its hand is. */
import type { Page } from 'playwright-core';

export interface RingOnScreen {
  /** Outer reach at each of `count` angles from 12 o'clock, in units of R. */
  readonly reach: readonly number[];
  /** Phase of the hand, 0…1. */
  readonly hand: number;
  /** Wall clock of the reading, ms. */
  readonly wallMs: number;
  /** ms from the paint before to this one. */
  readonly paintMs: number;
}

/** The canvas is wider than the ring's box by this (see draw/ring-sprite.ts). */
const BLEED = 1.36;

export const readRing = (page: Page, slot: number, count = 128): Promise<RingOnScreen> =>
  page.evaluate(
    async ({ index, angles, bleed }) => {
      const canvas = document.querySelector<HTMLCanvasElement>(`[data-ring="${index}"] canvas`);
      const ctx = canvas?.getContext('2d');
      if (!canvas || !ctx) throw new Error('no ring');
      const paint = () => new Promise<number>((done) => requestAnimationFrame(done));
      const before = await paint();
      const now = await paint();
      const { data, width } = ctx.getImageData(0, 0, canvas.width, canvas.height);
      const wallMs = performance.timeOrigin + now;
      const middle = width / 2;
      const radius = width / 2 / bleed;
      const at = (phase: number, r: number) => {
        const angle = phase * Math.PI * 2 - Math.PI / 2;
        const x = Math.round(middle + Math.cos(angle) * r * radius);
        const y = Math.round(middle + Math.sin(angle) * r * radius);
        return (y * width + x) * 4;
      };
      const reach = Array.from({ length: angles }, (_, part) => {
        for (let r = 0.945; r > 0.7; r -= 0.004) {
          if ((data[at((part + 0.5) / angles, r) + 3] ?? 0) > 150) return r;
        }
        return 0.7;
      });
      // Inside the ring the hand is the whitest: the middle of what is nearly as white as its best.
      const whites = Array.from({ length: 2000 }, (_, step) => {
        const place = at(step / 2000, 0.5);
        const white = Math.min(data[place] ?? 0, data[place + 1] ?? 0, data[place + 2] ?? 0);
        return white * ((data[place + 3] ?? 0) / 255);
      });
      const best = Math.max(...whites);
      let [x, y] = [0, 0];
      for (const [step, white] of whites.entries()) {
        if (white < best * 0.85) continue;
        x += Math.cos((step / 2000) * Math.PI * 2);
        y += Math.sin((step / 2000) * Math.PI * 2);
      }
      const hand = (Math.atan2(y, x) / (Math.PI * 2) + 1) % 1;
      return { reach, hand, wallMs, paintMs: now - before };
    },
    { index: slot, angles: count, bleed: BLEED },
  );

/** Pearson's r of two rows of numbers. */
export const correlation = (a: readonly number[], b: readonly number[]): number => {
  const mean = (row: readonly number[]) => row.reduce((sum, x) => sum + x, 0) / row.length;
  const [ma, mb] = [mean(a), mean(b)];
  let [ab, aa, bb] = [0, 0, 0];
  for (const [index, x] of a.entries()) {
    const y = b[index] ?? 0;
    ab += (x - ma) * (y - mb);
    aa += (x - ma) ** 2;
    bb += (y - mb) ** 2;
  }
  return ab / Math.sqrt(aa * bb);
};
