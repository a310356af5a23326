/** The stored limits of the bench. They are only ever tightened; a looser one needs its reason in the commit. */
import type { Limit } from './limit.ts';
import { BLOCK_LIMITS } from './limits-block.ts';
import { PRODUCT_LIMITS } from './limits-product.ts';
import { SOAK_LIMITS } from './limits-soak.ts';

export const LIMITS = {
  ...BLOCK_LIMITS,
  ...PRODUCT_LIMITS,
  ...SOAK_LIMITS,
} as const satisfies Record<string, Limit>;

export type FigureName = keyof typeof LIMITS;
