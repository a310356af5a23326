/**
 * What moves in a slot: ring, meter, light and the figure in the middle.
 *
 * Effects copy what they need out of the store; the painter reads only plain values and writes to
 * the page only what changed.
 */
import { createEffect, onCleanup, onMount } from 'solid-js';
import type { SlotOf } from '../../protocol/state.ts';
import { context, density, fitCanvas } from '../draw/canvas.ts';
import { type MeterColours, paintSlotMeter } from '../draw/meter.ts';
import { fade, slotColour } from '../draw/palette.ts';
import { dbToPlace, gainToDb, makeMeterState, moveMeter } from '../music/level.ts';
import { isLit, type SlotLook } from '../music/slot-look.ts';
import { type Page, usePage } from '../use-session.ts';
import { makeRingView, type RingMoment } from './make-ring-view.ts';
import { makeSlotLight } from './slot-light.ts';
import { centreWords, makeFigure } from './slot-words.ts';
import { watchRing } from './watch-ring.ts';
import { watchSize } from './watch-size.ts';

export interface SlotElements {
  readonly row: HTMLElement;
  readonly ringBox: HTMLElement;
  readonly ringCanvas: HTMLCanvasElement;
  readonly meterCanvas: HTMLCanvasElement;
  readonly big: HTMLElement;
  readonly small: HTMLElement;
}

interface SlotPainterParts {
  readonly index: () => number;
  readonly slot: () => SlotOf;
  readonly look: () => SlotLook;
  /** Gain under the finger while the volume is dragged. */
  readonly dragged: () => number | undefined;
  readonly elements: () => SlotElements;
}

/** What the painter knows of the store. */
interface SlotView {
  look: SlotLook;
  hasContent: boolean;
  lengthBeats: number;
  pendingFrame: number;
  pendingBars: number;
  volumePlace: number;
  isDirty: boolean;
  colours: MeterColours;
}

type Rings = ReturnType<typeof makeRingView>;

const SILENT_MS = 300;
/** Of a light that does not follow the sound. */
const CALM_DB = -15;
const SMALL_METER_PX = 12;

const makeView = (): SlotView => ({
  look: 'empty',
  hasContent: false,
  lengthBeats: 0,
  pendingFrame: Number.NaN,
  pendingBars: 0,
  volumePlace: 0,
  isDirty: true,
  colours: { fill: '', track: '', gap: 'transparent', hold: '' },
});

/** Copies from the store whenever it changes. */
const watchSlot = (parts: SlotPainterParts, page: Page, rings: Rings, view: SlotView) => {
  const { session } = page;
  watchRing(parts, page, rings.view);
  createEffect(() => {
    const slot = parts.slot();
    const { pending } = slot;
    const isRecording = slot.state === 'RECORDING';
    const look = parts.look();
    Object.assign(view, {
      look,
      hasContent: slot.takeId !== null || isRecording,
      lengthBeats: slot.lengthBeats,
      pendingFrame: pending ? pending.atFrame : Number.NaN,
      pendingBars: pending ? pending.bars : 0,
      isDirty: true,
    });
  });
  createEffect(() => {
    const palette = page.palette();
    const fill = slotColour(palette, parts.index());
    view.colours = { fill, track: fade(palette.text, 0.1), gap: 'transparent', hold: palette.text };
    view.isDirty = true;
  });
  createEffect(() => {
    view.volumePlace = dbToPlace(gainToDb(session.volumeOf(parts.index())));
  });
};

const watchWords = (parts: SlotPainterParts, page: Page, forget: () => void) => {
  const { big, small } = parts.elements();
  createEffect(() => {
    const slot = parts.slot();
    const [above, below] = centreWords({
      look: parts.look(),
      index: parts.index(),
      bars: slot.bars,
      pendingBars: slot.pending?.bars ?? 0,
      loopBars: page.session.loopBars(),
      hasTake: slot.takeId !== null,
      dragged: parts.dragged(),
      isPhone: page.isPhone(),
    });
    forget();
    big.textContent = above;
    small.textContent = below;
  });
};

const watchBox = ({ ringBox, meterCanvas }: SlotElements, rings: Rings, view: SlotView) =>
  watchSize([ringBox, meterCanvas], () => {
    rings.resize(ringBox.clientWidth);
    if (meterCanvas.clientWidth > 0) {
      fitCanvas(meterCanvas, meterCanvas.clientWidth, meterCanvas.clientHeight);
    }
    view.isDirty = true;
  });

const startPainter = (parts: SlotPainterParts, page: Page) => {
  const { session } = page;
  const { beat, features } = session;
  const elements = parts.elements();
  const rings = makeRingView(elements.ringCanvas, { ...session, ...page });
  const view = makeView();
  const meterCtx = context(elements.meterCanvas);
  const meter = makeMeterState();
  const light = makeSlotLight(elements.row);
  const figure = makeFigure(elements.big);
  const moment: RingMoment = { phase: -1, share: 0, alpha: 1, nowBeat: 0 };
  let turn = 0;
  watchSlot(parts, page, rings, view);
  watchWords(parts, page, figure.forget);
  const refit = watchBox(elements, rings, view);

  const moveCountdown = (nowBeat: number) => {
    const { frame } = features;
    const atBeat = frame.beat + (view.pendingFrame - frame.frame) / frame.framesPerBeat;
    const left = Math.max(0, atBeat - nowBeat);
    const perBar = rings.view.beatsPerBar;
    if (view.look === 'pending') {
      moment.share = left / perBar;
      return figure.write(left);
    }
    const length = view.pendingBars * perBar;
    rings.view.toBeat = nowBeat + left;
    rings.view.fromBeat = rings.view.toBeat - length;
    moment.share = length > 0 ? 1 - left / length : 0;
    figure.write(Math.max(0, length - left) / perBar);
  };

  const paintMeter = () => {
    const { width, height } = elements.meterCanvas;
    const ratio = density();
    const thick = (width < SMALL_METER_PX * ratio ? 3 : 4) * ratio;
    paintSlotMeter(meterCtx, meter, view.volumePlace, width, height, thick, ratio, view.colours);
  };

  return (nowMs: number, dtMs: number) => {
    const isSilent = beat.silentMs(nowMs) > SILENT_MS;
    const index = parts.index();
    const peak = isSilent || !view.hasContent ? 0 : (features.frame.slots[index * 3] ?? 0);
    const { isLight } = page.palette();
    moveMeter(meter, gainToDb(peak), dtMs);
    const isOn = view.hasContent && isLit(view.look) && session.isLive();
    const level = page.reducedMotion() ? CALM_DB : meter.level;
    light.move(isOn, level, isLight ? 2 : 6, isLight ? 0.38 : 0.65, nowMs, dtMs);
    const isMoving = view.hasContent || view.look === 'pending';
    turn ^= 1;
    // On a slow screen every slot is painted every second time, half of them at once.
    const isSkipped = session.painter.isEco() && (turn + index) % 2 === 0;
    refit();
    if ((!isMoving || isSkipped) && !view.isDirty) return;
    view.isDirty = false;
    moment.nowBeat = beat.beatAt(nowMs);
    moment.phase = view.hasContent ? beat.slotPhase(index, view.lengthBeats, nowMs) : -1;
    moment.alpha += ((isSilent ? 0.4 : 1) - moment.alpha) * Math.min(1, dtMs / 120);
    if (view.look === 'pending' || view.look === 'recording') moveCountdown(moment.nowBeat);
    rings.paint(nowMs, dtMs, moment);
    if (view.hasContent) paintMeter();
  };
};

export const createSlotPainter = (parts: SlotPainterParts): void => {
  const page = usePage();
  onMount(() => onCleanup(page.session.painter.add(startPainter(parts, page))));
};
