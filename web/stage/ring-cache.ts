/**
 * What a ring keeps between paints: colours, shape and sprite, each made anew only when what it
 * depends on has changed.
 *
 * Until the server's overview of a take has come, the shape is made from the look-back that this
 * page saw itself.
 */
import { LIMITS } from '../../protocol/limits.ts';
import { density } from '../draw/canvas.ts';
import type { Palette } from '../draw/palette.ts';
import { makeRingInk, type RingInk } from '../draw/ring.ts';
import { type RingShape, ringShape } from '../draw/ring-shape.ts';
import { type RingStyle, ringSprite, sectorSprite } from '../draw/ring-sprite.ts';
import type { StripStore } from '../sync/make-strip-store.ts';
import type { Takes } from '../sync/make-takes.ts';

export interface ShapeWish {
  readonly takeId: string | null;
  readonly isRecording: boolean;
  /** Window of the sound in grid beats, for a shape made here; NaN = unknown. */
  readonly fromBeat: number;
  readonly toBeat: number;
}

export interface RingCache {
  ink(colour: string, sidePx: number, palette: Palette): RingInk;
  /** The take's shape, or one of the look-back, or undefined when neither is known. */
  shape(wish: ShapeWish, sidePx: number, nowMs: number, nowBeat: number): RingShape | undefined;
  /** true while the shape is made from the look-back. */
  isLive(): boolean;
  /** Number that changes with every new take's shape. */
  version(): number;
  sprite(style: RingStyle, palette: Palette): HTMLCanvasElement | undefined;
}

const SMALL_PX = 120;
const LIVE_MS = 90;

/** Shape of the look-back's part [fromBeat, toBeat), as far as it was played. */
export const liveShape = (
  strip: StripStore,
  fromBeat: number,
  toBeat: number,
  nowBeat: number,
  count: number,
): RingShape | undefined => {
  const first = fromBeat * LIMITS.bucketsPerBeat;
  const buckets = (toBeat - fromBeat) * LIMITS.bucketsPerBeat;
  const isKnown = buckets > 0 && first + buckets >= strip.oldest() && first <= strip.newest();
  if (!isKnown) return undefined;
  const min = new Int8Array(count);
  const max = new Int8Array(count);
  const end = Math.min(nowBeat * LIMITS.bucketsPerBeat, first + buckets);
  for (let part = 0; part < count; part++) {
    const index = Math.floor(first + (part * buckets) / count);
    if (index > end) break;
    min[part] = Math.max(-128, strip.min(index) * 127);
    max[part] = Math.min(127, strip.max(index) * 127);
  }
  return ringShape({ count, min, max, bright: new Uint8Array(count) }, count);
};

export const makeRingCache = (takes: Takes, strip: StripStore): RingCache => {
  const keys = { ink: '', shape: '', sprite: '' };
  let ink: RingInk | undefined;
  let shape: RingShape | undefined;
  let sprite: HTMLCanvasElement | undefined;
  let isLive = false;
  let liveMs = -Infinity;
  let version = 0;

  return {
    isLive: () => isLive,
    version: () => version,
    ink(colour, sidePx, palette) {
      const ratio = density();
      const key = `${colour}|${sidePx}|${ratio}|${palette.isLight}`;
      if (key === keys.ink && ink) return ink;
      keys.ink = key;
      keys.sprite = '';
      const radius = (sidePx / 2) * ratio;
      ink = makeRingInk(palette, colour, radius, ratio, sectorSprite(colour, radius, palette));
      return ink;
    },
    shape(wish, sidePx, nowMs, nowBeat) {
      const count = sidePx < SMALL_PX ? 256 : 512;
      const peaks = wish.takeId && !wish.isRecording ? takes.get(wish.takeId) : undefined;
      if (peaks) {
        const key = `${wish.takeId}|${count}`;
        if (key === keys.shape) return shape;
        keys.shape = key;
        keys.sprite = '';
        isLive = false;
        version++;
        shape = ringShape(peaks, count);
        return shape;
      }
      if (isLive && nowMs - liveMs < LIVE_MS) return shape;
      liveMs = nowMs;
      isLive = true;
      keys.shape = '';
      shape = liveShape(strip, wish.fromBeat, wish.toBeat, nowBeat, count);
      return shape;
    },
    sprite(style, palette) {
      const key = `${keys.shape}|${style}`;
      if (key === keys.sprite) return sprite;
      if (!shape || !ink) return undefined;
      keys.sprite = key;
      sprite = ringSprite(shape, ink.colour, ink.radius, style, palette);
      return sprite;
    },
  };
};
