/** A stored limit. `peer` and `floor` are for the reader of the table. */
export interface Limit {
  readonly what: string;
  readonly unit: string;
  /** What the limit holds for: the figure, its ratio to the floor, or its difference to it. */
  readonly on: 'figure' | 'ratio' | 'difference';
  readonly atMost?: number;
  readonly atLeast?: number;
  readonly floor: string;
  readonly peer: string;
}
