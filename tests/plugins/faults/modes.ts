/** What becomes of each class of the misbehaving plug-in in the running product, on either path. */
import type { PluginStatus } from '../../../protocol/state.ts';

/**
 * on: heard, its process never ended; restarted: heard again from another process; off: given up after
 * three retries; slow: dry until it is tried again; quarantined: heard from a process of its own;
 * refused: it never came into a chain.
 */
export type Outcome = 'on' | 'restarted' | 'off' | 'slow' | 'quarantined' | 'refused' | 'dry';

/** The input's chain is live; a slot's is played ahead. */
export const PATHS = ['input', 'slot'] as const;
export type Path = (typeof PATHS)[number];

export interface Mode {
  /** Of a class of the fixture. */
  readonly name: string;
  /** What the row is called, where that is not its class. */
  readonly title?: string;
  /** One of these, and the codes that the player must be told then. */
  readonly outcomes: Readonly<Partial<Record<Outcome, readonly number[]>>>;
  /** A dry moment must follow the fault (true), must not (false), or may. */
  readonly isBypassed: boolean | null;
  /** Ms from the first dry frame to the last one; of the live path. */
  readonly dryMsMax?: number;
  readonly dryMsMin?: number;
  /** Nobody begins a fault: it has none, or begins it by itself. */
  readonly isUntouched?: boolean;
  /** It is not yet heard when it is loaded: its state takes so long. */
  readonly settleMs?: number;
  /** Gains that it turns to by itself, or is left with. */
  readonly otherGains?: readonly number[];
  /** Its own latency in frames, before and after. */
  readonly latencies?: readonly number[];
  /** It is started anew with a longer delay, which is empty first: so many frames are nothing known. */
  readonly strayFramesMax?: number;
  /** Its sound is not that of a gain: what is heard is judged as finite and no more. */
  readonly isOtherSound?: boolean;
  /** Its process gets this in place of a fault of its own. */
  readonly signal?: 'SIGKILL' | 'SIGSTOP';
  /** A fault is begun this often. */
  readonly times?: number;
  /** A plug-in of the same maker is on the other path, and must be well in the end. */
  readonly hasMate?: boolean;
}

/** As the player sets it; what would be heard of a lost one is another. */
export const SET_GAIN = 0.75;
/** Statuses that end the wait for an outcome. */
export const FINAL: readonly PluginStatus[] = ['on', 'off', 'slow', 'dry'];

const CRASH = 3001;
const TIMEOUT = 3002;
const SLOW = 3003;
const MEMORY = 3004;
const LOAD = 3005;
const STATE = 3006;
const OFF = 3007;
const QUARANTINED = 3008;

/** Crash to wet again for what loads quickly, on a machine that is busy. */
const RESTART_MS_MAX = 250;
const HANG_MS_MIN = 950;
const HANG_MS_MAX = 1600;

const crashed = { outcomes: { restarted: [CRASH] }, isBypassed: true } as const;
const hung = {
  outcomes: { restarted: [TIMEOUT] },
  isBypassed: true,
  dryMsMin: HANG_MS_MIN,
  dryMsMax: HANG_MS_MAX,
} as const;
const well = { outcomes: { on: [] }, isBypassed: null } as const;
const slow = { outcomes: { slow: [SLOW] }, isBypassed: true } as const;

export const MODES: readonly Mode[] = [
  { name: 'Well', ...well, isUntouched: true },
  { name: 'Tone', ...crashed, isBypassed: null, isOtherSound: true },
  { name: 'Crash', ...crashed, dryMsMax: RESTART_MS_MAX },
  { name: 'Abort', ...crashed, dryMsMax: RESTART_MS_MAX },
  { name: 'Exit', ...crashed, dryMsMax: RESTART_MS_MAX },
  {
    name: 'Crash At Start',
    outcomes: { off: [OFF] },
    isBypassed: null,
    isUntouched: true,
    isOtherSound: true,
  },
  {
    name: 'Crash On Create',
    outcomes: { refused: [LOAD] },
    isBypassed: null,
    isUntouched: true,
  },
  { name: 'Crash On State', outcomes: { restarted: [CRASH, STATE] }, isBypassed: true },
  { name: 'Hang', ...hung },
  { name: 'Deadlock', ...hung },
  { name: 'Hang On State', outcomes: { restarted: [TIMEOUT] }, isBypassed: null },
  { name: 'Stall', ...well, isBypassed: true, dryMsMin: 250, dryMsMax: 600 },
  { name: 'Slow', ...slow },
  { name: 'Slow Load', ...well, isUntouched: true },
  // A machine that is too slow to give it that much memory in time finds it slow before it is too large.
  { name: 'Leak', outcomes: { restarted: [MEMORY], slow: [SLOW] }, isBypassed: true },
  { name: 'Not A Number', ...slow },
  { name: 'Loud', ...slow },
  { name: 'Denormals', ...well, isOtherSound: true },
  { name: 'Latency', ...well, latencies: [256, 1024] },
  { name: 'Moves', ...well, otherGains: [0.25] },
  { name: 'Mono', ...well, isUntouched: true, isOtherSound: true },
  { name: 'Many Parameters', ...well, isUntouched: true },
  // While 64 MB of state are told a busy machine may find it slow.
  {
    name: 'Big State',
    ...well,
    outcomes: { on: [], slow: [SLOW] },
    isUntouched: true,
    settleMs: 4000,
  },
  { name: 'Fork', ...crashed, dryMsMax: RESTART_MS_MAX },
  { name: 'Close', ...crashed },
  { name: 'Float Control', ...well },
  { name: 'Signal Handlers', ...hung },
  { name: 'Low Priority', ...well, outcomes: { on: [], dry: [], slow: [SLOW] } },
  // All that it can reach is made anew with each block: a host that still stands plays on.
  { name: 'Scribble', outcomes: { on: [], restarted: [] }, isBypassed: true },
  { name: 'Busses', ...well, latencies: [256, 1024], strayFramesMax: 2048 },
  { name: 'Reload', ...well },
  { name: 'Turns', ...well, otherGains: [0.25] },
  { name: 'Eat', ...crashed },
  // What it falls of is given up with the second process that it ends.
  { name: 'Poison', outcomes: { restarted: [CRASH, STATE] }, isBypassed: true },
  {
    name: 'Well',
    title: 'SIGKILL of its process',
    ...crashed,
    signal: 'SIGKILL',
    dryMsMax: RESTART_MS_MAX,
  },
  { name: 'Well', title: 'SIGSTOP of its process', ...hung, signal: 'SIGSTOP' },
  {
    name: 'Crash',
    title: 'Crash twice beside a mate',
    outcomes: { quarantined: [CRASH, QUARANTINED] },
    isBypassed: true,
    times: 2,
    hasMate: true,
  },
];

export const titleOf = ({ name, title }: Mode): string => title ?? name;
