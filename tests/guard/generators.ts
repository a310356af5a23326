/**
 * One generator per command of the protocol and per kind of record the core takes: the guard drives
 * the engine with all of them. The types refuse a missing one, and so does the test.
 */
import { COMMAND_FLAGS, COMMAND_KIND, type CommandKind } from '../../protocol/abi.ts';
import type { CommandName, CommandOf, SessionCommandName } from '../../protocol/commands.ts';
import { LIMITS, LOOP_BARS } from '../../protocol/limits.ts';
import type { AppState } from '../../protocol/state.ts';
import type { CommandRecord } from '../../server/engine/flow-core.generated.ts';

/** A seeded stream of numbers 0 ≤ x < 1. */
export class Dice {
  #state: number;

  constructor(seed: number) {
    this.#state = seed | 1;
  }

  next(): number {
    this.#state ^= this.#state << 13;
    this.#state ^= this.#state >>> 17;
    this.#state ^= this.#state << 5;
    return (this.#state >>> 0) / 2 ** 32;
  }

  below(count: number): number {
    return Math.floor(this.next() * count);
  }

  between(low: number, high: number): number {
    return low + this.next() * (high - low);
  }

  coin(): boolean {
    return this.next() < 0.5;
  }

  of<T>(choices: readonly T[]): T {
    const choice = choices[this.below(choices.length)];
    if (choice === undefined) throw new RangeError('nothing to choose from');
    return choice;
  }
}

type SessionGenerators = {
  [N in SessionCommandName]: (dice: Dice, state: AppState) => CommandOf<N>;
};

const slot = (dice: Dice, state: AppState) => dice.below(state.slots.length);
/** One that is loaded, or none at all. */
const instance = (dice: Dice, state: AppState): string =>
  dice.of([...Object.keys(state.plugins), '00000000-0000-4000-8000-000000000000']);

export const SESSION_GENERATORS: SessionGenerators = {
  TRIGGER_SLOT: (dice, state) => ({
    cmd: 'TRIGGER_SLOT',
    slot: dice.next() < 0.2 ? 'auto' : slot(dice, state),
    quantized: dice.coin(),
    bars: dice.of(LOOP_BARS.slice(0, 3)),
    mode: dice.next() < 0.3 ? 'overdub' : 'replace',
  }),
  SET_VOL: (dice, state) => ({ cmd: 'SET_VOL', slot: slot(dice, state), val: dice.next() }),
  SET_PAN: (dice, state) => ({
    cmd: 'SET_PAN',
    slot: slot(dice, state),
    val: dice.between(-1, 1),
  }),
  MUTE_SLOT: (dice, state) => ({
    cmd: 'MUTE_SLOT',
    slot: slot(dice, state),
    muted: dice.next() < 0.3,
    quantized: dice.coin(),
  }),
  SOLO_SLOT: (dice, state) => ({
    cmd: 'SOLO_SLOT',
    slot: slot(dice, state),
    soloed: dice.next() < 0.2,
    quantized: dice.coin(),
  }),
  RENAME_SLOT: (dice, state) => ({ cmd: 'RENAME_SLOT', slot: slot(dice, state), name: 'Bass' }),
  CLEAR_SLOT: (dice, state) => ({ cmd: 'CLEAR_SLOT', slot: slot(dice, state) }),
  MERGE_SLOTS: (dice, state) => ({
    cmd: 'MERGE_SLOTS',
    from: [...new Set([slot(dice, state), slot(dice, state)])],
    to: slot(dice, state),
  }),
  ADJUST_LOOP: (dice, state) => ({
    cmd: 'ADJUST_LOOP',
    slot: slot(dice, state),
    ...dice.of([{ bars: 1 }, { bars: 3 }, { shiftBeats: -0.5 }, { rotateBeats: 1.5 }]),
  }),
  REACH_BACK: (dice, state) => ({
    cmd: 'REACH_BACK',
    slot: slot(dice, state),
    fromBar: dice.below(16),
    bars: dice.of(LOOP_BARS.slice(0, 2)),
  }),
  RESTORE_TAKE: (dice, state) => ({
    cmd: 'RESTORE_TAKE',
    slot: slot(dice, state),
    takeId: dice.of(state.slots).takeId ?? '00000000-0000-4000-8000-000000000000',
    which: dice.of(['wet', 'dry'] as const),
  }),
  SET_TAIL: (dice, state) => ({ cmd: 'SET_TAIL', slot: slot(dice, state), on: dice.coin() }),
  SET_TEMPO_MODE: (dice, state) => ({
    cmd: 'SET_TEMPO_MODE',
    slot: slot(dice, state),
    mode: dice.of(['repitch', 'stretch', 'free'] as const),
  }),
  SET_TEMPO: (dice) => ({ cmd: 'SET_TEMPO', bpm: dice.between(LIMITS.bpmMax / 2, LIMITS.bpmMax) }),
  SET_METER: (dice) => ({ cmd: 'SET_METER', beats: 2 + dice.below(4), unit: 4 }),
  ALIGN_GRID: () => ({ cmd: 'ALIGN_GRID' }),
  TAP_TEMPO: () => ({ cmd: 'TAP_TEMPO' }),
  CALIBRATE_LATENCY: () => ({ cmd: 'CALIBRATE_LATENCY' }),
  SET_LATENCY_TRIM: (dice) => ({
    cmd: 'SET_LATENCY_TRIM',
    trimMs: dice.between(-LIMITS.latencyTrimMsMax, LIMITS.latencyTrimMsMax),
  }),
  SET_METRONOME: (dice) => ({
    cmd: 'SET_METRONOME',
    on: dice.coin(),
    gainDb: dice.between(-30, 0),
  }),
  SET_LOOP_BARS: (dice) => ({ cmd: 'SET_LOOP_BARS', bars: dice.of(LOOP_BARS) }),
  SET_INPUT: (dice) => ({
    cmd: 'SET_INPUT',
    source: 0,
    gainDb: dice.between(-20, 6),
    monitor: dice.coin(),
  }),
  PLAY: () => ({ cmd: 'PLAY' }),
  PAUSE: () => ({ cmd: 'PAUSE' }),
  UNDO: () => ({ cmd: 'UNDO', scope: 'SESSION' }),
  REDO: () => ({ cmd: 'REDO', scope: 'SESSION' }),
  RECALL_RIFF: (dice, state) => ({
    cmd: 'RECALL_RIFF',
    riffId: dice.of(state.history.newest).id,
    when: dice.coin() ? 'now' : 'bar',
  }),
  SET_MARK: (dice, state) => ({
    cmd: 'SET_MARK',
    riffId: dice.of(state.history.newest).id,
    label: dice.of([null, '', 'Chorus']),
  }),
  PANIC: (dice) => ({ cmd: 'PANIC', scope: dice.coin() ? 'ALL' : 'ENGINE' }),
  EXPORT: (dice, state) => ({
    cmd: 'EXPORT',
    what: dice.coin() ? { riffId: dice.of(state.history.newest).id } : { bars: 1 },
    format: dice.of(['wav32f', 'wav24', 'flac'] as const),
    stems: dice.coin(),
  }),
  LOAD_VST: (dice, state) => ({
    cmd: 'LOAD_VST',
    slot: dice.coin() ? 'input' : slot(dice, state),
    pluginId: `vst3:${'0'.repeat(32)}`,
  }),
  UNLOAD_PLUGIN: (dice, state) => ({ cmd: 'UNLOAD_PLUGIN', instanceId: instance(dice, state) }),
  MOVE_PLUGIN: (dice, state) => ({
    cmd: 'MOVE_PLUGIN',
    instanceId: instance(dice, state),
    slot: dice.coin() ? 'input' : slot(dice, state),
    index: dice.below(LIMITS.chainPluginsMax),
  }),
  BYPASS_PLUGIN: (dice, state) => ({
    cmd: 'BYPASS_PLUGIN',
    instanceId: instance(dice, state),
    bypassed: dice.coin(),
  }),
  SET_PARAM: (dice, state) => ({
    cmd: 'SET_PARAM',
    instanceId: instance(dice, state),
    paramId: dice.below(8),
    val: dice.next(),
  }),
  WATCH_PARAMS: (dice, state) => ({
    cmd: 'WATCH_PARAMS',
    instanceId: dice.coin() ? null : instance(dice, state),
  }),
  RETRY_PLUGIN: (dice, state) => ({ cmd: 'RETRY_PLUGIN', instanceId: instance(dice, state) }),
  NOTE: (dice, state) => ({
    cmd: 'NOTE',
    instanceId: instance(dice, state),
    note: dice.below(128),
    velocity: dice.next(),
    on: dice.coin(),
  }),
  RESCAN_PLUGINS: () => ({ cmd: 'RESCAN_PLUGINS' }),
  CANCEL_JOB: (dice, state) => ({
    cmd: 'CANCEL_JOB',
    jobId: dice.of([...Object.keys(state.jobs), state.history.head]),
  }),
  NEW_SESSION: () => ({ cmd: 'NEW_SESSION' }),
  // The one that is open: of others the state knows nothing.
  LEAVE_SAFE_MODE: () => ({ cmd: 'LEAVE_SAFE_MODE' }),
  OPEN_SESSION: (_, state) => ({ cmd: 'OPEN_SESSION', sessionId: state.meta.sessionId }),
  REMOVE_SESSION: (_, state) => ({
    cmd: 'REMOVE_SESSION',
    sessionId: state.meta.sessionId,
    riffs: state.history.count,
  }),
  RESTORE_SESSION: (_, state) => ({ cmd: 'RESTORE_SESSION', sessionId: state.meta.sessionId }),
  RENAME_SESSION: () => ({ cmd: 'RENAME_SESSION', name: 'Guarded' }),
};

/** Commands about a connection: what reaches the engine of them, if anything does. */
export const CLIENT_GENERATORS: {
  [N in Exclude<CommandName, SessionCommandName>]:
    | 'ping'
    | 'client'
    | 'resync'
    | 'listen'
    | 'gateway';
} = {
  HELLO: 'client',
  GET_FULL_STATE: 'resync',
  GET_METRICS_HISTORY: 'gateway',
  REPORT_FAULT: 'gateway',
  PING: 'ping',
  SET_VIS: 'gateway',
  LISTEN: 'listen',
  ACK: 'gateway',
  PAIR_START: 'gateway',
  FORGET_CLIENT: 'gateway',
};

/** A slot and the take it plays, as words. */
export interface Playing {
  readonly slot: number;
  readonly id: readonly number[];
}

const ALL_FLAGS = Object.values(COMMAND_FLAGS).reduce((all, flag) => all | flag, 0);

/** A record with values inside and outside its bounds: refusing must be as bounded as doing. */
export const makeRecord = (
  kind: CommandKind,
  dice: Dice,
  playing: readonly Playing[],
): Partial<CommandRecord> => {
  // A swap has an effect only where it names what plays.
  if (kind === 'slotSwap' && playing.length > 0 && dice.coin()) {
    const { id, slot: at } = dice.of(playing);
    return { kind: COMMAND_KIND[kind], slot: at, id, other: id, b: 4 };
  }
  // Chains that nobody made are refused at the door.
  if (kind === 'chainSet' && dice.coin()) {
    const place = dice.coin() ? { slot: dice.below(8) } : { flags: COMMAND_FLAGS.input };
    return { kind: COMMAND_KIND[kind], ...place, id: [0, 0, 0, 0] };
  }
  return {
    kind: COMMAND_KIND[kind],
    slot: dice.below(10),
    flags: dice.below(ALL_FLAGS + 1),
    a: dice.of([0, 0.5, 1, 2, 4, 120, -1, Number.NaN, 1e300]),
    b: dice.of([0, 4, 8, -3]),
    c: dice.of([0, 100, -100]),
    d: dice.of([0, 0.95, 1, 2]),
    id: [dice.below(2 ** 31), dice.below(2 ** 31), 3, 4],
    other: [dice.below(2 ** 31), 2, 3, 4],
  };
};
