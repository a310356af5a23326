/** The command line of `bun run ctl`. Slots are numbered as people do, from 1. */
import { parseArgs } from 'node:util';
import { LIMITS, LOOP_BARS, type LoopBars } from '../../protocol/limits.ts';

export const USAGE = `bun run ctl COMMAND [options]
  state             what plays; --json all of it
  trigger N|auto    the last bars into slot N; --bars 1|2|4|8|16, --free ends it now, --overdub
  mute N, unmute N  a slot
  undo, redo        one step
  play, pause       the transport
  watch             every change, until you stop it; --json as it comes
  export            what sounds, as files; --bars N of what was played, --format wav32f|wav24|flac, --stems
  health            whether there is sound, and what is wrong
  metrics           how the last ten minutes went; --json all of it
  bundle            one file for whoever shall help, without sound; --to FILE
  send JSON         any command of /api/protocol
options
  --url URL         http://127.0.0.1:4800, or where FlowZone says that it runs
  --data DIR        the data folder that says so`;

/** One sentence; nothing was done. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

const OPTIONS = {
  url: { type: 'string' },
  data: { type: 'string' },
  json: { type: 'boolean', default: false },
  bars: { type: 'string' },
  free: { type: 'boolean', default: false },
  overdub: { type: 'boolean', default: false },
  to: { type: 'string' },
  format: { type: 'string', default: 'wav32f' },
  stems: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

export const readArguments = (argv: readonly string[]) => {
  try {
    const { positionals, values } = parseArgs({
      args: [...argv],
      options: OPTIONS,
      allowPositionals: true,
    });
    const [verb = '', ...rest] = positionals;
    return { ...values, verb, rest };
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
};

export type Given = ReturnType<typeof readArguments>;

const one = ({ rest, verb }: Given, what: string): string => {
  const [first] = rest;
  if (first === undefined || rest.length > 1) throw new UsageError(`${verb} needs ${what}.`);
  return first;
};

const whole = (text: string, min: number, max: number): number | null => {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  return value >= min && value <= max ? value : null;
};

/** On the wire from 0. */
export const slotOf = (given: Given): number => {
  const slot = whole(one(given, 'the number of a slot'), 1, LIMITS.slotCountMax);
  if (slot === null) throw new UsageError(`${given.rest[0]} is no slot: they are numbered from 1.`);
  return slot - 1;
};

export const slotOrAuto = (given: Given): number | 'auto' =>
  given.rest[0] === 'auto' && given.rest.length === 1 ? 'auto' : slotOf(given);

export const barsOf = ({ bars }: Given): LoopBars | undefined => {
  if (bars === undefined) return undefined;
  const found = LOOP_BARS.find((each) => String(each) === bars);
  if (found === undefined) throw new UsageError(`--bars takes one of ${LOOP_BARS.join(', ')}.`);
  return found;
};

export const pastBarsOf = ({ bars }: Given): number | undefined => {
  if (bars === undefined) return undefined;
  const found = whole(bars, 1, LIMITS.exportPastBarsMax);
  if (found === null) throw new UsageError(`--bars takes 1 to ${LIMITS.exportPastBarsMax}.`);
  return found;
};

const FORMATS = ['wav32f', 'wav24', 'flac'] as const;

export const formatOf = ({ format }: Given): (typeof FORMATS)[number] => {
  const found = FORMATS.find((each) => each === format);
  if (found === undefined) throw new UsageError(`--format takes one of ${FORMATS.join(', ')}.`);
  return found;
};

export const commandOf = (given: Given): { cmd: string } => {
  const text = one(given, 'a command as JSON');
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && 'cmd' in value) {
      return value as { cmd: string };
    }
  } catch {
    // Told with the others.
  }
  throw new UsageError('send needs a JSON object with a cmd, such as {"cmd":"PLAY"}.');
};
