/** A plug-in as the core wants it. */
import { join } from 'node:path';
import type { CorePluginSpec } from '../core/plugins.ts';
import { wordsOfId } from '../core/ids.ts';
import type { StoredPlugin } from './stored-plugin.ts';

const BYTES = 16;

/** The bytes of `vst3:<32 hex digits>`, or `au:` and as many, in their order, four in a word, the first the lowest. */
export const classIdOf = (pluginId: string): number[] => {
  const bytes = Buffer.from(pluginId.slice(-2 * BYTES), 'hex');
  return [0, 4, 8, 12].map((at) => bytes.readUInt32LE(at));
};

export const specOf = (plugin: StoredPlugin, dataFolder: string): CorePluginSpec => {
  const fileOf = (sha256: string | null) =>
    sha256 === null ? '' : join(dataFolder, 'states', `${sha256}.state`);
  return {
    id: wordsOfId(plugin.id),
    classId: classIdOf(plugin.pluginId),
    group: plugin.group,
    bundle: plugin.bundle,
    statePath: fileOf(plugin.state),
    earlierStatePath: fileOf(plugin.earlierState),
  };
};
