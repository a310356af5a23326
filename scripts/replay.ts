/**
 * Repeats the log of a run, as `--log` wrote it, and says whether the same master comes out.
 *
 * Exit 0 = equal bit for bit, 1 = different, 2 = it was asked wrongly or the log cannot be repeated.
 */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { errorByCode } from '../protocol/errors.ts';
import { LIMITS } from '../protocol/limits.ts';
import { FlowCoreError } from '../server/engine/core-library.ts';
import { FlowCore, type ReplayReport } from '../server/engine/flow-core.ts';
import { libraryPath } from '../server/engine/library-path.ts';

const EXIT = { equal: 0, different: 1, unusable: 2 } as const;

const USAGE = `bun run replay -- LOG [options]
  LOG               folder of one run, as --log wrote it, or the log.jsonl in it
  --block FRAMES    ${LIMITS.blockFramesDefault}, up to ${LIMITS.blockFramesMax}
  --output FILE.wav receives the master
  --sha             prints the SHA-256 of the master and nothing else`;

const readArguments = () => {
  try {
    const { positionals, values } = parseArgs({
      allowPositionals: true,
      options: {
        block: { type: 'string', default: String(LIMITS.blockFramesDefault) },
        output: { type: 'string' },
        sha: { type: 'boolean', default: false },
      },
    });
    const [log] = positionals;
    const blockFrames = Number(values.block);
    const isBlock = blockFrames >= 1 && blockFrames <= LIMITS.blockFramesMax;
    if (log === undefined || positionals.length > 1) return 'One log is needed.';
    if (!Number.isInteger(blockFrames) || !isBlock) return 'That is no block size.';
    return { ...values, log: resolve(log), blockFrames };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
};

const say = (text: string): void => void process.stderr.write(`replay: ${text}\n`);

const shaOf = ({ sha }: ReplayReport): string =>
  sha.map((word) => word.toString(16).padStart(8, '0')).join('');

const sentence = (report: ReplayReport): string => {
  const { differentSecond, frames, groups, isEqual, isWhole, secondsCompared } = report;
  const size = `${frames} frames, ${groups} groups of commands, ${secondsCompared} whole seconds`;
  const end = isWhole ? '' : '; the run did not end in order, its last second is not compared';
  return isEqual ? `equal: ${size}${end}` : `different from second ${differentSecond} on: ${size}`;
};

const main = (): number => {
  const given = readArguments();
  if (typeof given === 'string') {
    say(`${given}\n${USAGE}`);
    return EXIT.unusable;
  }
  try {
    const report = FlowCore.replay(libraryPath(), {
      blockFrames: given.blockFrames,
      logPath: given.log,
      outputPath: given.output === undefined ? '' : resolve(given.output),
    });
    process.stdout.write(given.sha ? `${shaOf(report)}\n` : `${sentence(report)}\n`);
    if (!given.sha) process.stdout.write(`sha256 ${shaOf(report)}\n`);
    return report.isEqual ? EXIT.equal : EXIT.different;
  } catch (error) {
    if (!(error instanceof FlowCoreError)) throw error;
    const action = errorByCode(error.code)?.row.action ?? '';
    say(`${error.message} ${action} (${error.code})`);
    return EXIT.unusable;
  }
};

process.exit(main());
