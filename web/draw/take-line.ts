/** Paints a take from left to right with its bars and the hand as a line. */
import type { TakePeaks } from '../sync/make-takes.ts';

export interface TakeLineScene {
  width: number;
  height: number;
  ratio: number;
  bars: number;
  /** 0…1; −1 = no hand. */
  phase: number;
  colour: string;
  /** Behind the hand. */
  strong: string;
  line: string;
  text: string;
}

const TRAIL = 0.12;
const GAMMA = 0.82;

const loudest = (peaks: TakePeaks): number => {
  let peak = 8;
  for (let i = 0; i < peaks.count; i++) {
    peak = Math.max(peak, peaks.max[i] ?? 0, -(peaks.min[i] ?? 0));
  }
  return peak;
};

const fillParts = (
  ctx: CanvasRenderingContext2D,
  peaks: TakePeaks,
  scene: TakeLineScene,
  from: number,
  to: number,
) => {
  const step = scene.width / peaks.count;
  const middle = scene.height / 2;
  const reach = scene.height * 0.44;
  const full = loudest(peaks);
  ctx.beginPath();
  for (let i = Math.max(0, from); i < Math.min(peaks.count, to); i++) {
    const up = Math.max(0.5, ((peaks.max[i] ?? 0) / full) ** GAMMA * reach);
    const down = Math.max(0.5, (-(peaks.min[i] ?? 0) / full) ** GAMMA * reach);
    ctx.rect(i * step, middle - (up || 0.5), step + 0.3, (up || 0.5) + (down || 0.5));
  }
  ctx.fill();
};

export const paintTakeLine = (
  ctx: CanvasRenderingContext2D,
  peaks: TakePeaks | undefined,
  scene: TakeLineScene,
): void => {
  const { width, height, ratio, phase } = scene;
  ctx.clearRect(0, 0, width, height);
  ctx.fillStyle = scene.line;
  for (let bar = 1; bar < scene.bars; bar++) {
    ctx.fillRect(Math.round((bar / scene.bars) * width), 0, ratio, height);
  }
  if (peaks) {
    ctx.fillStyle = scene.colour;
    fillParts(ctx, peaks, scene, 0, peaks.count);
    if (phase >= 0) {
      ctx.fillStyle = scene.strong;
      const hand = Math.floor(phase * peaks.count);
      fillParts(ctx, peaks, scene, hand - Math.round(TRAIL * peaks.count), hand);
    }
  }
  if (phase < 0) return;
  ctx.fillStyle = scene.text;
  ctx.fillRect(Math.round(phase * width) - ratio, 0, 2 * ratio, height);
};
