/** Where the release build lies: FlowCore, and the host of plug-ins beside it. */
import { dirname, join } from 'node:path';

const root = dirname(dirname(import.meta.dirname));

export const libraryPath = (platform: NodeJS.Platform = process.platform): string =>
  join(root, '.build', 'release', platform === 'darwin' ? 'libFlowCore.dylib' : 'libFlowCore.so');

export const pluginHostPath = (): string => join(dirname(libraryPath()), 'PluginHostXPC');
