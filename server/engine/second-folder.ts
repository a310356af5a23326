/** The second folder of a run's recording, and the link by which its readers find it. */
import { readlinkSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { FlowZoneConfig } from '../config.ts';
import { SECOND } from '../segment-names.ts';
import { makeFolderSynced, syncPath } from '../synced-files.ts';

const targetOf = (link: string): string | null => {
  try {
    return readlinkSync(link);
  } catch {
    return null;
  }
};

/**
 * Where the run goes on when the data folder takes nothing; empty = nowhere. A run that is adopted keeps
 * the place that it has: sound of it may lie there. Folders and link survive a power cut, as what is written
 * there shall.
 */
export const secondSpoolOf = (
  { dataFolder, secondFolder }: Pick<FlowZoneConfig, 'dataFolder' | 'secondFolder'>,
  runId: string,
  sync = syncPath,
): string => {
  const link = join(dataFolder, 'spool', runId, SECOND);
  const known = targetOf(link);
  if (known !== null || secondFolder === null) return known ?? '';
  const target = join(secondFolder, 'spool', runId);
  try {
    makeFolderSynced(target, sync);
    makeFolderSynced(dirname(link), sync);
    symlinkSync(target, link);
    sync(dirname(link));
    return target;
  } catch {
    // Without the link nobody would find what lies there.
    rmSync(link, { force: true });
    return '';
  }
};
