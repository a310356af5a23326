/**
 * What moves in a slot: ring, meter, light and the two words in the middle.
 *
 * Effects copy what they need out of the store; the painter reads only plain values and writes to
 * the page only what changed.
 */
import { createEffect, onCleanup, onMount } from 'solid-js';
import type { SlotOf } from '../../protocol/state.ts';
import { context, density, fitCanvas } from '../draw/canvas.ts';
import { paintSlotMeter } from '../draw/meter.ts';
import { fade, slotColour } from '../draw/palette.ts';
import { dbToPlace, gainToDb, makeMeterState, moveMeter } from '../music/level.ts';
import { isLit, type SlotLook } from '../music/slot-look.ts';
import { trim } from '../music/words.ts';
import { usePage } from '../use-session.ts';
import { makeRingView, type RingMoment } from './make-ring-view.ts';

interface SlotPainterParts {
  readonly index: () => number;
  readonly slot: () => SlotOf;
  readonly look: () => SlotLook;
  /** Gain under the finger while the volume is dragged. */
  readonly dragged: () => number | undefined;
  readonly elements: () => {
    row: HTMLElement;
    ringBox: HTMLElement;
    ringCanvas: HTMLCanvasElement;
    meterCanvas: HTMLCanvasElement;
    big: HTMLElement;
    small: HTMLElement;
  };
}

const LIGHT_EVERY_MS = 125;
const LIGHT_SMOOTH_MS = 200;
const LIGHT_FROM_DB = -26;
const SILENT_MS = 300;

export const createSlotPainter = (parts: SlotPainterParts): void => {
  const page = usePage();
  const { session } = page;
  const { beat, features, strip, takes, painter } = session;

  onMount(() => {
    const { row, ringBox, ringCanvas, meterCanvas, big, small } = parts.elements();
    const rings = makeRingView(ringCanvas, { takes, strip, palette: page.palette });
    const meterCtx = context(meterCanvas);
    const meter = makeMeterState();
    const moment: RingMoment = { phase: -1, share: 0, alpha: 1, nowBeat: 0 };
    const plain = {
      look: 'empty' as SlotLook,
      lengthBeats: 0,
      pendingFrame: Number.NaN,
      pendingBars: 0,
      volumePlace: 0,
      hasContent: false,
      isStill: false,
    };
    let colours = { fill: '', track: '', gap: '', hold: '' };
    let meterWidth = 0;
    let meterHeight = 0;
    let light = 0;
    let lightMs = 0;
    let shownLight = -1;
    let shownTenths = Number.NaN;
    let isDirty = true;

    createEffect(() => {
      const slot = parts.slot();
      const { pending } = slot;
      const { view } = rings;
      plain.look = view.look = parts.look();
      plain.lengthBeats = slot.lengthBeats;
      plain.hasContent = slot.takeId !== null || slot.state === 'RECORDING';
      plain.pendingFrame = pending ? pending.atFrame : Number.NaN;
      plain.pendingBars = pending ? pending.bars : 0;
      plain.isStill = page.reducedMotion();
      view.takeId = slot.takeId;
      view.bars = slot.state === 'RECORDING' && pending ? pending.bars : slot.bars;
      view.beatsPerBar = session.state.transport.meter.beats;
      view.fromBeat = slot.originBeat;
      view.toBeat = slot.originBeat + slot.lengthBeats;
      isDirty = true;
    });

    createEffect(() => {
      const palette = page.palette();
      const colour = slotColour(palette, parts.index());
      rings.view.colour = colour;
      const track = fade(palette.text, 0.1);
      colours = { fill: colour, track, gap: 'rgba(0,0,0,0)', hold: palette.text };
      isDirty = true;
    });

    createEffect(() => {
      plain.volumePlace = dbToPlace(gainToDb(session.volumeOf(parts.index())));
    });

    // The words of the middle that do not move by themselves.
    createEffect(() => {
      const slot = parts.slot();
      const look = parts.look();
      const bars = session.loopBars();
      const dragged = parts.dragged();
      shownTenths = Number.NaN;
      const say = (above: string, below: string) => {
        big.textContent = above;
        small.textContent = below;
      };
      if (dragged !== undefined) {
        const db = gainToDb(dragged);
        return say(db > -60 ? `${db < -0.05 ? '−' : ''}${Math.abs(db).toFixed(1)}` : '−∞', 'dB');
      }
      if (look === 'target')
        return say(
          trim(bars),
          `${bars === 1 ? 'bar' : 'bars'}${page.isPhone() ? '' : ` into ${parts.index() + 1}`}`,
        );
      if (look === 'empty')
        return say('Press to', `capture ${bars === 1 ? '1 bar' : `${bars} bars`}`);
      if (look === 'recording') return say('', `of ${slot.pending?.bars ?? slot.bars} bars`);
      if (look === 'pending') return say('', 'beats');
      if (slot.takeId === null) return say('…', 'sending');
      say(
        trim(slot.bars),
        look === 'muted' && page.isPhone() ? 'muted' : slot.bars === 1 ? 'bar' : 'bars',
      );
    });

    const resize = new ResizeObserver(() => {
      rings.resize(ringBox.clientWidth);
      meterWidth = meterCanvas.clientWidth;
      meterHeight = meterCanvas.clientHeight;
      if (meterWidth > 0) fitCanvas(meterCanvas, meterWidth, meterHeight);
      isDirty = true;
    });
    resize.observe(ringBox);
    resize.observe(meterCanvas);

    const writeTenths = (value: number) => {
      const tenths = Math.max(0, Math.round(value * 10));
      if (tenths === shownTenths) return;
      shownTenths = tenths;
      big.textContent = (tenths / 10).toFixed(1);
    };

    /** Beats until what is pending happens, from the newest frame on. */
    const beatsLeft = (nowBeat: number) => {
      const { frame } = features;
      const atBeat = frame.beat + (plain.pendingFrame - frame.frame) / frame.framesPerBeat;
      return Math.max(0, atBeat - nowBeat);
    };

    const moveState = (nowBeat: number) => {
      if (plain.look !== 'pending' && plain.look !== 'recording') return;
      const left = beatsLeft(nowBeat);
      if (plain.look === 'pending') {
        const perBar = rings.view.beatsPerBar;
        moment.share = plain.isStill ? Math.ceil(left) / perBar : left / perBar;
        return writeTenths(left);
      }
      const length = plain.pendingBars * rings.view.beatsPerBar;
      rings.view.toBeat = nowBeat + left;
      rings.view.fromBeat = rings.view.toBeat - length;
      moment.share = length > 0 ? 1 - left / length : 0;
      writeTenths((moment.share * length) / rings.view.beatsPerBar);
    };

    const moveLight = (nowMs: number, dtMs: number) => {
      const isOn = plain.hasContent && isLit(plain.look) && session.isLive();
      const { isLight } = page.palette();
      const above = Math.max(0, Math.min(22, meter.level - LIGHT_FROM_DB));
      const goal = isOn ? (isLight ? 2 + 0.38 * above : 6 + 0.65 * above) : 0;
      light += (goal - light) * Math.min(1, dtMs / LIGHT_SMOOTH_MS);
      if (nowMs - lightMs < LIGHT_EVERY_MS || Math.abs(light - shownLight) < 0.25) return;
      lightMs = nowMs;
      shownLight = light;
      row.style.setProperty('--lit', light.toFixed(1));
    };

    const paint = (nowMs: number, dtMs: number) => {
      const isSilent = beat.silentMs(nowMs) > SILENT_MS;
      const at = parts.index() * 3;
      const peak = isSilent || !plain.hasContent ? 0 : (features.frame.slots[at] ?? 0);
      moveMeter(meter, gainToDb(peak), dtMs);
      moveLight(nowMs, dtMs);
      if (!plain.hasContent && plain.look !== 'pending' && plain.look !== 'sending' && !isDirty)
        return;
      isDirty = false;
      const nowBeat = beat.beatAt(nowMs);
      moment.nowBeat = nowBeat;
      moment.phase = plain.hasContent
        ? beat.slotPhase(parts.index(), plain.lengthBeats, nowMs)
        : -1;
      moment.alpha += ((isSilent ? 0.4 : 1) - moment.alpha) * Math.min(1, dtMs / 120);
      moveState(nowBeat);
      rings.paint(nowMs, dtMs, moment);
      if (meterWidth === 0) return;
      const ratio = density();
      const thick = (meterWidth < 12 ? 3 : 4) * ratio;
      const { width, height } = meterCanvas;
      paintSlotMeter(meterCtx, meter, plain.volumePlace, width, height, thick, ratio, colours);
    };

    const remove = painter.add(paint);
    onCleanup(() => {
      remove();
      resize.disconnect();
    });
  });
};
