/** Paints the strip's moving storey, and hands its cut to the flight of a capture. */
import { createEffect, onCleanup, onMount } from 'solid-js';
import { LIMITS } from '../../protocol/limits.ts';
import { context, density, fitCanvas } from '../draw/canvas.ts';
import { fade, mix, type Palette, rgb, slotColour } from '../draw/palette.ts';
import { beatToX, paintStrip, type StripColours, type StripScene } from '../draw/strip.ts';
import { type CaptureWindow, captureWindow, type PressMoment } from '../music/window.ts';
import { ZONES } from '../music/zones.ts';
import { usePage } from '../use-session.ts';
import type { Flight } from './flight.ts';

interface StripPainterParts {
  readonly canvas: () => HTMLCanvasElement;
  readonly bars: () => number;
  readonly flight: Flight;
}

/** The lower storey shows a bar more than the longest zone, so that its whole cut is always seen. */
const BARS_SHOWN = 9;
const BAND_PX = 13;
const LIGHT_PX = 40;
const RAISE_MAX = 6;
const ECO_MS = 66;

type Scene = { -readonly [K in keyof PressMoment]: PressMoment[K] };

const makeColours = (
  ctx: CanvasRenderingContext2D,
  palette: Palette,
  target: string,
  scene: StripScene,
): StripColours => {
  const { width, height, bandHeight, ratio } = scene;
  const light = ctx.createLinearGradient(width - LIGHT_PX * ratio, 0, width, 0);
  light.addColorStop(0, fade(palette.text, 0));
  light.addColorStop(1, fade(palette.text, palette.isLight ? 0.16 : 0.24));
  const cutTint = ctx.createLinearGradient(0, bandHeight, 0, height);
  cutTint.addColorStop(0, fade(target, palette.isLight ? 0.2 : 0.24));
  cutTint.addColorStop(1, fade(target, palette.isLight ? 0.06 : 0.07));
  const band = ctx.createLinearGradient(0, 0, 0, bandHeight);
  band.addColorStop(0, fade(target, 0.16));
  band.addColorStop(1, fade(target, 0.34));
  const old = ctx.createLinearGradient(0, 0, width * 0.5, 0);
  const grey = palette.isLight ? palette.ctl : palette.muted;
  old.addColorStop(0, fade(grey, 0.22));
  old.addColorStop(1, fade(grey, palette.isLight ? 0.62 : 0.5));
  return {
    text: palette.isLight ? mix(rgb(palette.text), [255, 255, 255], 0.2) : palette.text,
    old,
    line: fade(palette.text, 0.16),
    tick: fade(palette.text, 0.14),
    light,
    cut: target,
    cutTint,
    band,
  };
};

export const createStripPainter = (parts: StripPainterParts): void => {
  const page = usePage();
  const { session } = page;
  const { beat, strip, painter, features } = session;

  onMount(() => {
    const canvas = parts.canvas();
    const ctx = context(canvas);
    const scene: StripScene = {
      width: 1,
      height: 1,
      ratio: 1,
      bandHeight: BAND_PX,
      nowBeat: 0,
      beatsShown: 36,
      beatsPerBar: 4,
      barStartBeat: 0,
      cutFromBeat: 0,
      cutToBeat: 0,
      hasCut: false,
      bracketX: 0,
      bucketsPerBeat: LIMITS.bucketsPerBeat,
      raise: 1,
    };
    const press: Scene = {
      beat: 0,
      barStartBeat: 0,
      beatsPerBar: 4,
      beatsPerMs: 0.002,
      bars: 4,
      isQuantized: true,
      oldestBeat: 0,
    };
    const cut: CaptureWindow = { fromBeat: 0, toBeat: 0, bars: 0 };
    let colours: StripColours | undefined;
    let target = '';
    let palette = page.palette();
    let isRolling = false;
    let bracketFrom = 0;
    let paintedMs = 0;

    createEffect(() => {
      palette = page.palette();
      const slot = session.targetSlot();
      target = slot < 0 ? palette.text : slotColour(palette, slot);
      colours = undefined;
    });
    createEffect(() => {
      press.bars = parts.bars();
      press.beatsPerBar = scene.beatsPerBar = session.state.transport.meter.beats;
      scene.beatsShown = BARS_SHOWN * scene.beatsPerBar;
      isRolling = !session.prefs.isQuantized || !session.state.transport.isPlaying;
      bracketFrom = ZONES.find((zone) => zone.bars === press.bars)?.from ?? 0;
    });

    const resize = new ResizeObserver(() => {
      const ratio = density();
      if (!fitCanvas(canvas, canvas.clientWidth, canvas.clientHeight) && colours) return;
      scene.ratio = ratio;
      scene.width = canvas.width;
      scene.height = canvas.height;
      scene.bandHeight = BAND_PX * ratio;
      colours = undefined;
    });
    resize.observe(canvas);

    /** Quiet playing is raised so that it can be seen; the raise moves slowly. */
    const moveRaise = (dtMs: number) => {
      const last = strip.newest();
      const first = Math.max(strip.oldest(), last - scene.beatsShown * scene.bucketsPerBeat);
      let peak = 0.02;
      for (let index = first; index <= last; index += 3) {
        peak = Math.max(peak, strip.max(index), -strip.min(index));
      }
      const goal = Math.max(1, Math.min(RAISE_MAX, 0.9 / peak));
      scene.raise += (goal - scene.raise) * Math.min(1, dtMs / 400);
    };

    const moveScene = (nowMs: number) => {
      scene.nowBeat = press.beat = Math.max(
        beat.beatAt(nowMs),
        (strip.newest() + 1) / scene.bucketsPerBeat,
      );
      scene.barStartBeat = press.barStartBeat = beat.barStartBeat();
      press.beatsPerMs = beat.beatsPerMs();
      press.isQuantized = !isRolling;
      press.oldestBeat = features.frame.beat - features.frame.frame / features.frame.framesPerBeat;
      captureWindow(press, cut);
      scene.hasCut = cut.bars > 0 && strip.newest() >= strip.oldest();
      scene.cutFromBeat = cut.fromBeat;
      scene.cutToBeat = cut.toBeat;
      scene.bracketX = bracketFrom * scene.width;
    };

    const remove = painter.add((nowMs, dtMs) => {
      if (painter.isEco() && nowMs - paintedMs < ECO_MS) return;
      paintedMs = nowMs;
      colours ??= makeColours(ctx, palette, target, scene);
      moveRaise(dtMs);
      moveScene(nowMs);
      paintStrip(ctx, scene, strip, colours);
    });

    parts.flight.setSource(() => {
      if (!scene.hasCut) return undefined;
      const x = Math.max(0, beatToX(scene, scene.cutFromBeat));
      const right = Math.min(scene.width, beatToX(scene, scene.cutToBeat));
      const y = scene.bandHeight;
      return { canvas, x, y, width: right - x, height: scene.height - y };
    });
    onCleanup(() => {
      remove();
      resize.disconnect();
    });
  });
};
