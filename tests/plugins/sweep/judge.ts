/** Compares what a sweep found with what is expected: any change is told, for better or worse. */
import type { Row, Target } from './check.ts';

export interface Expected {
  readonly bundles: number;
  /** Classes that can be loaded, by vendor. */
  readonly classes: Readonly<Record<string, number>>;
  /** `vendor: name` of those that make no sound out of what a check plays to them, and why. */
  readonly silent: Readonly<Record<string, string>>;
  /** `vendor: name` of those that do not take their own state, and why. */
  readonly stateRefused: Readonly<Record<string, string>>;
  /** `vendor: name` of those whose state is another one in a second instance, and why. */
  readonly stateDiffers: Readonly<Record<string, string>>;
  /** `vendor: name` of those that stand for all in a short run. */
  readonly smoke: readonly string[];
}

export const nameOf = ({ name, vendor }: Target): string => `${vendor}: ${name}`;

const judgeRow = (row: Row, { silent, stateDiffers, stateRefused }: Expected): string[] => {
  const name = nameOf(row);
  if (row.failure !== '') return [`${name}: ${row.failure}`];
  const differing = Number(row.figures['parametersDiffering'] ?? 0);
  const surprise = (is: boolean, exceptions: Readonly<Record<string, string>>, what: string) => {
    if (is === !(name in exceptions)) return [];
    return is ? [`${what}, and expected not to be`] : [`not ${what}`];
  };
  return [
    ...(row.badSamples > 0 ? [`${row.badSamples} samples are no numbers`] : []),
    ...(row.failedBlocks > 0 ? [`${row.failedBlocks} blocks were refused`] : []),
    ...surprise(row.isSounding, silent, 'sounding'),
    ...surprise(row.isStateTaken, stateRefused, 'its state taken'),
    ...surprise(row.isStateIdentical, stateDiffers, 'its state identical'),
    ...surprise(differing === 0, {}, 'all parameters restored'),
  ].map((what) => `${name}: ${what}`);
};

/** What differs in these rows. */
export const judgeRows = (rows: readonly Row[], expected: Expected): string[] =>
  rows.flatMap((row) => judgeRow(row, expected));

export const countBy = <Item>(
  items: readonly Item[],
  keyOf: (item: Item) => string,
): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const item of items) counts[keyOf(item)] = (counts[keyOf(item)] ?? 0) + 1;
  return counts;
};

/** What differs in the whole list of classes, before any of them is loaded. */
export const judgeList = (
  bundles: readonly string[],
  targets: readonly Target[],
  expected: Expected,
): string[] => {
  const found: string[] = [];
  if (bundles.length !== expected.bundles) {
    found.push(`${bundles.length} bundles, expected ${expected.bundles}`);
  }
  const counts = countBy(targets, ({ vendor }) => vendor);
  for (const vendor of new Set([...Object.keys(counts), ...Object.keys(expected.classes)])) {
    const [is, should] = [counts[vendor] ?? 0, expected.classes[vendor] ?? 0];
    if (is !== should) found.push(`${vendor}: ${is} classes, expected ${should}`);
  }
  const names = new Set(targets.map(nameOf));
  const { silent, smoke, stateDiffers, stateRefused } = expected;
  const named = [...[silent, stateDiffers, stateRefused].flatMap(Object.keys), ...smoke];
  for (const name of named) if (!names.has(name)) found.push(`${name}: is expected, and not there`);
  return found;
};
