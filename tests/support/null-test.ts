/** What is left when everything that should be heard is taken away; imports nothing of the product. */

/** Ends of loops that meet in a seam at 48 kHz: 10 ms, which are not judged. */
const SEAM_FRAMES = 480;

/** One loop as it should sound. */
export interface Voice {
  readonly fromFrame: number;
  readonly toFrame: number;
  readonly left?: number;
  readonly right?: number;
  /** Frame of the loop at timeline frame 0; by default its place on the grid. */
  readonly phase?: number;
  /** Gain at a frame of the loop. */
  gainAt?(at: number): number;
}

const modulo = (value: number, by: number): number => ((value % by) + by) % by;

/** What a voice says at a frame of the timeline, or null within the seam of its loop. */
const frameOf = (voice: Voice, frame: number): number | null => {
  const length = voice.toFrame - voice.fromFrame;
  const at = modulo(frame + (voice.phase ?? -voice.fromFrame), length);
  return at >= length - SEAM_FRAMES ? null : voice.fromFrame + at;
};

/** The largest difference from the sum of these loops, in dBFS, and over how many frames. */
export const nullTest = (
  heard: Float32Array,
  noise: Float32Array,
  voices: readonly Voice[],
  fromFrame: number,
  toFrame: number,
): { errorDbfs: number; frames: number } => {
  let worst = 0;
  let frames = 0;
  for (let frame = fromFrame; frame < toFrame; frame += 1) {
    const places = voices.map((voice) => frameOf(voice, frame));
    if (places.includes(null)) continue;
    frames += 1;
    for (const channel of [0, 1]) {
      let sum = 0;
      for (const [index, place] of places.entries()) {
        const voice = voices[index];
        const side = (channel === 0 ? voice?.left : voice?.right) ?? 1;
        const gain = side * (voice?.gainAt?.((place ?? 0) - voice.fromFrame) ?? 1);
        sum += gain * (noise[2 * (place ?? 0) + channel] ?? 0);
      }
      worst = Math.max(worst, Math.abs(sum - (heard[2 * frame + channel] ?? NaN)));
    }
  }
  return { errorDbfs: 20 * Math.log10(worst), frames };
};
