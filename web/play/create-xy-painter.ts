/** Keeps the XY pad's canvas true: painted while something on it moves, and once when it rests. */
import { createEffect, onCleanup, onMount } from 'solid-js';
import { context, density, fitCanvas } from '../draw/canvas.ts';
import { fade, type Rgb } from '../draw/palette.ts';
import { paintXy, TRAIL_MS, type XyInk, type XyPoint, type XyTrailPoint } from '../draw/xy.ts';
import { watchSize } from '../stage/watch-size.ts';
import { usePage } from '../use-session.ts';
import type { Xy } from './create-xy.ts';

const COLOUR = /[\d.]+/g;

/** The colour that the pad's style gives it: that of its slot, or what an input has. */
const colourOf = (canvas: HTMLCanvasElement): Rgb => {
  const [red = 255, green = 255, blue = 255] = (
    getComputedStyle(canvas).color.match(COLOUR) ?? []
  ).map(Number);
  return [red, green, blue];
};

/** An axis that is empty is in the middle. */
const pointOf = ({ x, y }: Xy): XyPoint => ({
  x: x.axis() ? x.value() : 0.5,
  y: y.axis() ? y.value() : 0.5,
});

const startPainting = (canvas: HTMLCanvasElement, xy: Xy, colourKey: () => unknown) => {
  const { palette, reducedMotion, session } = usePage();
  const ctx = context(canvas);
  let trail: XyTrailPoint[] = [];
  let ink: XyInk | undefined;
  let isStale = true;
  createEffect(() => {
    colourKey();
    const { text } = palette();
    const net = fade(text, 0.07);
    ink = { colour: colourOf(canvas), point: text, net, ratio: density() };
    isStale = true;
  });
  createEffect(() => {
    const point = pointOf(xy);
    const isMoving = xy.x.isMoving() || xy.y.isMoving();
    if (isMoving && !reducedMotion()) trail.push({ ...point, ms: performance.now() });
    isStale = true;
  });
  const refit = watchSize([canvas], () => {
    fitCanvas(canvas, canvas.clientWidth, canvas.clientHeight);
    if (ink) ink = { ...ink, ratio: density() };
    isStale = true;
  });
  const stop = session.painter.add((nowMs) => {
    refit();
    if (!isStale || !ink) return;
    trail = trail.filter(({ ms }) => nowMs - ms < TRAIL_MS);
    isStale = trail.length > 0;
    paintXy(ctx, xy.canMove() ? pointOf(xy) : undefined, trail, nowMs, ink);
  });
  onCleanup(stop);
};

/** @param colourKey Changes when the pad belongs to another slot. */
export const createXyPainter = (
  canvas: () => HTMLCanvasElement,
  xy: Xy,
  colourKey: () => unknown,
): void => {
  onMount(() => startPainting(canvas(), xy, colourKey));
};
