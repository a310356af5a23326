/**
 * Random faults in real time: an engine with ten plug-ins in ten real hosts, watched for every call of its
 * audio thread, in runs of a few minutes that each begin with a seed of their own.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pluginHostPath } from '../../../server/engine/library-path.ts';
import { buildGuard, type GuardReport, guardEnv } from '../../guard/build.ts';
import { makeNoise, readWavFile, writeWavFile } from '../../judge/wav.ts';
import { ask } from '../bundle.ts';
import { buildFixture } from '../fixture/build.ts';
import type { Plan, Told } from './fault-plan.ts';
import { hearRandom, type RandomHearing } from './hear-random.ts';
import { type Part, type PartResult, reporter } from './part.ts';

const FAULTS = 500;
const FAULTS_A_RUN = 100;
const RATE_HZ = 48_000;
const NOISE_SECONDS = 30;
const CLASS_WORDS = 4;
const LIMIT_MS = 600_000;

export interface RandomRun extends RandomHearing {
  readonly seed: number;
  readonly faultCount: number;
  readonly faults: Told['faults'];
  readonly told: Omit<Told, 'moves' | 'seats' | 'checks' | 'faults'>;
  readonly guard: Pick<GuardReport, 'blocks' | 'hits' | 'wakes' | 'first'>;
  /** The engine's own count of frames, and that of its file. */
  readonly endFrame: number;
  readonly fileFrames: number;
}

interface Described {
  readonly name: string;
  readonly category: string;
  readonly classId: string;
}

/** The words of an id, as they lie in memory. */
const wordsOf = (hex: string): number[] => {
  const bytes = Buffer.from(hex, 'hex');
  return Array.from({ length: CLASS_WORDS }, (_, index) => bytes.readUInt32LE(4 * index));
};

const classesOf = async (bundle: string): Promise<Record<string, number[]>> => {
  const { lines } = await ask([pluginHostPath(), 'scan', bundle]);
  const found = (lines as { class?: Described }[]).flatMap((line) => line.class ?? []);
  return Object.fromEntries(
    found
      .filter(({ category }) => category === 'Audio Module Class')
      .map(({ classId, name }) => [name, wordsOf(classId)]),
  );
};

export const runRandom = async (
  folder: string,
  bundle: string,
  { faults, seed }: { readonly faults: number; readonly seed: number },
): Promise<RandomRun> => {
  const at = (name: string) => join(folder, name);
  mkdirSync(at('states'), { recursive: true });
  const noise = makeNoise(seed, NOISE_SECONDS * RATE_HZ);
  writeWavFile(at('noise.wav'), RATE_HZ, noise);
  const plan: Plan = {
    bundle,
    classes: await classesOf(bundle),
    faults,
    seed,
    inputPath: at('noise.wav'),
    outputPath: at('master.wav'),
    statePath: at('states'),
  };
  const program = join(import.meta.dir, 'fault-engine.ts');
  const answer = await ask(
    ['bun', program, JSON.stringify(plan)],
    guardEnv(buildGuard(), at('guard.json')),
    LIMIT_MS,
  );
  if (answer.code !== 0) throw new Error(`seed ${seed}: ${answer.signal} ${answer.errors}`);
  const told = answer.lines.at(-1) as unknown as Told;
  const { samples } = readWavFile(at('master.wav'));
  const { checks: _, faults: done, moves: _m, seats: _s, ...rest } = told;
  const guard = JSON.parse(readFileSync(at('guard.json'), 'utf8')) as GuardReport;
  return {
    seed,
    faultCount: Object.values(done).reduce((sum, count) => sum + count, 0),
    faults: done,
    told: rest,
    guard: { blocks: guard.blocks, hits: guard.hits, wakes: guard.wakes, first: guard.first },
    ...hearRandom(samples, noise, told),
    endFrame: told.endFrame,
    fileFrames: samples.length / 2,
  };
};

const HOSTS = 10;

export const judgeRandom = (run: RandomRun): string[] => {
  const { guard, told } = run;
  const none: [string, number][] = [
    ['calls of the audio thread that may wait', guard.hits],
    ['samples that are no numbers', run.nonFinite],
    ['frames that are neither wet nor dry', run.strayFrames],
    ['silent frames', run.silentFrames],
    ['frames at a gain that was not set', run.wrongGainFrames],
    ['parameters lost', run.lost.length],
    ['plug-ins that did not come back', told.missing.length],
    ['processes left behind', told.orphans],
  ];
  const found = none.flatMap(([what, count]) => (count > 0 ? [`${count} ${what}`] : []));
  if (guard.first !== '') found.push(`the first was ${guard.first}`);
  found.push(...run.lost);
  if (run.loudest > 1) found.push(`the master reached ${run.loudest}`);
  if (run.fileFrames < run.endFrame) found.push('the file is shorter than the timeline');
  if (guard.wakes > HOSTS * guard.blocks) found.push('a host was woken twice in a block');
  if (guard.wakes < guard.blocks) found.push('hosts were hardly woken');
  return found.map((text) => `seed ${run.seed}: ${text}`);
};

const total = (runs: readonly RandomRun[], of: (run: RandomRun) => number): number =>
  runs.reduce((sum, run) => sum + of(run), 0);

const countsOf = (runs: readonly RandomRun[]): PartResult['counts'] => ({
  faults: total(runs, ({ faultCount }) => faultCount),
  onInput: total(runs, ({ told }) => told.onInput),
  livesLost: total(runs, ({ told }) => told.lives),
  outagesHeard: total(runs, ({ outages }) => outages),
  blocks: total(runs, ({ guard }) => guard.blocks),
  waits: total(runs, ({ guard }) => guard.hits),
  wakes: total(runs, ({ guard }) => guard.wakes),
  framesJudged: total(runs, ({ framesJudged }) => framesJudged),
  nonFinite: total(runs, ({ nonFinite }) => nonFinite),
  strayFrames: total(runs, ({ strayFrames }) => strayFrames),
  wrongGainFrames: total(runs, ({ wrongGainFrames }) => wrongGainFrames),
  lostParameters: total(runs, ({ lost }) => lost.length),
  xruns: total(runs, ({ told }) => told.xruns),
  orphans: total(runs, ({ told }) => told.orphans),
});

export const randomPart: Part = async ({ count, keep, say, seed }) => {
  const folder = mkdtempSync(join(tmpdir(), 'flowzone-random-'));
  const rows: RandomRun[] = [];
  const faults: string[] = [];
  const result = reporter('random', () => ({
    counts: countsOf(rows),
    faults,
    rows,
  }));
  try {
    const bundle = await buildFixture(folder);
    const wanted = count ?? FAULTS;
    for (let done = 0; done < wanted; done += FAULTS_A_RUN) {
      const plan = { faults: Math.min(FAULTS_A_RUN, wanted - done), seed: seed + done };
      const run = await runRandom(folder, bundle, plan);
      rows.push(run);
      faults.push(...judgeRandom(run));
      say(`${done + plan.faults} of ${wanted}: ${JSON.stringify(run)}`);
      keep(result());
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  say(JSON.stringify(result().counts));
  return result();
};
