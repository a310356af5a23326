/**
 * A loop's overview wrapped into a ring: pure geometry, in units of R (half the ring's box).
 *
 * Angle = place in the loop from 12 o'clock, clockwise; length = level. Maxima go outwards, minima
 * inwards, from the base circle.
 */

export const BASE = 0.715;
export const OUT_MAX = 0.225;
export const IN_MAX = 0.19;
export const TURN = Math.PI * 2;
/** Level 1 is drawn full; quiet takes are raised at most this much, so that shapes can be told apart. */
const RAISE_MAX = 4;
const GAMMA = 0.82;
/** Level, in int8 steps, from which a sound's end is abrupt. */
const ABRUPT = 12;

/** What a ring needs of an overview; values −1…1 as int8 steps. */
export interface RingSource {
  readonly count: number;
  readonly min: Int8Array;
  readonly max: Int8Array;
  readonly bright: Uint8Array;
}

export interface RingShape {
  readonly count: number;
  /** Per part: unit direction x, y, then radius inside and outside. */
  readonly dirX: Float32Array;
  readonly dirY: Float32Array;
  readonly inner: Float32Array;
  readonly outer: Float32Array;
  /** 0…1: brightness of the sound. */
  readonly tone: Float32Array;
  /** Part that is exactly silent, [from, to): where a damaged take lost its sound; −1 = none. */
  readonly holeFrom: number;
  readonly holeTo: number;
}

/** Angle of a phase: 0 = 12 o'clock, clockwise. */
export const angleOf = (phase: number): number => phase * TURN - Math.PI / 2;

/** Height 0…1 drawn for a level 0…1, given the factor that raises the whole take. */
const height = (level: number, raise: number): number => Math.min(1, level * raise) ** GAMMA;

const raiseOf = (source: RingSource): number => {
  let peak = 0;
  for (let i = 0; i < source.count; i++) {
    peak = Math.max(peak, source.max[i] ?? 0, -(source.min[i] ?? 0));
  }
  return peak === 0 ? 1 : Math.min(RAISE_MAX, 127 / peak);
};

const levelOf = (source: RingSource, part: number): number =>
  Math.max(source.max[part] ?? 0, -(source.min[part] ?? 0));

/** Sound that is lost stops and begins abruptly; a pause of the player fades out. */
const isAbrupt = (source: RingSource, from: number, to: number): boolean => {
  const before = levelOf(source, (from - 1 + source.count) % source.count);
  const after = levelOf(source, to % source.count);
  return Math.min(before, after) >= ABRUPT;
};

/** The longest run of parts without any sound that begins and ends abruptly. */
export const longestHole = (source: RingSource): readonly [number, number] => {
  let from = -1;
  let to = -1;
  let start = 0;
  for (let i = 0; i <= source.count; i++) {
    const isSilent = i < source.count && source.min[i] === 0 && source.max[i] === 0;
    if (isSilent) continue;
    if (i - start > to - from && isAbrupt(source, start, i)) [from, to] = [start, i];
    start = i + 1;
  }
  return [from, to];
};

/** Geometry of `parts` strokes; several overview values of one part are joined by their extremes. */
export const ringShape = (source: RingSource, parts: number): RingShape => {
  const count = Math.min(parts, source.count);
  const shape: RingShape = {
    count,
    dirX: new Float32Array(count),
    dirY: new Float32Array(count),
    inner: new Float32Array(count),
    outer: new Float32Array(count),
    tone: new Float32Array(count),
    holeFrom: -1,
    holeTo: -1,
  };
  const raise = raiseOf(source);
  for (let part = 0; part < count; part++) {
    const from = Math.floor((part * source.count) / count);
    const to = Math.floor(((part + 1) * source.count) / count);
    let low = 0;
    let high = 0;
    let bright = 0;
    for (let i = from; i < to; i++) {
      low = Math.min(low, source.min[i] ?? 0);
      high = Math.max(high, source.max[i] ?? 0);
      bright = Math.max(bright, source.bright[i] ?? 0);
    }
    const angle = angleOf((part + 0.5) / count);
    shape.dirX[part] = Math.cos(angle);
    shape.dirY[part] = Math.sin(angle);
    shape.outer[part] = BASE + OUT_MAX * height(high / 127, raise);
    shape.inner[part] = BASE - IN_MAX * height(-low / 128, raise);
    shape.tone[part] = bright / 255;
  }
  const [holeFrom, holeTo] = longestHole(source);
  const scale = count === 0 ? 0 : 1 / source.count;
  return { ...shape, holeFrom: holeFrom < 0 ? -1 : holeFrom * scale, holeTo: holeTo * scale };
};
