/**
 * Paints the moving storey of the strip: what was just played, the cut, and the band to its bracket.
 *
 * Sizes are device pixels. Time runs right to left; the right edge is now. What a press would take
 * is drawn in the target's colour, everything older in grey, the bar in progress in text colour.
 */
import type { StripStore } from '../sync/make-strip-store.ts';

export interface StripColours {
  readonly text: string;
  readonly old: CanvasGradient | string;
  readonly line: string;
  readonly tick: string;
  readonly light: CanvasGradient | string;
  /** Of the target: full, the tint of the cut, the band's two ends. */
  readonly cut: string;
  readonly cutTint: CanvasGradient | string;
  readonly band: CanvasGradient | string;
}

/** All of it in device pixels or beats; reused from paint to paint. */
export interface StripScene {
  width: number;
  height: number;
  ratio: number;
  /** Height of the band above the sound. */
  bandHeight: number;
  nowBeat: number;
  beatsShown: number;
  beatsPerBar: number;
  barStartBeat: number;
  cutFromBeat: number;
  cutToBeat: number;
  hasCut: boolean;
  /** Left end of the chosen bracket. */
  bracketX: number;
  bucketsPerBeat: number;
  raise: number;
}

const GAMMA = 0.8;

export const beatToX = (scene: StripScene, beat: number): number =>
  scene.width - ((scene.nowBeat - beat) / scene.beatsShown) * scene.width;

const paintGrid = (ctx: CanvasRenderingContext2D, scene: StripScene, colours: StripColours) => {
  const top = scene.bandHeight;
  const oldest = scene.nowBeat - scene.beatsShown;
  const bars = Math.ceil((oldest - scene.barStartBeat) / scene.beatsPerBar);
  const first = scene.barStartBeat + bars * scene.beatsPerBar;
  ctx.lineWidth = scene.ratio;
  ctx.strokeStyle = colours.line;
  ctx.beginPath();
  for (let beat = first; beat < scene.nowBeat; beat += scene.beatsPerBar) {
    const x = Math.round(beatToX(scene, beat)) + scene.ratio / 2;
    ctx.moveTo(x, top);
    ctx.lineTo(x, scene.height);
  }
  ctx.stroke();
  ctx.strokeStyle = colours.tick;
  ctx.beginPath();
  for (let beat = Math.ceil(oldest); beat < scene.nowBeat; beat++) {
    const x = Math.round(beatToX(scene, beat)) + scene.ratio / 2;
    ctx.moveTo(x, scene.height - 5 * scene.ratio);
    ctx.lineTo(x, scene.height);
  }
  ctx.stroke();
};

/** Adds the sound of [fromBeat, toBeat) as one closed shape: maxima there, minima back. */
const fillSound = (
  ctx: CanvasRenderingContext2D,
  scene: StripScene,
  store: StripStore,
  fromBeat: number,
  toBeat: number,
  swell = 1,
) => {
  const perBeat = scene.bucketsPerBeat;
  const first = Math.max(Math.floor(fromBeat * perBeat), store.oldest());
  const last = Math.min(Math.ceil(toBeat * perBeat) - 1, store.newest());
  if (last < first) return;
  const middle = scene.bandHeight + (scene.height - scene.bandHeight) / 2;
  const reach = (scene.height - scene.bandHeight) * 0.46 * swell;
  const step = scene.width / (scene.beatsShown * perBeat);
  const start = beatToX(scene, first / perBeat);
  const least = 0.5 * scene.ratio;
  ctx.beginPath();
  for (let index = first; index <= last; index++) {
    const x = start + (index - first) * step;
    const high = Math.min(1, Math.max(0, store.max(index)) * scene.raise) ** GAMMA;
    const low = Math.min(1, Math.max(0, -store.min(index)) * scene.raise) ** GAMMA;
    const top = Math.max(least, high * reach);
    ctx.rect(x, middle - top, step + 0.35, top + Math.max(least, low * reach));
  }
  ctx.fill();
};

const paintCut = (ctx: CanvasRenderingContext2D, scene: StripScene, colours: StripColours) => {
  const from = Math.max(0, beatToX(scene, scene.cutFromBeat));
  const to = Math.min(scene.width, beatToX(scene, scene.cutToBeat));
  ctx.fillStyle = colours.band;
  ctx.beginPath();
  ctx.moveTo(scene.bracketX, 0);
  ctx.lineTo(scene.width, 0);
  ctx.lineTo(to, scene.bandHeight);
  ctx.lineTo(from, scene.bandHeight);
  ctx.fill();
  ctx.fillStyle = colours.cutTint;
  ctx.fillRect(from, scene.bandHeight, to - from, scene.height - scene.bandHeight);
};

const paintCutLines = (ctx: CanvasRenderingContext2D, scene: StripScene, colours: StripColours) => {
  ctx.fillStyle = colours.cut;
  const wide = 2 * scene.ratio;
  const top = scene.bandHeight;
  const from = beatToX(scene, scene.cutFromBeat);
  if (from >= -1) ctx.fillRect(Math.round(from - wide / 2), top, wide, scene.height - top);
  // A window that ends ahead has no right line yet: it is still being played.
  if (scene.cutToBeat <= scene.nowBeat) {
    const to = beatToX(scene, scene.cutToBeat);
    ctx.fillRect(Math.round(to - wide / 2), top, wide, scene.height - top);
  }
};

export const paintStrip = (
  ctx: CanvasRenderingContext2D,
  scene: StripScene,
  store: StripStore,
  colours: StripColours,
): void => {
  ctx.clearRect(0, 0, scene.width, scene.height);
  paintGrid(ctx, scene, colours);
  const oldest = scene.nowBeat - scene.beatsShown;
  const light = 40 * scene.ratio;
  ctx.fillStyle = colours.light;
  ctx.fillRect(scene.width - light, scene.bandHeight, light, scene.height - scene.bandHeight);
  if (!scene.hasCut) {
    ctx.fillStyle = colours.old;
    fillSound(ctx, scene, store, oldest, scene.nowBeat);
    return;
  }
  paintCut(ctx, scene, colours);
  ctx.fillStyle = colours.old;
  fillSound(ctx, scene, store, oldest, scene.cutFromBeat);
  const cutEnd = Math.min(scene.nowBeat, scene.cutToBeat);
  ctx.fillStyle = colours.cut;
  ctx.globalAlpha = 0.13;
  fillSound(ctx, scene, store, scene.cutFromBeat, cutEnd, 1.2);
  ctx.globalAlpha = 1;
  fillSound(ctx, scene, store, scene.cutFromBeat, cutEnd);
  ctx.fillStyle = colours.text;
  if (scene.cutToBeat < scene.nowBeat) {
    fillSound(ctx, scene, store, scene.cutToBeat, scene.nowBeat);
  }
  paintCutLines(ctx, scene, colours);
};
