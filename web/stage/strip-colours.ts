/** Colours and gradients of the strip for one size, theme and target. */
import { fade, mix, type Palette, rgb } from '../draw/palette.ts';
import type { StripColours, StripScene } from '../draw/strip.ts';

const LIGHT_PX = 40;

export const makeStripColours = (
  ctx: CanvasRenderingContext2D,
  palette: Palette,
  target: string,
  scene: StripScene,
): StripColours => {
  const { width, height, bandHeight, ratio } = scene;
  const { isLight } = palette;
  const light = ctx.createLinearGradient(width - LIGHT_PX * ratio, 0, width, 0);
  light.addColorStop(0, fade(palette.text, 0));
  light.addColorStop(1, fade(palette.text, isLight ? 0.16 : 0.24));
  const cutTint = ctx.createLinearGradient(0, bandHeight, 0, height);
  cutTint.addColorStop(0, fade(target, isLight ? 0.2 : 0.24));
  cutTint.addColorStop(1, fade(target, isLight ? 0.06 : 0.07));
  const band = ctx.createLinearGradient(0, 0, 0, bandHeight);
  band.addColorStop(0, fade(target, 0.16));
  band.addColorStop(1, fade(target, 0.34));
  const grey = isLight ? palette.ctl : palette.muted;
  const old = ctx.createLinearGradient(0, 0, width * 0.5, 0);
  old.addColorStop(0, fade(grey, 0.22));
  old.addColorStop(1, fade(grey, isLight ? 0.62 : 0.5));
  return {
    text: isLight ? mix(rgb(palette.text), [255, 255, 255], 0.2) : palette.text,
    line: fade(palette.text, 0.16),
    tick: fade(palette.text, 0.14),
    cut: target,
    light,
    cutTint,
    band,
    old,
  };
};
