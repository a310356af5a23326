/** The second folder of a run's recording, and the link by which its readers find it. */
import { mkdirSync, readlinkSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { FlowZoneConfig } from '../config.ts';
import { SECOND } from '../segment-names.ts';

const targetOf = (link: string): string | null => {
  try {
    return readlinkSync(link);
  } catch {
    return null;
  }
};

/**
 * Where the run goes on when the data folder takes nothing; empty = nowhere. A run that is adopted keeps
 * the place that it has: sound of it may lie there.
 */
export const secondSpoolOf = (
  { dataFolder, secondFolder }: Pick<FlowZoneConfig, 'dataFolder' | 'secondFolder'>,
  runId: string,
): string => {
  const link = join(dataFolder, 'spool', runId, SECOND);
  const known = targetOf(link);
  if (known !== null || secondFolder === null) return known ?? '';
  const target = join(secondFolder, 'spool', runId);
  try {
    mkdirSync(target, { recursive: true, mode: 0o700 });
    mkdirSync(join(link, '..'), { recursive: true, mode: 0o700 });
    symlinkSync(target, link);
    return target;
  } catch {
    // Without the link nobody would find what lies there.
    rmSync(link, { force: true });
    return '';
  }
};
