/** What stands around the stage comes right after it, in one part. */
import { later } from './later.tsx';

type Part = typeof import('./overlay/Around.tsx');

export const around = (name: keyof Part) =>
  later<keyof Part>(() => import('./overlay/Around.tsx'), name);
