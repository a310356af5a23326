/** What moves in a slot's channel: its small ring and its meter. */
import { createEffect, onCleanup, onMount } from 'solid-js';
import { context, density, fitCanvas } from '../draw/canvas.ts';
import type { MeterColours } from '../draw/meter.ts';
import { makeLoudMeter, moveRms, paintLoudMeter } from '../draw/mixer-meter.ts';
import { fade, slotColour } from '../draw/palette.ts';
import { DB_MIN, gainToDb, moveMeter } from '../music/level.ts';
import { startRing } from '../stage/start-ring.ts';
import type { RingParts } from '../stage/watch-ring.ts';
import { watchSight } from '../stage/watch-sight.ts';
import { watchSize } from '../stage/watch-size.ts';
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

const startChannel = (parts: ChannelParts) => {
  const page = usePage();
  const { beat, features } = page.session;
  const { meterCanvas, ringBox, ringCanvas } = parts.elements();
  const paintRing = startRing(parts, ringBox, ringCanvas);
  const ctx = context(meterCanvas);
  const meter = makeLoudMeter();
  let colours: MeterColours = { fill: '', track: '', gap: '', hold: '' };
  /** An empty lane stands there already. */
  let isBare = false;
  const isSeen = watchSight(meterCanvas);
  const refit = watchSize([meterCanvas], () => {
    isBare = false;
    fitCanvas(meterCanvas, meterCanvas.clientWidth, meterCanvas.clientHeight);
  });
  createEffect(() => {
    const { bg, text } = page.palette();
    const fill = slotColour(page.palette(), parts.index());
    colours = { fill, track: fade(text, 0.1), gap: bg, hold: text };
    isBare = false;
  });

  return (nowMs: number, dtMs: number) => {
    const isSilent = beat.silentMs(nowMs) > SILENT_MS || parts.slot().takeId === null;
    const level = (word: number) =>
      isSilent ? 0 : (features.frame.slots[parts.index() * 3 + word] ?? 0);
    moveMeter(meter, gainToDb(level(0)), dtMs);
    moveRms(meter, level(1), dtMs);
    paintRing(nowMs, dtMs);
    refit();
    const isSilence = Math.max(meter.level, meter.hold) <= DB_MIN;
    if (!isSeen() || (isSilence && isBare)) return;
    isBare = isSilence;
    const { height, width } = meterCanvas;
    ctx.clearRect(0, 0, width, height);
    paintLoudMeter(ctx, meter, 0, Math.min(height, width), density(), colours);
  };
};

export const createChannelPainter = (parts: ChannelParts): void => {
  const { session } = usePage();
  onMount(() => onCleanup(session.painter.add(startChannel(parts))));
};
