/** The data folder is renamed, its recordings are deleted, or the disk becomes read-only or is pulled out. */
import { existsSync, renameSync, rmSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { FaultDisk, missingForFuse } from '../stand/fault-disk.ts';
import { LoopDisk, makeDiskFolder, missingForDisks, removeDiskFolder } from '../stand/loop-disk.ts';
import type { Place, Trouble } from './trouble.ts';

const NOTICED_MS_MAX = 2000;

const trouble = (
  alertMsMax: number,
  away: (data: string) => { begin(): void; found?(): string[]; end(): void },
): Trouble => ({
  missing: () => null,
  alertMsMax,
  prepare(): Promise<Place> {
    const home = makeDiskFolder();
    const data = join(home, 'data');
    const { begin, end, found } = away(data);
    return Promise.resolve({
      home,
      data,
      begin: () => Promise.resolve(begin()),
      ...(found && { found }),
      end: () => Promise.resolve(end()),
      remove: () => Promise.resolve(removeDiskFolder(home)),
    });
  },
});

/** Gets its name back, as by hand: an empty folder made in its place would be lost in that. */
export const folderRenamed = trouble(NOTICED_MS_MAX, (data) => ({
  begin: () => renameSync(data, `${data}-away`),
  found: () => (existsSync(data) ? ['something was made in its place'] : []),
  end: () => renameSync(`${data}-away`, data),
}));

/** The recordings go on in a folder made anew. */
export const spoolDeleted = trouble(NOTICED_MS_MAX, (data) => ({
  begin: () => rmSync(join(data, 'spool'), { recursive: true }),
  end: () => undefined,
}));

export const diskReadOnly: Trouble = {
  missing: missingForFuse,
  alertMsMax: NOTICED_MS_MAX,
  async prepare(): Promise<Place> {
    const disk = await FaultDisk.open();
    return {
      home: disk.home,
      data: join(disk.folder, 'data'),
      begin: () => disk.set('refusal', constants.errno.EROFS),
      end: () => disk.calm(),
      remove: () => disk.remove(),
    };
  },
};

const DISK_MEGABYTES = 512;

/** Nothing opened before is of any use, then or afterwards. */
export const diskPulled: Trouble = {
  missing: missingForDisks,
  alertMsMax: NOTICED_MS_MAX,
  prepare(): Promise<Place> {
    const home = makeDiskFolder();
    const disk = new LoopDisk(DISK_MEGABYTES);
    return Promise.resolve({
      home,
      data: join(disk.folder, 'data'),
      begin: () => Promise.resolve(disk.cutPower()),
      end: () => Promise.resolve(disk.plugIn()),
      remove() {
        disk.remove();
        return Promise.resolve(removeDiskFolder(home));
      },
    });
  },
};
