/** How often the engine tells what moves: less while the sound leaves it little time. */
import { createSignal } from 'solid-js';
import { FEATURE_FLAGS } from '../../protocol/features.ts';
import { LIMITS } from '../../protocol/limits.ts';

const HALF_FPS = 15;
const SPARSE_FPS = 8;

const fpsOf = (flags: number): number => {
  if ((flags & FEATURE_FLAGS.paceSparse) !== 0) return SPARSE_FPS;
  return (flags & FEATURE_FLAGS.paceHalf) === 0 ? LIMITS.featureFps : HALF_FPS;
};

export const createPace = () => {
  const [fps, setFps] = createSignal<number>(LIMITS.featureFps);
  return {
    /** Frames a second of the newest frame's pace; null at full pace. */
    slowFps: () => (fps() < LIMITS.featureFps ? fps() : null),
    /** The flags word of a frame that came. */
    take: (flags: number) => void setFps(fpsOf(flags)),
  };
};
