/** The engine under random faults, its plug-ins, and where they are; one for each process. */
import {
  COMMAND_FLAGS,
  COMMAND_KIND,
  CONFIG_FLAGS,
  DEVICE_KIND,
  EVENT_KIND,
  HOST_STATE,
  PLUGIN_HEARD,
} from '../../../protocol/abi.ts';
import type { CommandRecord, EventRecord } from '../../../server/engine/flow-core.generated.ts';
import { pluginHostPath } from '../../../server/engine/library-path.ts';
import { Dice } from '../../guard/generators.ts';
import { startStepped } from '../../server/engine/stepped.ts';
import { GAIN } from '../fixture/build.ts';
import { GAINS, type Move, type Plan } from './fault-plan.ts';

/** One of each, a maker of its own each; `Well` suffers only signals. */
const CLASSES = [
  'Well',
  'Crash',
  'Abort',
  'Exit',
  'Hang',
  'Stall',
  'Not A Number',
  'Loud',
  'Scribble',
  'Close',
];
const BLOCK_FRAMES = 64;
export const SLOTS = 8;
const POLL_MS = 4;
const RECOVERY_MS = 20_000;

export const plan: Plan = JSON.parse(process.argv[2] ?? '{}');
export const dice = new Dice(plan.seed);
export const core = startStepped({
  deviceKind: DEVICE_KIND.headless,
  blockFrames: BLOCK_FRAMES,
  slotCount: SLOTS,
  flags: CONFIG_FLAGS.monitor | CONFIG_FLAGS.noDisk,
  ringSecondsMax: 60,
  pluginHostPath: pluginHostPath(),
  inputPath: plan.inputPath,
  outputPath: plan.outputPath,
  statePath: plan.statePath,
});

export interface Plugin {
  readonly name: string;
  readonly id: number[];
  readonly number: number;
  gain: number;
  isWet: boolean;
  isLoaded: boolean;
  isArmed: boolean;
}

let serial = 0;
export const newId = () => {
  serial += 1;
  return [7, 7, 7, serial];
};
export const plugins = CLASSES.map(
  (name, number): Plugin => ({
    name,
    id: newId(),
    number,
    gain: 0.5,
    isWet: false,
    isLoaded: false,
    isArmed: false,
  }),
);
export const counts = { lives: 0, givenUp: 0, wet: 0, dry: 0 };
export const moves: Move[] = [];
export const seats: { frame: number; plugin: number }[] = [];
const chains = new Map<number, number>();

export const send = (record: Partial<CommandRecord>) => core.send([record]);
export const frame = () => core.status().frame;
const byId = (id: ArrayLike<number>) => plugins.find((each) => each.id[3] === id[3]);

const hear = (event: EventRecord): void => {
  if (event.kind === EVENT_KIND.pluginLoaded && event.code === 0) {
    const one = byId(event.id);
    if (one) one.isLoaded = true;
  }
  if (event.kind === EVENT_KIND.pluginHost) {
    if (event.detail === HOST_STATE.lost) counts.lives += 1;
    if (event.detail === HOST_STATE.gaveUp) counts.givenUp += 1;
  }
  if (event.kind === EVENT_KIND.applied && event.detail === COMMAND_KIND.chainSet) {
    const number = chains.get(event.token);
    if (number !== undefined && event.code === 0)
      seats.push({ frame: event.frame, plugin: number });
  }
  if (event.kind === EVENT_KIND.pluginHeard) {
    const one = byId(event.id);
    if (one) one.isWet = event.detail === PLUGIN_HEARD.wet;
    if (event.detail === PLUGIN_HEARD.wet) counts.wet += 1;
    else counts.dry += 1;
  }
};

export const pass = async (ms: number): Promise<void> => {
  const end = performance.now() + ms;
  do {
    for (const event of core.poll()) hear(event);
    await Bun.sleep(POLL_MS);
  } while (performance.now() < end);
};

export const until = async (isSo: () => boolean, ms = RECOVERY_MS): Promise<boolean> => {
  const end = performance.now() + ms;
  while (!isSo() && performance.now() < end) await pass(POLL_MS);
  return isSo();
};

export const retryAll = () => {
  for (const { id } of plugins) core.plugins.retryPlugin(id);
};

export const setParam = (one: Plugin, param: number, value: number) =>
  send({ kind: COMMAND_KIND.pluginParam, a: param, b: value, id: one.id });

export const turn = (one: Plugin): void => {
  one.gain = dice.of(GAINS);
  moves.push({ frame: frame(), plugin: one.number, gain: one.gain });
  setParam(one, GAIN, one.gain);
};

let token = 0;
/** Puts these where `slot` says, −1 = the input; nothing goes through two chains. */
const seat = (slot: number, members: readonly Plugin[]): void => {
  const isInput = slot < 0;
  const id = newId();
  if (core.plugins.makeChain({ id, isInput, plugins: members.map((each) => each.id) }) !== 0)
    return;
  token += 1;
  if (isInput) chains.set(token, members[0]?.number ?? -1);
  const flags = isInput ? COMMAND_FLAGS.input : 0;
  send({ kind: COMMAND_KIND.chainSet, token, slot: Math.max(0, slot), flags, id });
};

/** Deals them anew: one for the input, the others for the slots. */
export const deal = (first: Plugin): void => {
  const others = plugins.filter((each) => each !== first);
  seat(-1, [first]);
  for (let slot = 0; slot < SLOTS; slot += 1) {
    seat(
      slot,
      others.filter((_, index) => index % SLOTS === slot),
    );
  }
};

export const load = async (): Promise<void> => {
  for (const { id, name } of plugins) {
    const classId = plan.classes[name] ?? [];
    const paths = { statePath: '', earlierStatePath: '' };
    core.plugins.loadPlugin({
      id,
      classId: [...classId],
      group: name,
      bundle: plan.bundle,
      ...paths,
    });
  }
  if (!(await until(() => plugins.every(({ isLoaded }) => isLoaded))))
    throw new Error('not loaded');
};
