/** What the host program says about the classes of real bundles: one child each. */
import { basename } from 'node:path';
import { type Answer, askHost } from '../bundle.ts';
import { bundleEnv } from './bundles.ts';

export interface Target {
  readonly bundle: string;
  readonly classId: string;
  readonly name: string;
  readonly vendor: string;
}

export interface Row extends Target {
  /** Empty = it loaded, played, and came to its end; else how far it came, and why no further. */
  readonly failure: string;
  readonly isSounding: boolean;
  /** Its state was taken by a second instance. */
  readonly isStateTaken: boolean;
  /** What that instance gave back is the same to the byte. */
  readonly isStateIdentical: boolean;
  /** Samples that are no numbers, of all it played. */
  readonly badSamples: number;
  readonly failedBlocks: number;
  readonly seconds: number;
  /** As the host told them; empty after a failure. */
  readonly figures: Readonly<Record<string, unknown>>;
}

/** A child that takes longer hangs. */
const LIMIT_MS = 120_000;
const SOUNDS = 'Audio Module Class';

/** What is wrong with an answer that did not come to its end. */
const failureOf = ({ code, errors, lines, signal }: Answer): string => {
  const step = lines.findLast((line) => 'step' in line)?.['step'] ?? 'the start';
  if (signal !== null) return `${signal} in ${step}`;
  return code === 0 ? '' : `exit ${code} in ${step}: ${errors.trim().split('\n').at(-1)}`;
};

/** The classes of a bundle that can be loaded; throws when it cannot be looked at. */
export const classesOf = async (bundle: string): Promise<Target[]> => {
  const answer = await askHost(['scan', bundle], bundleEnv(), LIMIT_MS);
  const failure = failureOf(answer);
  if (failure !== '') throw new Error(`${basename(bundle)}: ${failure}`);
  return answer.lines
    .map((line) => line['class'] as Record<string, string> | undefined)
    .filter((each) => each?.['category'] === SOUNDS)
    .map((each) => ({
      bundle: basename(bundle),
      classId: each?.['classId'] ?? '',
      name: each?.['name'] ?? '',
      vendor: each?.['vendor'] ?? '',
    }));
};

const numberIn = (figures: Readonly<Record<string, unknown>>, name: string): number =>
  Number(figures[name] ?? 0);

export const checkClass = async (folder: string, target: Target): Promise<Row> => {
  const argv = ['check', `${folder}/${target.bundle}`, target.classId];
  const answer = await askHost(argv, bundleEnv(), LIMIT_MS);
  const figures = (answer.lines.at(-1)?.['result'] ?? {}) as Record<string, unknown>;
  const sum = (name: string) => numberIn(figures, `${name}64`) + numberIn(figures, `${name}128`);
  return {
    ...target,
    failure: failureOf(answer),
    isSounding: sum('peak') + numberIn(figures, 'peakMoved') > 0,
    isStateTaken: figures['stateTaken'] === true,
    isStateIdentical: figures['stateIdentical'] === true,
    badSamples: sum('badSamples'),
    failedBlocks: sum('failedBlocks'),
    seconds: Math.round(answer.ms) / 1000,
    figures,
  };
};
