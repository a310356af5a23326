/**
 * Hours of the disk room with a clock, a disk and a scheduler that a seed decides, see
 * `DiskSimulation.swift`: each seed runs twice, in two processes, and leaves the same trace.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Rig, TrialResult } from '../rig.ts';

const ROOT = join(import.meta.dirname, '../../..');
const HOURS = 10;
/** Built for release an hour takes a fraction of the time; so it is where somebody built it before, see CONTRIBUTING. */
const RELEASE = {
  folder: '.build/proof/release',
  options: ['-c', 'release', '--scratch-path', '.build/proof'],
  forBuild: ['-Xswiftc', '-enable-testing'],
};
const DEBUG = { folder: '.build/debug', options: [], forBuild: [] };
const TEST = 'DiskSimulationTests/asLongAsAsked';

/** `dice`: not all is decided by the seed. `lazySync`: the disk says that it has synced, and has not. */
type Plant = 'none' | 'dice' | 'lazySync';

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

type SwiftBuild = typeof DEBUG | typeof RELEASE;

/**
 * A bundle that lies there may be of other sources than those the result will name: whatever has changed since is
 * built first.
 */
export const buildTests = async (root = ROOT): Promise<SwiftBuild> => {
  const build = existsSync(join(root, RELEASE.folder)) ? RELEASE : DEBUG;
  const words = ['swift', 'build', '--build-tests', ...build.options, ...build.forBuild];
  const child = Bun.spawn(words, { cwd: root, stdout: 'pipe', stderr: 'pipe' });
  const said = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ]);
  if ((await child.exited) !== 0) throw new Error(`the Swift tests do not build: ${said.join('')}`);
  return build;
};

const simulate = async (build: SwiftBuild, seed: number, plant: Plant): Promise<Outcome> => {
  const folder = mkdtempSync(join(tmpdir(), 'flowzone-simulation-'));
  try {
    const out = join(folder, 'outcome.json');
    const options = ['--skip-build', ...build.options];
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

const trial = async (build: SwiftBuild, seed: number, plant: Plant): Promise<TrialResult> => {
  const once = () => simulate(build, seed, plant);
  const [first, second] = await Promise.all([once(), once()]);
  const { broken, faults, gapFrames, hours, kills, powerCuts, spooled, stalls, takes } = first;
  return {
    faults: [
      ...(broken === '' ? [] : [broken]),
      ...(first.trace === second.trace ? [] : [`traces ${first.trace} and ${second.trace}`]),
    ],
    counts: { hours, faults, stalls, kills, powerCuts, takes, spooled, gapFrames },
  };
};

/** @param plant What the judge has to find. */
export const simulation = (plant: Plant = 'none'): Rig => ({
  missing: () => (Bun.which('swift') === null ? 'Swift is not there' : null),
  async open() {
    const build = await buildTests();
    return {
      trial: (seed) => trial(build, seed, plant),
      close: () => Promise.resolve([]),
    };
  },
});
