/**
 * Where the music is right now: the newest frame's grid beat, carried on to the moment of painting, and
 * taken back by as much as the loudspeakers are behind: what is shown is what is heard.
 *
 * No jitter buffer. A frame's small error is taken back over a few frames, so that the hand does not
 * tremble; an error above 30 ms is a jump of the music and is followed at once.
 */
import { FEATURE_FLAGS } from '../../protocol/features.ts';
import type { FeatureFrame } from './read-frame.ts';

export interface BeatClock {
  /** A frame came; `serverNowMs` = server time of this moment, undefined while unknown. */
  takeFrame(frame: FeatureFrame, nowMs: number, serverNowMs: number | undefined): void;
  /** Grid beat, with its fraction, that is heard at a local moment. */
  beatAt(nowMs: number): number;
  /** The one that the engine makes then: sound that comes in is at that beat. */
  madeAt(nowMs: number): number;
  beatsPerMs(): number;
  /** Phase 0…1 of a slot's loop; −1 = empty. */
  slotPhase(slot: number, lengthBeats: number, nowMs: number): number;
  /** A beat on which a bar starts. */
  barStartBeat(): number;
  isPlaying(): boolean;
  /** ms since the last frame arrived. */
  silentMs(nowMs: number): number;
}

const CARRY_MS_MAX = 400;
const STEP_MS = 30;
const PULL = 0.2;

/** Age of a frame, ms; its clock word wraps at 2^32. */
const ageMs = (frame: FeatureFrame, serverNowMs: number | undefined): number => {
  if (serverNowMs === undefined) return 0;
  const age = (Math.round(serverNowMs) - frame.serverMs) | 0;
  return Math.max(0, Math.min(CARRY_MS_MAX, age));
};

/** @param behindMs What is heard was made so long ago. */
export const makeBeatClock = (
  frame: FeatureFrame,
  beatsPerBar: () => number,
  behindMs: () => number = () => 0,
): BeatClock => {
  let anchorBeat = 0;
  let anchorMs = 0;
  let rate = 0;
  let lastBeat = Number.NaN;
  let takenBeat = 0;
  let isPlaying = false;

  const madeAt = (nowMs: number) =>
    anchorBeat + Math.max(0, Math.min(CARRY_MS_MAX, nowMs - anchorMs)) * rate;
  const beatAt = (nowMs: number) => madeAt(nowMs) - behindMs() * rate;

  return {
    takeFrame(newest, nowMs, serverNowMs) {
      isPlaying = (newest.flags & FEATURE_FLAGS.playing) !== 0;
      const isMoving = isPlaying || (newest.beat !== lastBeat && !Number.isNaN(lastBeat));
      const nextRate = isMoving ? newest.rateHz / newest.framesPerBeat / 1000 : 0;
      const measured = newest.beat + ageMs(newest, serverNowMs) * nextRate;
      const error = measured - madeAt(nowMs);
      const isJump = Number.isNaN(lastBeat) || Math.abs(error) > STEP_MS * Math.max(rate, nextRate);
      anchorBeat = isJump ? measured : measured - error * (1 - PULL);
      anchorMs = nowMs;
      rate = nextRate;
      lastBeat = newest.beat;
      takenBeat = newest.beat;
    },
    beatAt,
    madeAt,
    beatsPerMs: () => (rate > 0 ? rate : frame.rateHz / frame.framesPerBeat / 1000),
    slotPhase(slot, lengthBeats, nowMs) {
      const phase = frame.slots[slot * 3 + 2] ?? -1;
      if (phase < 0 || slot >= frame.slotCount) return -1;
      if (!isPlaying || lengthBeats <= 0) return phase;
      const carried = phase + (beatAt(nowMs) - takenBeat) / lengthBeats;
      return carried - Math.floor(carried);
    },
    barStartBeat: () => Math.round(frame.beat - frame.barPhase * beatsPerBar()),
    isPlaying: () => isPlaying,
    silentMs: (nowMs) => nowMs - frame.arrivedMs,
  };
};
