/** A riff as a small picture: one ring per sounding slot, slot 1 outermost. */
import type { TakePeaks } from '../sync/make-takes.ts';
import { angleOf, TURN } from './ring-shape.ts';

export interface IconRing {
  readonly slot: number;
  readonly peaks: TakePeaks | undefined;
}

const CORE = 0.24;
const RINGS_MIN = 3;
const PARTS = 96;

const levelOf = (peaks: TakePeaks, part: number): number => {
  const from = Math.floor((part * peaks.count) / PARTS);
  const to = Math.floor(((part + 1) * peaks.count) / PARTS);
  let level = 0;
  for (let i = from; i < to; i++) {
    level = Math.max(level, peaks.max[i] ?? 0, -(peaks.min[i] ?? 0));
  }
  return level / 127;
};

const loudest = (peaks: TakePeaks): number => {
  let level = 0.05;
  for (let part = 0; part < PARTS; part++) level = Math.max(level, levelOf(peaks, part));
  return level;
};

/** Paints into a square of `side` device pixels. */
export const paintHistoryIcon = (
  ctx: CanvasRenderingContext2D,
  rings: readonly IconRing[],
  side: number,
  ratio: number,
  colourOf: (slot: number) => string,
  /** Of the dashed circle that stands for an empty riff. */
  restColour: string,
): void => {
  ctx.setTransform(1, 0, 0, 1, 0, 0);
  ctx.clearRect(0, 0, side, side);
  ctx.translate(side / 2, side / 2);
  const radius = side / 2 - ratio;
  const width = (radius - CORE * radius) / Math.max(RINGS_MIN, rings.length);
  if (rings.length === 0) {
    ctx.strokeStyle = restColour;
    ctx.lineWidth = ratio;
    ctx.setLineDash([3 * ratio, 3 * ratio]);
    ctx.beginPath();
    ctx.arc(0, 0, radius * 0.8, 0, TURN);
    ctx.stroke();
    ctx.setLineDash([]);
  }
  for (let at = 0; at < rings.length; at++) {
    const ring = rings[at];
    if (!ring) continue;
    const base = radius - (at + 0.62) * width;
    ctx.strokeStyle = colourOf(ring.slot);
    ctx.lineWidth = Math.max(ratio * 0.75, 1);
    ctx.globalAlpha = 0.55;
    ctx.beginPath();
    ctx.arc(0, 0, base, 0, TURN);
    ctx.stroke();
    ctx.globalAlpha = 1;
    if (ring.peaks) strokeRing(ctx, ring.peaks, base, width * 0.62);
  }
};

const strokeRing = (
  ctx: CanvasRenderingContext2D,
  peaks: TakePeaks,
  base: number,
  reach: number,
) => {
  const full = loudest(peaks);
  ctx.lineWidth = Math.max(1, ((TURN * base) / PARTS) * 1.15);
  ctx.beginPath();
  for (let part = 0; part < PARTS; part++) {
    const height = (levelOf(peaks, part) / full) * reach;
    const x = Math.cos(angleOf((part + 0.5) / PARTS));
    const y = Math.sin(angleOf((part + 0.5) / PARTS));
    ctx.moveTo(x * (base - height * 0.45), y * (base - height * 0.45));
    ctx.lineTo(x * (base + height), y * (base + height));
  }
  ctx.stroke();
};
