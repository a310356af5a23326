/** The sound of one bar as the points of a closed line. */
import { LIMITS } from '../../protocol/limits.ts';
import type { BarPlace } from '../sync/make-bar-log.ts';
import type { StripStore } from '../sync/make-strip-store.ts';

/** Columns of a bar; the line lies in 0…32 × −1…1. */
export const OUTLINE_COLUMNS = 32;
const GAMMA = 0.6;
const LEAST = 0.03;

/** Undefined when the page does not remember the whole bar. */
export const barOutline = (strip: StripStore, place: BarPlace): string | undefined => {
  const first = place.fromBeat * LIMITS.bucketsPerBeat;
  const perColumn = (place.beats * LIMITS.bucketsPerBeat) / OUTLINE_COLUMNS;
  if (first < strip.oldest() || first > strip.newest()) return undefined;
  const above: string[] = [];
  const below: string[] = [];
  for (let column = 0; column < OUTLINE_COLUMNS; column++) {
    let high = 0;
    let low = 0;
    const end = Math.round(first + (column + 1) * perColumn);
    for (let index = Math.round(first + column * perColumn); index < end; index++) {
      high = Math.max(high, strip.max(index));
      low = Math.max(low, -strip.min(index));
    }
    const x = column + 0.5;
    above.push(`${x},${(-Math.max(LEAST, Math.min(1, high) ** GAMMA)).toFixed(2)}`);
    below.push(`${x},${Math.max(LEAST, Math.min(1, low) ** GAMMA).toFixed(2)}`);
  }
  return [...above, ...below.toReversed()].join(' ');
};
