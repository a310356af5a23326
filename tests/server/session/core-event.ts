/**
 * Events as the core would tell them, and the time they are told in.
 *
 * A beat is 24,000 frames (120 bpm at 48 kHz), a bar is four beats.
 */
import type { CoreEvent } from '../../../server/session/core/port.ts';

export const RATE_HZ = 48_000;
export const BEAT_FRAMES = 24_000;
export const BAR_FRAMES = 4 * BEAT_FRAMES;

const NO_ID = [0, 0, 0, 0] as const;
const NO_SHA = [0, 0, 0, 0, 0, 0, 0, 0] as const;

export const makeEvent = (event: Partial<CoreEvent> & { kind: number }): CoreEvent => ({
  token: 0,
  slot: 0,
  code: 0,
  flags: 0,
  detail: 0,
  sourceIndex: 0,
  frame: 0,
  fromFrame: 0,
  toFrame: 0,
  beat: 0,
  beatFrac: 0,
  framesPerBeat: BEAT_FRAMES,
  originBeat: 0,
  lengthBeats: 0,
  offsetFrames: 0,
  value: 0,
  value2: 0,
  id: NO_ID,
  sha: NO_SHA,
  ...event,
});
