/** A meter of the mixer: peak as fill, rms as the brighter part of it, hold line, −18 and 0 cut out. */
import { dbToPlace, gainToDb, type MeterState } from '../music/level.ts';
import type { MeterColours } from './meter.ts';

/** A meter with its rms, both in dB. */
export interface LoudMeter extends MeterState {
  rms: number;
}

const MARKS = [dbToPlace(-18), dbToPlace(0)] as const;
const RMS_MS = 150;
const PEAK_ALPHA = 0.5;

export const makeLoudMeter = (): LoudMeter => ({
  level: -120,
  hold: -120,
  holdLeftMs: 0,
  rms: -120,
});

/** Towards the rms of the last frame; its mean over 150 ms, so that it can be read. */
export const moveRms = (meter: LoudMeter, gain: number, dtMs: number): void => {
  const input = Math.max(-120, gainToDb(gain));
  meter.rms += (input - meter.rms) * Math.min(1, dtMs / RMS_MS);
};

/** One channel along the longer side of the canvas; `across` and `thick` in device pixels. */
export const paintLoudMeter = (
  ctx: CanvasRenderingContext2D,
  meter: LoudMeter,
  across: number,
  thick: number,
  ratio: number,
  colours: MeterColours,
): void => {
  const { height, width } = ctx.canvas;
  const isLying = width > height;
  const length = isLying ? width : height;
  const bar = (from: number, to: number) => {
    const size = Math.max(0, to - from);
    if (isLying) ctx.fillRect(from, across, size, thick);
    else ctx.fillRect(across, length - from - size, thick, size);
  };
  ctx.fillStyle = colours.track;
  bar(0, length);
  ctx.fillStyle = colours.fill;
  ctx.globalAlpha = PEAK_ALPHA;
  bar(0, dbToPlace(meter.level) * length);
  ctx.globalAlpha = 1;
  bar(0, dbToPlace(Math.min(meter.rms, meter.level)) * length);
  ctx.fillStyle = colours.gap;
  for (const place of MARKS) bar(place * length - ratio / 2, place * length + ratio / 2);
  const hold = dbToPlace(meter.hold) * length;
  if (hold <= 0) return;
  ctx.fillStyle = colours.hold;
  bar(Math.min(length, hold) - 2 * ratio, Math.min(length, hold));
};
