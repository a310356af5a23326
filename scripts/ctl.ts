/**
 * FlowZone from the command line: `bun run ctl state`, `trigger 3`, `undo`, `watch`, `export`.
 *
 * Exit 0 = done, 1 = FlowZone refused, 2 = it was asked wrongly, 3 = nothing runs.
 */
import { errorByCode } from '../protocol/errors.ts';
import { LineLostError, NothingRunsError, RefusedError } from './client/errors.ts';
import { addressOf } from './ctl/address.ts';
import { readArguments, USAGE, UsageError } from './ctl/arguments.ts';
import { VERBS } from './ctl/verbs.ts';

const EXIT = { done: 0, refused: 1, usage: 2, nothingRuns: 3 } as const;

const say = (text: string): void => void process.stderr.write(`ctl: ${text}\n`);
const print = (text: string): void => void process.stdout.write(`${text}\n`);

const refusedText = ({ code, message }: RefusedError): string => {
  const row = errorByCode(code)?.row;
  return row ? `${message} ${row.safe} ${row.action} (${code})` : `${message} (${code})`;
};

/** In the player's words; null = nobody expected it. */
const explain = (error: unknown): { exit: number; says: string } | null => {
  if (error instanceof UsageError) {
    return { exit: EXIT.usage, says: `${error.message} Nothing was done.\n${USAGE}` };
  }
  if (error instanceof NothingRunsError) {
    const help = 'Start it with `bun run start`, or say where it runs with --url or --data.';
    return { exit: EXIT.nothingRuns, says: `${error.message} Nothing was changed. ${help}` };
  }
  if (error instanceof RefusedError) return { exit: EXIT.refused, says: refusedText(error) };
  if (error instanceof LineLostError) {
    const says =
      'FlowZone went away before it answered. Your loops are safe. Look with `ctl state`.';
    return { exit: EXIT.nothingRuns, says };
  }
  return null;
};

const main = async (): Promise<number> => {
  try {
    const given = readArguments(process.argv.slice(2));
    if (given.help) {
      print(USAGE);
      return EXIT.done;
    }
    const verb = Object.hasOwn(VERBS, given.verb) ? VERBS[given.verb] : undefined;
    if (verb === undefined) {
      throw new UsageError(
        given.verb === '' ? 'What shall be done?' : `${given.verb} is no command.`,
      );
    }
    await verb(given, { url: addressOf(given), print });
    return EXIT.done;
  } catch (error) {
    const known = explain(error);
    if (known === null) throw error;
    say(known.says);
    return known.exit;
  }
};

process.exit(await main());
