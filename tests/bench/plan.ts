/** What a run of the bench is given, and what its figures share. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Figure } from './table.ts';

export interface Plan {
  /** Scratch of this run. */
  readonly folder: string;
  readonly pacedSeconds: number;
  readonly stallSeconds: number;
  readonly liveSeconds: number;
}

export type Measure = (plan: Plan) => Figure[] | Promise<Figure[]>;

export const sub = ({ folder }: Plan, name: string): string => {
  mkdirSync(join(folder, name), { recursive: true });
  return join(folder, name);
};

export const middle = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
