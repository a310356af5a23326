/** What plug-ins in processes of their own cost a block, beside bare wakes of as many processes. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pluginHostPath } from '../../server/engine/library-path.ts';
import { groupOf } from '../../server/plugins/group.ts';
import { SIX } from '../plugins/faults/six.ts';
import { BUNDLES, bundleEnv, whatIsMissing } from '../plugins/sweep/bundles.ts';
import { classesOf } from '../plugins/sweep/check.ts';
import { number, scene } from './driver.ts';
import type { Figure } from './table.ts';

const ROUNDS = 5;
const BLOCK_NS = (64 * 1e9) / 48_000;

/** A line for each: bundle, class, group. */
const specOf = async ({ bundle, name }: (typeof SIX)[number]): Promise<string> => {
  const path = join(BUNDLES, `${bundle}.vst3`);
  const found = (await classesOf(path)).find((each) => each.name === name);
  if (!found) throw new Error(`${bundle} has no ${name}`);
  return `${path} ${found.classId} ${groupOf(found.vendor).replaceAll(' ', '-')}`;
};

export const measureHosts = async (folder: string, seconds: number): Promise<Figure[]> => {
  const missing = whatIsMissing();
  if (missing !== '') {
    process.stderr.write(`bench: hosts are left out, missing is ${missing}\n`);
    return [];
  }
  const own = join(folder, 'hosts');
  mkdirSync(own, { recursive: true });
  const plugins = join(own, 'plugins.txt');
  writeFileSync(plugins, `${(await Promise.all(SIX.map(specOf))).join('\n')}\n`);
  const run = scene('hosts', [seconds, ROUNDS, pluginHostPath(), own, plugins], {
    ...bundleEnv(),
    SWIFT_BACKTRACE: 'enable=no',
  });
  const us = (key: string) => number(run, key) / 1000;
  const times = (name: string) =>
    `p50 ${us(`${name}Ns`).toFixed(1)}, p99 ${us(`${name}P99Ns`).toFixed(1)}, worst ${us(`${name}WorstNs`).toFixed(1)} µs of ${number(run, `${name}Blocks`)} blocks`;
  const cpu = (name: string) =>
    `${number(run, `${name}EngineMsPerSecond`).toFixed(1)} ms/s in the engine, ${number(run, `${name}HostsMsPerSecond`).toFixed(1)} in the hosts`;
  const hosts = number(run, 'hosts');
  return [
    {
      name: 'hostBlock',
      value: us('oneNs') - us('noneNs'),
      floor: us('floorOneNs'),
      note: `${times('one')}; none: ${times('none')}; floor: ${times('floorOne')}; CPU ${cpu('one')}`,
    },
    {
      name: 'hostsBlock',
      value: (us('everyNs') - us('noneNs')) / hosts,
      floor: us('floorEveryNs') / hosts,
      note: `${hosts} makers: ${times('every')}; floor: ${times('floorEvery')}; CPU ${cpu('every')}, none: ${cpu('none')}`,
    },
    {
      name: 'hostsShare',
      value: (100 * (number(run, 'everyNs') - number(run, 'noneNs'))) / BLOCK_NS,
      note: `xruns in ${seconds} s each: ${['none', 'one', 'every'].map((name) => number(run, `${name}Xruns`)).join(', ')} with none, one, all; floor ${number(run, 'floorOneXruns')}, ${number(run, 'floorEveryXruns')}; ${number(run, 'missed')} of ${number(run, 'wet') + number(run, 'missed')} blocks late, ${number(run, 'realTime') === 1 ? 'with' : 'without'} real-time priority`,
    },
  ];
};
