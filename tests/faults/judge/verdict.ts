/**
 * The judge of a data folder after a fault: what was called saved must be there, bit for bit.
 *
 *   bun tests/faults/judge/verdict.ts DATA-FOLDER ACKS.jsonl
 *
 * Reads files only, and imports nothing of the product.
 */
import { type Claim, readAcks, savedTakes } from './acks.ts';
import { findSound, isFileWhole } from './audio.ts';
import { type Code, STEREO } from './coded.ts';
import { readStored, type Stored } from './stored.ts';

export interface Verdict {
  /** Takes that were called saved. */
  readonly acks: number;
  /** Of these: not there, or not what was played; one sentence each. */
  readonly lost: string[];
  /** Everything else that must not be. */
  readonly faults: string[];
  /** Takes whose sound was found in the spool alone: they had no file yet. */
  readonly inSpoolOnly: ReadonlySet<string>;
  readonly stored: Stored;
}

const whyLost = (stored: Stored, ack: Claim): string | null => {
  const take = stored.takes.get(ack.takeId);
  if (!take) return 'no row';
  if (!stored.played.has(ack.takeId)) return 'in no riff';
  const { fromFrame = take.fromFrame, toFrame = take.toFrame } = ack;
  if (take.fromFrame !== fromFrame || take.toFrame !== toFrame) {
    return `row says ${take.fromFrame}…${take.toFrame}, the capture ${fromFrame}…${toFrame}`;
  }
  return null;
};

/** Files that the database names are there: it was told of them after the last of the four calls. */
const fileFaults = (dataFolder: string, stored: Stored): string[] =>
  stored.files
    .filter((file) => !isFileWhole(dataFolder, file))
    .map(({ part, sha256 }) => `the ${part} file ${sha256.slice(0, 8)} is named and not there`);

export const judgeFolder = (
  dataFolder: string,
  saved: readonly Claim[],
  code: Code = STEREO,
): Verdict => {
  const stored = readStored(dataFolder);
  const lost: string[] = [];
  const inSpoolOnly = new Set<string>();
  for (const ack of saved) {
    const why = whyLost(stored, ack);
    const take = stored.takes.get(ack.takeId);
    const place = why === null && take ? findSound(dataFolder, stored, take, code) : null;
    if (place === null) lost.push(`${ack.takeId}: ${why ?? 'no sound, or not what was played'}`);
    else if (place === 'spool') inSpoolOnly.add(ack.takeId);
  }
  return {
    acks: saved.length,
    lost,
    faults: [...stored.faults, ...fileFaults(dataFolder, stored)],
    inSpoolOnly,
    stored,
  };
};

if (import.meta.main) {
  const [dataFolder = '', acksPath = ''] = process.argv.slice(2);
  const { stored: _, ...verdict } = judgeFolder(dataFolder, savedTakes(readAcks(acksPath)));
  process.stdout.write(`${JSON.stringify(verdict, null, 2)}\n`);
  process.exitCode = verdict.lost.length + verdict.faults.length > 0 ? 1 : 0;
}
