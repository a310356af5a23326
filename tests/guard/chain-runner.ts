/**
 * Runs in a process of its own with the guard preloaded: an engine whose input and slots go through real
 * plug-ins in real hosts, at the pace of a device, with chains, parameters, notes and crashes in flight.
 *
 *   bun tests/guard/chain-runner.ts BUNDLE CLASSES BLOCKS SEED   (CLASSES: JSON, name → 4 words)
 */
import { dlopen } from 'bun:ffi';
import {
  COMMAND_FLAGS,
  COMMAND_KIND,
  CONFIG_FLAGS,
  EVENT_KIND,
  PLUGIN_HEARD,
} from '../../protocol/abi.ts';
import type { CommandRecord, EventRecord } from '../../server/engine/flow-core.generated.ts';
import { pluginHostPath } from '../../server/engine/library-path.ts';
import { GAIN } from '../plugins/fixture/build.ts';
import { BLOCK_FRAMES, RATE_HZ, startStepped } from '../server/engine/stepped.ts';
import { Dice } from './generators.ts';

const BLOCK_MS = (1000 * BLOCK_FRAMES) / RATE_HZ;
const LOAD_MS = 20_000;
const CHAIN_EVERY = 400;
const KILL_EVERY = 900;

const [bundle = '', classesText = '{}', blocksText = '0', seedText = '1'] = process.argv.slice(2);
const classes: Record<string, number[]> = JSON.parse(classesText);
const dice = new Dice(Number(seedText));
const { demoPlayer, monitor, noDisk } = CONFIG_FLAGS;
const core = startStepped({
  flags: demoPlayer | monitor | noDisk,
  pluginHostPath: pluginHostPath(),
});

/** What goes where; a plug-in is in one place only. */
const PLACES = [
  { isInput: true, slot: 0, classes: ['Well', 'Latency'] },
  { isInput: false, slot: 0, classes: ['Latency', 'Well'] },
  { isInput: false, slot: 1, classes: ['Tone'] },
];

let serial = 0;
const newId = () => {
  serial += 1;
  return [5, 5, 5, serial];
};
const heard = { wet: 0, dry: 0 };
const loaded = new Set<number>();
const send = (record: Partial<CommandRecord>) => core.send([record]);

const hear = (event: EventRecord) => {
  if (event.kind === EVENT_KIND.pluginLoaded && event.code === 0) loaded.add(event.id[3] ?? 0);
  if (event.kind !== EVENT_KIND.pluginHeard) return;
  if (event.detail === PLUGIN_HEARD.wet) heard.wet += 1;
  else heard.dry += 1;
};

let next = performance.now();
const step = () => {
  next = Math.max(next + BLOCK_MS, performance.now() - LOAD_MS / 1000);
  const left = next - performance.now();
  if (left > 0) Bun.sleepSync(left);
  core.step(BLOCK_FRAMES);
  for (const event of core.poll()) hear(event);
};

const places = PLACES.map((place) => {
  const plugins = place.classes.map((name, index) => {
    const id = newId();
    const group = index === 0 ? 'First' : 'Second';
    core.plugins.loadPlugin({
      id,
      classId: classes[name] ?? [],
      group,
      bundle,
      statePath: '',
      earlierStatePath: '',
    });
    return id;
  });
  return { ...place, plugins };
});
const plugins = places.flatMap((place) => place.plugins);
const end = performance.now() + LOAD_MS;
while (loaded.size < plugins.length && performance.now() < end) step();

const setChain = ({ isInput, slot, plugins: inOrder }: (typeof places)[number]) => {
  const id = newId();
  if (core.plugins.makeChain({ id, isInput, plugins: inOrder }) !== 0) return;
  send({ kind: COMMAND_KIND.chainSet, slot, flags: isInput ? COMMAND_FLAGS.input : 0, id });
};
for (const place of places) setChain(place);

const command = (): Partial<CommandRecord> =>
  dice.of<() => Partial<CommandRecord>>([
    () => ({
      kind: COMMAND_KIND.capture,
      slot: dice.below(2),
      a: 1,
      d: 0.9,
      flags: dice.below(2) * COMMAND_FLAGS.overdub,
      id: newId(),
    }),
    () => ({ kind: COMMAND_KIND.slotSet, slot: dice.below(2) }),
    () => ({ kind: COMMAND_KIND.tempo, a: dice.between(200, 280) }),
    () => ({ kind: COMMAND_KIND.slotFree, slot: 0, flags: dice.below(2) }),
    () => ({ kind: COMMAND_KIND.align }),
    () => ({ kind: dice.next() < 0.2 ? COMMAND_KIND.panic : COMMAND_KIND.pause }),
    () => ({ kind: COMMAND_KIND.play }),
    () => ({ kind: COMMAND_KIND.play }),
    () => ({ kind: COMMAND_KIND.pluginParam, a: GAIN, b: dice.next(), id: dice.of(plugins) }),
    () => ({
      kind: COMMAND_KIND.pluginNote,
      a: 1 + dice.below(127),
      b: 1,
      flags: dice.below(2),
      id: dice.of(plugins),
    }),
  ])();

const blocks = Number(blocksText);
for (let block = 1; block <= blocks; block += 1) {
  step();
  if (dice.next() < 0.1) send(command());
  if (block % CHAIN_EVERY === 0) setChain(dice.of(places));
  if (block % KILL_EVERY === 0) {
    for (const id of plugins) core.plugins.retryPlugin(id);
    const { pid } = dice.of(core.plugins.pluginHosts());
    if (pid > 0) process.kill(pid, 'SIGKILL');
  }
}
const hosts = core.plugins.pluginHosts().length;
core.stop();
core.destroy();
// The hosts are gone, and with them what they wrote there of themselves.
const guard = process.env['LD_PRELOAD'];
if (guard) {
  const { symbols } = dlopen(guard, { fz_guard_write: { args: [], returns: 'i32' } });
  symbols.fz_guard_write();
}
process.stdout.write(`${JSON.stringify({ loaded: loaded.size, hosts, ...heard })}\n`);
process.exit(0);
