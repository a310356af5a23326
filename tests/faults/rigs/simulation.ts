/**
 * Hours of the disk room with a clock, a disk and a scheduler that a seed decides, see
 * `DiskSimulation.swift`: each seed runs twice, in two processes, and leaves the same trace.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Rig, TrialResult } from '../rig.ts';

const ROOT = join(import.meta.dirname, '../../..');
const HOURS = 10;
/** Built for release an hour takes a fraction of the time; see CONTRIBUTING for the command. */
const BUILDS = [
  { folder: '.build/debug', options: [] },
  { folder: '.build/proof/release', options: ['-c', 'release', '--scratch-path', '.build/proof'] },
] as const;
const TEST = 'DiskSimulationTests/asLongAsAsked';

interface Outcome {
  readonly trace: string;
  readonly broken: string;
  readonly hours: number;
  readonly faults: number;
  readonly stalls: number;
  readonly kills: number;
  readonly powerCuts: number;
  readonly takes: number;
  readonly spooled: number;
  readonly gapFrames: number;
}

/** The one that was built last. */
const newestBuild = () =>
  BUILDS.map((build) => {
    const bundle = join(ROOT, build.folder, 'FlowZonePackageTests.xctest');
    return { ...build, builtMs: statSync(bundle, { throwIfNoEntry: false })?.mtimeMs ?? 0 };
  })
    .filter(({ builtMs }) => builtMs > 0)
    .toSorted((a, b) => b.builtMs - a.builtMs)[0];

const simulate = async (seed: number, plant: string): Promise<Outcome> => {
  const folder = mkdtempSync(join(tmpdir(), 'flowzone-simulation-'));
  try {
    const out = join(folder, 'outcome.json');
    const options = ['--skip-build', ...(newestBuild()?.options ?? [])];
    const suites = ['--disable-xctest', '--enable-swift-testing', '--filter', TEST];
    const test = Bun.spawn(['swift', 'test', ...options, ...suites], {
      cwd: ROOT,
      env: {
        ...process.env,
        FZ_SIMULATION_OUT: out,
        FZ_SIMULATION_SEED: String(seed),
        FZ_SIMULATION_HOURS: String(HOURS),
        FZ_SIMULATION_PLANT: plant,
      },
      stdout: 'pipe',
      stderr: 'pipe',
    });
    const texts = await Promise.all([
      new Response(test.stdout).text(),
      new Response(test.stderr).text(),
      test.exited,
    ]);
    if (!existsSync(out)) throw new Error(`no outcome: ${texts.join('')}`);
    return JSON.parse(readFileSync(out, 'utf8')) as Outcome;
  } finally {
    rmSync(folder, { recursive: true });
  }
};

const trial = async (seed: number, plant: string): Promise<TrialResult> => {
  const [first, second] = await Promise.all([simulate(seed, plant), simulate(seed, plant)]);
  const { broken, faults, gapFrames, hours, kills, powerCuts, spooled, stalls, takes } = first;
  return {
    faults: [
      ...(broken === '' ? [] : [broken]),
      ...(first.trace === second.trace ? [] : [`traces ${first.trace} and ${second.trace}`]),
    ],
    counts: { hours, faults, stalls, kills, powerCuts, takes, spooled, gapFrames },
  };
};

/** @param plant `dice`: not all is decided by the seed, and the judge has to find it. */
export const simulation = (plant: 'none' | 'dice' = 'none'): Rig => ({
  missing() {
    if (Bun.which('swift') === null) return 'Swift is not there';
    return newestBuild() ? null : 'the Swift tests are not built';
  },
  open: () =>
    Promise.resolve({
      trial: (seed) => trial(seed, plant),
      close: () => Promise.resolve([]),
    }),
});
