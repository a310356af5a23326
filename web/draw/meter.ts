/** Paints level meters: peak as fill, hold line, marks at −18 and 0 dB cut out of the fill. */
import { dbToPlace, type MeterState } from '../music/level.ts';

export interface MeterColours {
  readonly fill: string | CanvasGradient;
  readonly track: string;
  readonly gap: string;
  readonly hold: string;
}

const MARKS = [dbToPlace(-18), dbToPlace(0)] as const;

/** One lying channel in device pixels. */
export const paintLevel = (
  ctx: CanvasRenderingContext2D,
  meter: MeterState,
  x: number,
  y: number,
  width: number,
  height: number,
  ratio: number,
  colours: MeterColours,
): void => {
  ctx.fillStyle = colours.track;
  ctx.fillRect(x, y, width, height);
  ctx.fillStyle = colours.fill;
  ctx.fillRect(x, y, dbToPlace(meter.level) * width, height);
  ctx.fillStyle = colours.gap;
  for (const place of MARKS) ctx.fillRect(x + place * width - ratio / 2, y, ratio, height);
  const hold = dbToPlace(meter.hold);
  if (hold <= 0) return;
  ctx.fillStyle = colours.hold;
  ctx.fillRect(x + Math.min(width - 2 * ratio, hold * width), y, 2 * ratio, height);
};

/** A slot's standing meter: fill from below, the white tab is the volume on the same scale. */
export const paintSlotMeter = (
  ctx: CanvasRenderingContext2D,
  meter: MeterState,
  volumePlace: number,
  width: number,
  height: number,
  barWidth: number,
  ratio: number,
  colours: MeterColours,
): void => {
  ctx.clearRect(0, 0, width, height);
  const x = Math.round((width - barWidth) / 2);
  const tab = 3 * ratio;
  const top = tab;
  const reach = height - 2 * tab;
  ctx.fillStyle = colours.track;
  ctx.beginPath();
  ctx.roundRect(x, top, barWidth, reach, barWidth / 2);
  ctx.fill();
  const level = dbToPlace(meter.level) * reach;
  if (level > 0.5) {
    ctx.fillStyle = colours.fill;
    ctx.globalAlpha = 0.55 + 0.45 * (level / reach);
    ctx.beginPath();
    ctx.roundRect(x, top + reach - level, barWidth, level, barWidth / 2);
    ctx.fill();
    ctx.globalAlpha = 1;
  }
  ctx.fillStyle = colours.gap;
  const y = Math.round(top + reach - volumePlace * reach - tab / 2);
  ctx.fillRect(0, y - ratio, width, tab + 2 * ratio);
  ctx.fillStyle = colours.hold;
  ctx.beginPath();
  ctx.roundRect(0, y, width, tab, ratio);
  ctx.fill();
};
