/** Paints the strip's moving storey, and hands its cut to the flight of a capture. */
import { createEffect, onCleanup, onMount } from 'solid-js';
import { LIMITS } from '../../protocol/limits.ts';
import { context, density, fitCanvas } from '../draw/canvas.ts';
import { slotColour } from '../draw/palette.ts';
import { beatToX, paintStrip, type StripColours, type StripScene } from '../draw/strip.ts';
import { type CaptureWindow, captureWindow, type PressMoment } from '../music/window.ts';
import { ZONES } from '../music/zones.ts';
import { type Page, usePage } from '../use-session.ts';
import { makeStripColours } from './strip-colours.ts';
import { watchSize } from './watch-size.ts';

interface StripPainterParts {
  readonly canvas: HTMLCanvasElement;
  readonly bars: () => number;
}

/** The lower storey shows a bar more than the longest zone, so that its whole cut is always seen. */
const BARS_SHOWN = 9;
const BAND_PX = 13;
/** On low screens, with `CaptureStrip.module.css`. */
const BAND_LOW_PX = 8;
const LOW_PX = 60;
const RAISE_MAX = 6;
const RAISE_MS = 400;
const ECO_MS = 66;

type Press = { -readonly [K in keyof PressMoment]: PressMoment[K] };

interface StripView {
  readonly scene: StripScene;
  readonly press: Press;
  readonly cut: CaptureWindow;
  colours: StripColours | undefined;
  target: string;
  isRolling: boolean;
  bracketFrom: number;
}

const makeView = (): StripView => ({
  scene: {
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
  },
  press: {
    beat: 0,
    barStartBeat: 0,
    beatsPerBar: 4,
    beatsPerMs: 0.002,
    bars: 4,
    isQuantized: true,
    oldestBeat: 0,
  },
  cut: { fromBeat: 0, toBeat: 0, bars: 0 },
  colours: undefined,
  target: '',
  isRolling: false,
  bracketFrom: 0,
});

/** Copies from the store whenever it changes. */
const watch = (parts: StripPainterParts, { session, palette }: Page, view: StripView) => {
  createEffect(() => {
    const slot = session.targetSlot();
    view.target = slot < 0 ? palette().text : slotColour(palette(), slot);
    view.colours = undefined;
  });
  createEffect(() => {
    const { scene, press } = view;
    press.bars = parts.bars();
    press.beatsPerBar = scene.beatsPerBar = session.state.transport.meter.beats;
    scene.beatsShown = BARS_SHOWN * scene.beatsPerBar;
    view.isRolling = !session.prefs.isQuantized || !session.state.transport.isPlaying;
    view.bracketFrom = ZONES.find((zone) => zone.bars === press.bars)?.from ?? 0;
  });
};

const watchBox = (canvas: HTMLCanvasElement, view: StripView) => {
  const { scene } = view;
  return watchSize([canvas], () => {
    fitCanvas(canvas, canvas.clientWidth, canvas.clientHeight);
    scene.ratio = density();
    scene.width = canvas.width;
    scene.height = canvas.height;
    scene.bandHeight = (canvas.clientHeight < LOW_PX ? BAND_LOW_PX : BAND_PX) * scene.ratio;
    view.colours = undefined;
  });
};

/** Quiet playing is raised so that it can be seen; the raise moves slowly. */
const moveRaise = (scene: StripScene, { strip }: Page['session'], dtMs: number) => {
  const last = strip.newest();
  const first = Math.max(strip.oldest(), last - scene.beatsShown * scene.bucketsPerBeat);
  let peak = 0.02;
  for (let index = first; index <= last; index += 3) {
    peak = Math.max(peak, strip.max(index), -strip.min(index));
  }
  const goal = Math.max(1, Math.min(RAISE_MAX, 0.9 / peak));
  scene.raise += (goal - scene.raise) * Math.min(1, dtMs / RAISE_MS);
};

const moveScene = (view: StripView, { beat, strip, features }: Page['session'], nowMs: number) => {
  const { scene, press, cut } = view;
  const { frame } = features;
  const newestBeat = (strip.newest() + 1) / scene.bucketsPerBeat;
  scene.nowBeat = Math.max(beat.madeAt(nowMs), newestBeat);
  press.beat = beat.beatAt(nowMs);
  scene.barStartBeat = press.barStartBeat = beat.barStartBeat();
  press.beatsPerMs = beat.beatsPerMs();
  press.isQuantized = !view.isRolling;
  press.oldestBeat = frame.beat - frame.frame / frame.framesPerBeat;
  captureWindow(press, cut);
  scene.hasCut = cut.bars > 0 && strip.newest() >= strip.oldest();
  scene.cutFromBeat = cut.fromBeat;
  scene.cutToBeat = cut.toBeat;
  scene.bracketX = view.bracketFrom * scene.width;
};

export const createStripPainter = (parts: StripPainterParts): void => {
  const page = usePage();
  const { session } = page;
  onMount(() => {
    const { canvas } = parts;
    const ctx = context(canvas);
    const view = makeView();
    const { scene } = view;
    let paintedMs = 0;
    watch(parts, page, view);
    const refit = watchBox(canvas, view);

    const paint = (nowMs: number, dtMs: number) => {
      if (session.painter.isEco() && nowMs - paintedMs < ECO_MS) return;
      paintedMs = nowMs;
      refit();
      view.colours ??= makeStripColours(ctx, page.palette(), view.target, scene);
      moveRaise(scene, session, dtMs);
      moveScene(view, session, nowMs);
      paintStrip(ctx, scene, session.strip, view.colours);
    };
    onCleanup(session.painter.add(paint));

    page.setCutSource(() => {
      if (!scene.hasCut) return undefined;
      const x = Math.max(0, beatToX(scene, scene.cutFromBeat));
      const right = Math.min(scene.width, beatToX(scene, scene.cutToBeat));
      const y = scene.bandHeight;
      return { canvas, x, y, width: right - x, height: scene.height - y };
    });
  });
};
