/** Where this system keeps plug-ins. */
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { UNITS } from './units.ts';

type Env = Readonly<Record<string, string | undefined>>;

const PATH_VARIABLE = 'FLOWZONE_PLUGIN_PATH';

/**
 * The player's own first: where two hold the same plug-in, the first one counts.
 *
 * `FLOWZONE_PLUGIN_PATH` names other folders instead, as PATH does; empty = none. Audio Units are
 * looked for only without it.
 */
export const pluginFolders = (
  env: Env = process.env,
  platform: NodeJS.Platform = process.platform,
  home: string = homedir(),
): string[] => {
  const given = env[PATH_VARIABLE];
  if (given !== undefined) return given.split(delimiter).filter((folder) => folder !== '');
  if (platform === 'darwin') {
    const folder = join('Library', 'Audio', 'Plug-Ins', 'VST3');
    return [join(home, folder), join('/', folder), UNITS];
  }
  return [join(home, '.vst3'), '/usr/local/lib/vst3', '/usr/lib/vst3'];
};
