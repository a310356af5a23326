/** The four lengths of the strip: each bracket ends at now, newest at the right. */
import type { LoopBars } from '../../protocol/limits.ts';

export interface Zone {
  readonly bars: LoopBars & (1 | 2 | 4 | 8);
  readonly key: string;
  /** Left end of the bracket, share of the strip's width. */
  readonly from: number;
}

export const ZONES: readonly Zone[] = [
  { bars: 8, key: 'R', from: 0 },
  { bars: 4, key: 'E', from: 0.5 },
  { bars: 2, key: 'W', from: 0.75 },
  { bars: 1, key: 'Q', from: 0.875 },
];
