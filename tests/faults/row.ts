/** A row of the table of faults: what breaks, what is promised, and the rig that tries it. */
import type { FaultKind } from './judge/kinds.ts';
import type { Rig } from './rig.ts';

/** A size that the design asks of the trials. */
export interface Asked {
  readonly size: number;
  /** `trials`, or the name of a count. */
  readonly of: string;
  /** Where it is not counted: what each trial adds. */
  readonly perTrial?: number;
}

export interface Row {
  /** As the page names it; the number comes first. */
  readonly id: string;
  readonly fault: string;
  readonly promise: string;
  /** `control`: FlowZone is broken on purpose, and the judge must find it within the trials. */
  readonly kind: 'promise' | 'control';
  /** Trials in `npm test`, and in full. */
  readonly short: number;
  readonly full: number;
  readonly rig: Rig | null;
  /** None where the design names no size, or has no such row. */
  readonly asked?: readonly Asked[];
  /** Of a control: what it plants shows as one of these; no other fault is its finding. */
  readonly finds?: readonly FaultKind[];
}

export const promised = (
  id: string,
  fault: string,
  promise: string,
  trials: Pick<Row, 'short' | 'full' | 'rig' | 'asked'> | null = null,
): Row => ({ id, fault, promise, kind: 'promise', short: 0, full: 0, rig: null, ...trials });

/** That many trials. */
export const trials = (size: number): Asked[] => [{ size, of: 'trials' }];

export const control = (
  id: string,
  fault: string,
  finds: FaultKind | readonly FaultKind[],
  rig: Rig,
): Row => ({
  id,
  fault,
  promise: 'the judge finds it within 20 trials',
  kind: 'control',
  finds: [finds].flat(),
  short: 5,
  full: 20,
  rig,
});
