/** What moves in a slot's channel: its small ring and its meter. */
import { createEffect, onCleanup, onMount } from 'solid-js';
import { context, density, fitCanvas } from '../draw/canvas.ts';
import type { MeterColours } from '../draw/meter.ts';
import { makeLoudMeter, moveRms, paintLoudMeter } from '../draw/mixer-meter.ts';
import { fade, slotColour } from '../draw/palette.ts';
import { gainToDb, moveMeter } from '../music/level.ts';
import { makeRingView, type RingMoment } from '../stage/make-ring-view.ts';
import { type RingParts, watchRing } from '../stage/watch-ring.ts';
import { usePage } from '../use-session.ts';

export interface ChannelElements {
  readonly ringBox: HTMLElement;
  readonly ringCanvas: HTMLCanvasElement;
  readonly meterCanvas: HTMLCanvasElement;
}

interface ChannelParts extends RingParts {
  readonly elements: () => ChannelElements;
}

const SILENT_MS = 300;

/** Keeps both canvases as large as their boxes. */
const watchSizes = (elements: ChannelElements, resizeRing: (px: number) => void) => {
  const { meterCanvas, ringBox } = elements;
  const resize = new ResizeObserver(() => {
    resizeRing(ringBox.clientWidth);
    fitCanvas(meterCanvas, meterCanvas.clientWidth, meterCanvas.clientHeight);
  });
  resize.observe(ringBox);
  resize.observe(meterCanvas);
  onCleanup(() => resize.disconnect());
};

const startChannel = (parts: ChannelParts) => {
  const page = usePage();
  const { session } = page;
  const { beat, features } = session;
  const elements = parts.elements();
  const rings = makeRingView(elements.ringCanvas, { ...session, palette: page.palette });
  const ctx = context(elements.meterCanvas);
  const meter = makeLoudMeter();
  const moment: RingMoment = { phase: -1, share: 0, alpha: 1, nowBeat: 0 };
  let colours: MeterColours = { fill: '', track: '', gap: '', hold: '' };
  let waitFrame = Number.NaN;
  let lengthBeats = 0;
  watchRing(parts, page, rings.view);
  watchSizes(elements, rings.resize);
  createEffect(() => {
    const { bg, text } = page.palette();
    const fill = slotColour(page.palette(), parts.index());
    colours = { fill, track: fade(text, 0.1), gap: bg, hold: text };
  });
  createEffect(() => {
    const slot = parts.slot();
    waitFrame = slot.pending?.atFrame ?? Number.NaN;
    ({ lengthBeats } = slot);
  });

  /** Share of the bar that a step still waits, or of a recording that is done. */
  const waitShare = () => {
    const { frame, framesPerBeat } = features.frame;
    const bars = Math.max(0, (waitFrame - frame) / framesPerBeat / rings.view.beatsPerBar);
    return rings.view.isRecording ? 1 - bars / Math.max(1, rings.view.bars) : bars;
  };

  return (nowMs: number, dtMs: number) => {
    const isSilent = beat.silentMs(nowMs) > SILENT_MS;
    const index = parts.index();
    const hasLoop = rings.view.takeId !== null;
    const level = (word: number) =>
      isSilent || !hasLoop ? 0 : (features.frame.slots[index * 3 + word] ?? 0);
    moveMeter(meter, gainToDb(level(0)), dtMs);
    moveRms(meter, level(1), dtMs);
    moment.nowBeat = beat.beatAt(nowMs);
    moment.phase = hasLoop ? beat.slotPhase(index, lengthBeats, nowMs) : -1;
    moment.share = waitShare();
    rings.paint(nowMs, dtMs, moment);
    const { height, width } = elements.meterCanvas;
    ctx.clearRect(0, 0, width, height);
    paintLoudMeter(ctx, meter, 0, Math.min(height, width), density(), colours);
  };
};

export const createChannelPainter = (parts: ChannelParts): void => {
  const { session } = usePage();
  onMount(() => onCleanup(session.painter.add(startChannel(parts))));
};
