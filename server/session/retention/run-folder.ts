/**
 * Removes the folder of an ended run of which no sound is left: what a recording leaves there, by its
 * names, and the folder when it is empty then. Somebody else's files are not looked for and not touched.
 */
import { existsSync, lstatSync, readdirSync, realpathSync, rmdirSync, unlinkSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { SECOND } from '../../segment-names.ts';
import { isSecondAway, namesOfRun } from '../runs/spool-files.ts';

const isSound = (name: string): boolean => name.endsWith('.wav') || name.endsWith('.orphan');

/** Of a recording: its index, what went of it on purpose, checksums, and a probe that was cut off. */
const OURS = /^(?:(?:index|forgotten)\.jsonl|seg-\d{12,}(?:-[1-9]\d*)?\.crc(?:\.tmp)?|probe\.tmp)$/;

/** Who cannot look does not know what is there. */
const canList = (folder: string): boolean => {
  try {
    readdirSync(folder);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ENOENT';
  }
};

/** Both folders of a run: what is there belongs to what is here, link, index and what is known of damage. */
export const canListBoth = (folder: string): boolean =>
  !isSecondAway(dirname(folder), basename(folder)) && [folder, join(folder, SECOND)].every(canList);

const removeOurs = (folder: string): void => {
  for (const name of readdirSync(folder)) if (OURS.test(name)) unlinkSync(join(folder, name));
  if (readdirSync(folder).length === 0) rmdirSync(folder);
};

/** A link may have been set anew, to a folder that is not the run's: then it is all that goes. */
const removeSecond = (link: string, runId: string): void => {
  if (!lstatSync(link, { throwIfNoEntry: false })?.isSymbolicLink()) return;
  const target = realpathSync(link);
  if (basename(target) === runId) removeOurs(target);
  unlinkSync(link);
};

/** @param folder Of a run; both of its folders can be listed. */
export const removeIfEmpty = (folder: string, openRunId: string): void => {
  const runId = basename(folder);
  if (runId === openRunId || namesOfRun(folder).some(isSound) || !existsSync(folder)) return;
  removeSecond(join(folder, SECOND), runId);
  removeOurs(folder);
};
