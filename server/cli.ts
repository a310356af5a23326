/** The command line of the launcher. */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { LIMITS } from '../protocol/limits.ts';
import type { DeviceName } from './config.ts';

export interface CliOptions {
  readonly port: number;
  readonly isLan: boolean;
  readonly dataFolder: string | null;
  readonly secondFolder: string | null;
  readonly device: DeviceName;
  readonly inputDevice: string | null;
  readonly outputDevice: string | null;
  readonly rateHz: number;
  readonly blockFrames: number;
  readonly slotCount: number;
  readonly bpm: number | null;
  readonly inputPath: string | null;
  readonly outputPath: string | null;
  readonly logFolder: string | null;
  readonly isBrowserOpened: boolean;
  readonly isSafe: boolean;
  readonly dev: boolean;
}

/** One sentence for the player; nothing was started. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export const USAGE = `bun run start -- [options]
  --port N          4800; 0 = any free port
  --lan             phones and tablets of this network can be paired
  --data DIR        where sessions and audio are kept
  --second DIR      on another disk: the recording goes on there when DIR fails
  --device NAME     auto, coreaudio, jack or headless
  --input-device NAME   of CoreAudio: what is heard, by name or UID
  --output-device NAME  of CoreAudio: what plays
  --rate HZ         ${LIMITS.rateHzDefault}
  --block FRAMES    ${LIMITS.blockFramesDefault}
  --input FILE.wav  played in a loop as the input (headless)
  --output FILE.wav receives what is heard (headless)
  --log DIR         receives a log of each run that can be replayed
  --slots N         ${LIMITS.slotCountDefault}, up to ${LIMITS.slotCountMax}
  --bpm N           tempo of a new session, ${LIMITS.bpmDefault}
  --safe            without plug-ins
  --no-open         do not open the page
  --dev             for working on FlowZone itself`;

const OPTIONS = {
  port: { type: 'string', default: '4800' },
  lan: { type: 'boolean', default: false },
  data: { type: 'string' },
  second: { type: 'string' },
  device: { type: 'string', default: 'auto' },
  'input-device': { type: 'string' },
  'output-device': { type: 'string' },
  rate: { type: 'string', default: String(LIMITS.rateHzDefault) },
  block: { type: 'string', default: String(LIMITS.blockFramesDefault) },
  input: { type: 'string' },
  output: { type: 'string' },
  log: { type: 'string' },
  slots: { type: 'string', default: String(LIMITS.slotCountDefault) },
  bpm: { type: 'string' },
  open: { type: 'boolean', default: true },
  safe: { type: 'boolean', default: false },
  dev: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

const DEVICES: readonly DeviceName[] = ['auto', 'coreaudio', 'jack', 'headless'];
const PORT_MAX = 65_535;

const parse = (argv: readonly string[]) => {
  try {
    return parseArgs({ args: [...argv], options: OPTIONS, allowNegative: true, strict: true })
      .values;
  } catch (error) {
    const says = error instanceof Error ? error.message.split('\n')[0] : String(error);
    throw new UsageError(`${says?.replace(/\.?$/, '.')}`);
  }
};

interface Range {
  readonly from: number;
  readonly to: number;
  readonly isWhole: boolean;
}

const numberOf = (name: string, text: string, { from, isWhole, to }: Range): number => {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (value >= from && value <= to && (!isWhole || Number.isInteger(value))) return value;
  const kind = isWhole ? 'a whole number' : 'a number';
  throw new UsageError(`--${name} takes ${kind} from ${from} to ${to}, not "${text}".`);
};

const deviceOf = (text: string): DeviceName => {
  const device = DEVICES.find((name) => name === text);
  if (device) return device;
  throw new UsageError(`--device takes one of ${DEVICES.join(', ')}, not "${text}".`);
};

/** Null for --help. Throws UsageError. */
export const parseCli = (argv: readonly string[]): CliOptions | null => {
  const given = parse(argv);
  if (given.help) return null;
  const device = deviceOf(given.device);
  const hasFiles = given.input !== undefined || given.output !== undefined;
  if (hasFiles && (device === 'jack' || device === 'coreaudio')) {
    throw new UsageError('--input and --output need --device headless.');
  }
  const inputDevice = given['input-device'] ?? null;
  const outputDevice = given['output-device'] ?? null;
  const isNamed = inputDevice !== null || outputDevice !== null;
  if (isNamed && (device === 'jack' || device === 'headless')) {
    throw new UsageError('--input-device and --output-device need --device coreaudio.');
  }
  const whole = (name: 'port' | 'rate' | 'block' | 'slots', from: number, to: number) =>
    numberOf(name, given[name], { from, to, isWhole: true });
  const bpmRange = { from: LIMITS.bpmMin, to: LIMITS.bpmMax, isWhole: false };
  return {
    port: whole('port', 0, PORT_MAX),
    isLan: given.lan,
    dataFolder: given.data === undefined ? null : resolve(given.data),
    secondFolder: given.second === undefined ? null : resolve(given.second),
    device,
    inputDevice,
    outputDevice,
    rateHz: whole('rate', LIMITS.rateHzMin, LIMITS.rateHzMax),
    blockFrames: whole('block', LIMITS.blockFramesMin, LIMITS.blockFramesMax),
    slotCount: whole('slots', LIMITS.slotCountMin, LIMITS.slotCountMax),
    bpm: given.bpm === undefined ? null : numberOf('bpm', given.bpm, bpmRange),
    inputPath: given.input === undefined ? null : resolve(given.input),
    outputPath: given.output === undefined ? null : resolve(given.output),
    logFolder: given.log === undefined ? null : resolve(given.log),
    isBrowserOpened: given.open && !given.dev,
    isSafe: given.safe,
    dev: given.dev,
  };
};
