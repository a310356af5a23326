/** The engine on a device, block after block in real time, in turns with a control on the same machine. */
import { number, type Printed, scene } from './driver.ts';
import { withJack } from './jack.ts';
import { type Measure, middle, sub } from './plan.ts';
import type { Figure } from './table.ts';

type Live = Printed;

/** How much longer the slowest block of the C kernel took than its median one, in each turn. */
const kernelWorst = (turns: readonly Printed[]): string => {
  const ratios = turns.map((turn) => number(turn, 'cpuWorstNs') / number(turn, 'cpuMedianNs'));
  return `${Math.max(...ratios).toFixed(1)} ×`;
};

const blockTimes = (run: Live, clock: 'cpu' | 'wall'): string => {
  const micro = (share: string) => (number(run, `${clock}${share}Ns`) / 1000).toFixed(1);
  return `median ${micro('Median')}, p99.99 ${micro('P9999')}, worst ${micro('Worst')} µs`;
};

const TURN_SECONDS = 60;

const total = (turns: readonly Printed[], key: string): number =>
  turns.reduce((sum, turn) => sum + number(turn, key), 0);

/** Control and run in turns, each going first as often: what else the machine does hits both. */
const inTurns = (
  seconds: number,
  control: (turnSeconds: number) => Printed,
  run: (turnSeconds: number) => Live,
): { readonly controls: readonly Printed[]; readonly run: Live } => {
  const count = Math.max(1, Math.round(seconds / TURN_SECONDS));
  const runs: Live[] = [];
  const controls: Printed[] = [];
  for (let turn = 0; turn < count; turn += 1) {
    if (turn % 2 === 0) controls.push(control(seconds / count));
    runs.push(run(seconds / count));
    if (turn % 2 === 1) controls.push(control(seconds / count));
  }
  const all = (key: string) => runs.map((each) => number(each, key));
  const joined: Record<string, number> = {
    loops: Math.min(...all('loops')),
    realTime: Math.min(...all('realTime')),
    turns: count,
  };
  for (const key of ['xruns', 'blocks']) joined[key] = all(key).reduce((a, b) => a + b, 0);
  for (const clock of ['cpu', 'wall']) {
    joined[`${clock}MedianNs`] = middle(all(`${clock}MedianNs`));
    joined[`${clock}P9999Ns`] = middle(all(`${clock}P9999Ns`));
    joined[`${clock}WorstNs`] = Math.max(...all(`${clock}WorstNs`));
  }
  return { controls, run: joined };
};

const live = (
  [xruns, worst]: readonly ['jackXruns', 'jackWorst'] | readonly ['clockXruns', 'clockWorst'],
  seconds: number,
  run: Live,
  missed: number,
  kernel: string,
): Figure[] => [
  {
    name: xruns,
    value: number(run, 'xruns'),
    floor: missed,
    note: `${seconds} s in ${number(run, 'turns')} lives, ${number(run, 'loops')} loops at least, ${number(run, 'blocks')} blocks, ${number(run, 'realTime') === 1 ? 'with' : 'without'} real-time priority; the aim is none at all`,
  },
  {
    name: worst,
    value: number(run, 'cpuWorstNs') / 1000,
    floor: number(run, 'cpuMedianNs') / 1000,
    note: `CPU time: ${blockTimes(run, 'cpu')}; by the clock: ${blockTimes(run, 'wall')}${kernel}`,
  },
];

export const jack: Measure = (plan) =>
  withJack(64, (env) => {
    const { controls, run } = inTurns(
      plan.liveSeconds,
      (seconds) => scene('jack-control', [seconds], env),
      (seconds) => scene('jack', [seconds, 64, sub(plan, 'jack')], env),
    );
    return live(['jackXruns', 'jackWorst'], plan.liveSeconds, run, total(controls, 'xruns'), '');
  });

export const clock: Measure = (plan) => {
  const { controls, run } = inTurns(
    plan.liveSeconds,
    (seconds) => scene('timer', [seconds, 64]),
    (seconds) => scene('headless', [seconds, 64, sub(plan, 'clock')]),
  );
  const kernel = `; the C kernel's own worst block in turns with it: ${kernelWorst(controls)} its median`;
  const missed = total(controls, 'missed');
  return live(['clockXruns', 'clockWorst'], plan.liveSeconds, run, missed, kernel);
};
