/** The thread that looks at plug-ins: it reads the folders and starts children; nobody waits for it. */
import { wallClock } from '../clock.ts';
import { LIMITS } from '../../protocol/limits.ts';
import { Catalogue } from './catalogue.ts';
import { FolderWatch } from './folder-watch.ts';
import { GROUPS_FILE, readGroups } from './group-file.ts';
import { startScanChild } from './scan-child.ts';
import type { ScanNews, ScanStart, ToScan } from './scan-port.ts';
import { componentFolders, UNITS } from './units.ts';

declare const self: Worker;

const tell = (news: ScanNews) => self.postMessage(news, []);

/** The player may have changed them. */
const tellGroups = (dataFolder: string) => {
  const { groups, trouble } = readGroups(dataFolder);
  tell({ t: 'groups', groups });
  if (trouble !== null) tell({ t: 'trouble', what: GROUPS_FILE, why: trouble });
};

/** Several files of one bundle come at once. */
const GATHER_MS = 200;

const begin = (start: ScanStart) => {
  const components = start.folders.includes(UNITS) ? componentFolders() : [];
  const watched = [...start.folders.filter((folder) => folder !== UNITS), ...components];
  const watch = new FolderWatch({ folders: watched, onChange: () => gather() });
  const catalogue = new Catalogue({
    ...start,
    clock: wallClock,
    later: (ms, act) => void setTimeout(act, ms),
    start: (bundlePath) =>
      startScanChild({
        hostPath: start.hostPath,
        bundlePath,
        silenceMsMax: LIMITS.pluginScanSilenceMs,
      }),
    tell,
    onLooked: (folders) => watch.cover(folders),
  });
  let isGathering = false;
  const gather = () => {
    if (isGathering) return;
    isGathering = true;
    setTimeout(() => {
      isGathering = false;
      catalogue.look();
    }, GATHER_MS);
  };
  tellGroups(start.dataFolder);
  catalogue.look();
  return { catalogue, watch, dataFolder: start.dataFolder };
};

let begun: ReturnType<typeof begin> | null = null;

const end = async () => {
  begun?.watch.end();
  await begun?.catalogue.end();
  tell({ t: 'ended' });
};

self.addEventListener('message', ({ data }: MessageEvent<ToScan>) => {
  switch (data.t) {
    case 'begin':
      begun ??= begin(data);
      return;
    case 'rescan':
      if (begun) tellGroups(begun.dataFolder);
      begun?.catalogue.rescan();
      return;
    case 'cancel':
      void begun?.catalogue.cancel();
      return;
    case 'end':
      void end();
  }
});
