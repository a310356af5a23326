/** A slot's ring outside the grid, in the mixer or over the pads: what of the session it shows when. */
import { createEffect } from 'solid-js';
import { type Page, usePage } from '../use-session.ts';
import { makeRingView, type RingMoment } from './make-ring-view.ts';
import { type RingParts, watchRing } from './watch-ring.ts';
import { watchSight } from './watch-sight.ts';
import { watchSize } from './watch-size.ts';

/** Share of the bar that a step still waits, or of a recording that is done. */
const watchWait = (parts: RingParts, { session }: Page) => {
  const { features } = session;
  let waitFrame = Number.NaN;
  createEffect(() => {
    waitFrame = parts.slot().pending?.atFrame ?? Number.NaN;
  });
  return (view: { beatsPerBar: number; bars: number; isRecording: boolean }) => {
    const { frame, framesPerBeat } = features.frame;
    const bars = Math.max(0, (waitFrame - frame) / framesPerBeat / view.beatsPerBar);
    return view.isRecording ? 1 - bars / Math.max(1, view.bars) : bars;
  };
};

/** The result paints it, as long as it is in sight and there is something new to see. */
export const startRing = (parts: RingParts, box: HTMLElement, canvas: HTMLCanvasElement) => {
  const page = usePage();
  const { session } = page;
  const { beat } = session;
  const rings = makeRingView(canvas, { ...session, ...page });
  const moment: RingMoment = { phase: -1, share: 0, alpha: 1, nowBeat: 0 };
  const waitShare = watchWait(parts, page);
  let lengthBeats = 0;
  /** The picture that stands; empty while it moves. */
  let still = '';
  watchRing(parts, page, rings.view);
  const isSeen = watchSight(box);
  const refit = watchSize([box], () => {
    still = '';
    rings.resize(box.clientWidth);
  });
  createEffect(() => {
    ({ lengthBeats } = parts.slot());
  });
  return (nowMs: number, dtMs: number) => {
    refit();
    const { colour, isRecording, look, takeId } = rings.view;
    const hasLoop = takeId !== null;
    const picture = hasLoop || isRecording || look === 'pending' ? '' : look + colour;
    if (!isSeen() || (picture !== '' && picture === still)) return;
    still = picture;
    moment.nowBeat = beat.beatAt(nowMs);
    moment.phase = hasLoop ? beat.slotPhase(parts.index(), lengthBeats, nowMs) : -1;
    moment.share = waitShare(rings.view);
    rings.paint(nowMs, dtMs, moment);
  };
};
