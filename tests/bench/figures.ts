/** Measures the figures of the bench, each beside its floor in the same run. */
import { join } from 'node:path';
import { LIMITS } from '../../protocol/limits.ts';
import { buildSpectrum } from './build.ts';
import { countScene, number, scene } from './driver.ts';
import { measureHosts } from './hosts.ts';
import { idleJackMsPerSecond } from './jack.ts';
import { clock, jack } from './live.ts';
import { type Measure, middle, type Plan, sub } from './plan.ts';

const NOISE_FRAMES = 11_000_000;
const noise = ({ folder }: Plan) => join(folder, 'noise.wav');

export const prepare = (plan: Plan): void => {
  scene('noise', [noise(plan), NOISE_FRAMES]);
  scene('constant', [join(plan.folder, 'constant.wav')]);
};

const counts: Measure = (plan) => {
  const engine = (loops: number, bpm: number, bars = 1) =>
    countScene('count', [loops, 16, bpm, 200, noise(plan), bars]);
  const floor = (loops: number, kind: string) => countScene('count-floor', [loops, kind, 200]);
  const [one, four, sixteen] = [engine(1, 120), engine(4, 120), engine(16, 120)];
  const slope = (four - one) / 3;
  const moving = (loops: number) => countScene('count-moving', [loops, 16, noise(plan)]);
  const floorMix = (floor(4, 'mix') - floor(1, 'mix')) / 3;
  const floorPitch = (floor(4, 'repitch') - floor(1, 'repitch')) / 3;
  const pitch = (engine(4, 130) - engine(1, 130)) / 3;
  return [
    { name: 'floorCount', value: floorMix },
    { name: 'ownTempo', value: slope, floor: floorMix },
    { name: 'fixedCost', value: one - slope, note: '16 slots, of which one plays' },
    { name: 'repitch', value: pitch, floor: floorPitch },
    { name: 'moving', value: (moving(16) - moving(4)) / 12, floor: slope },
    { name: 'linear', value: (sixteen - four) / 12, floor: slope },
    { name: 'flat', value: engine(4, 120, 4), floor: four },
  ];
};

const paced: Measure = (plan) => {
  const run = (loops: number, bars: number) =>
    scene('blocks', [loops, bars, plan.pacedSeconds, 120, noise(plan)]);
  const [few, many] = [run(64, 4), run(128, 1)];
  const percent = (printed: typeof many, key: string) =>
    (100 * number(printed, key)) / number(printed, 'periodNs');
  const note = (printed: typeof many) =>
    `p99 ${(number(printed, 'engineP99Ns') / 1000).toFixed(1)} µs, floor ${(number(printed, 'floorP99Ns') / 1000).toFixed(1)} µs, ${number(printed, 'blocks')} blocks each`;
  return [
    {
      name: 'blockOf64',
      value: number(few, 'engineNs') / 1000,
      floor: number(few, 'floorNs') / 1000,
      note: `8-s loops from RAM; ${note(few)}`,
    },
    {
      name: 'loadOf128',
      value: percent(many, 'engineNs'),
      floor: percent(many, 'floorNs'),
      note: note(many),
    },
  ];
};

const proofs: Measure = (plan) => {
  const master = join(plan.folder, 'master.wav');
  const slots = scene('slots', [256, noise(plan), master]);
  const commits = scene('commits', [1000, noise(plan), master]);
  const burst = scene('burst', [1000, 64]);
  const ramps = scene('ramps', [join(plan.folder, 'constant.wav'), master]);
  const share = (key: string) => number(slots, key).toFixed(2);
  return [
    {
      name: 'slotsProved',
      value: number(slots, 'proved'),
      note: `share of each in the mix ${share('leastShare')}…${share('mostShare')}; of the same loops at a wrong place at most ${share('wrongShare')}`,
    },
    { name: 'slotsRest', value: number(slots, 'restDb') },
    {
      name: 'commits',
      value: number(commits, 'damaged'),
      note: `${number(commits, 'framesCompared')} frames compared bit for bit`,
    },
    { name: 'burst', value: number(burst, 'once') },
    { name: 'burstRefused', value: number(burst, 'refusals') },
    {
      name: 'ramps',
      value: number(ramps, 'differing'),
      note: 'the monitor shut, a slot turned down, a slot muted, in blocks of 1 to 4,096',
    },
    { name: 'rampsLeast', value: number(ramps, 'least') },
    { name: 'rampsMost', value: number(ramps, 'most') },
  ];
};

const latency: Measure = (plan) => {
  const commands = 500;
  const files = ['constant.wav', 'master.wav'].map((name) => join(plan.folder, name));
  const printed = scene('latency', [commands, ...files]);
  const ms = (key: string) => number(printed, key) / 1e6;
  return [
    { name: 'latencyP50', value: ms('p50Ns'), floor: ms('periodNs') },
    {
      name: 'latencySpread',
      value: ms('p99Ns') - ms('minNs'),
      floor: ms('timerP99Ns') - ms('timerMinNs'),
      note: `${commands} commands, min ${ms('minNs').toFixed(3)} ms, p99 ${ms('p99Ns').toFixed(3)} ms`,
    },
    { name: 'latencyHeard', value: (100 * number(printed, 'heard')) / commands },
  ];
};

const stall: Measure = (plan) => {
  const { folder, stallSeconds } = plan;
  const args = [stallSeconds, 16, join(folder, 'constant.wav'), sub(plan, 'stall')];
  const printed = scene('stall', args);
  if (number(printed, 'durable') !== 1) throw new Error('the disk did not catch up');
  return [
    {
      name: 'stall',
      value: number(printed, 'missingFrames'),
      note: `${number(printed, 'heldCalls')} writes and syncs held; all durable ${(number(printed, 'caughtUpMs') / 1000).toFixed(1)} s after`,
    },
    { name: 'stallSeconds', value: number(printed, 'queuedSeconds') },
  ];
};

/** Of the second buffer, there before it is needed. */
const SPARE_MIB = (LIMITS.overflowSpareCount * LIMITS.overflowBlockBytes) / 2 ** 20;

const footprint: Measure = async (plan) => {
  const memory = scene('memory', [64, 4, sub(plan, 'memory')]);
  const starts = [1, 2, 3, 4, 5].map((round) =>
    number(scene('start', [64, sub(plan, `start-${round}`)]), 'readyMs'),
  );
  const ringBytes = number(memory, 'ringMiB') * 2 ** 20;
  const touches = [1, 2, 3].map(() => number(scene('touch', [ringBytes]), 'touchMs'));
  const idle = scene('idle', [plan.pacedSeconds, 64, sub(plan, 'idle')]);
  const jackd = await idleJackMsPerSecond(64, plan.pacedSeconds);
  return [
    { name: 'memoryPerLoop', value: number(memory, 'perLoop') },
    {
      name: 'memoryBase',
      value: number(memory, 'baseMiB') - SPARE_MIB,
      note: `without the ring of ${number(memory, 'ringMiB')} MiB and spare blocks of ${SPARE_MIB}; 64 loops took ${number(memory, 'rawMiB').toFixed(0)} MiB more`,
    },
    {
      name: 'memoryUndo',
      value: number(memory, 'undoMiB') - number(memory, 'undoCacheMiB'),
      note: `the cache grew by ${number(memory, 'undoCacheMiB').toFixed(0)} MiB of loops`,
    },
    {
      name: 'start',
      value: middle(starts),
      floor: middle(touches),
      note: 'with disk; median of 5',
    },
    {
      name: 'idle',
      value: number(idle, 'engineMsPerSecond'),
      floor: number(idle, 'timerMsPerSecond'),
      note: `with disk, 64 slots; ${number(idle, 'xruns')} xruns; jackd alone takes ${jackd.toFixed(1)} here`,
    },
  ];
};

const spectrum: Measure = () => {
  const program = buildSpectrum();
  const rounds = [1, 2, 3].map(() => ({
    ours: JSON.parse(Bun.spawnSync([program, '1024', '2000']).stdout.toString()).ns as number,
    floor: scene('spectrum', [2048, 1024, 2000]),
  }));
  const isDouble = rounds.some(({ floor }) => number(floor, 'isDouble') === 1);
  return [
    {
      name: 'spectrum',
      value: middle(rounds.map(({ ours }) => ours)) / 1000,
      floor: middle(rounds.map(({ floor }) => number(floor, 'ns'))) / 1000,
      note: `window, transform, bands in dB, off the audio thread: the work we do, not the 1,024 points and 8 bands the bar was set for; ours also finds partials between bins${isDouble ? '; FFTW in double, single is not installed' : ''}`,
    },
  ];
};

const hosts: Measure = ({ folder, pacedSeconds }) => measureHosts(folder, pacedSeconds);

export const MEASURES: Readonly<Record<string, Measure>> = {
  counts,
  paced,
  proofs,
  latency,
  stall,
  footprint,
  spectrum,
  jack,
  clock,
  hosts,
};
