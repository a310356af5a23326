/** Where the release build of FlowCore lies. */
import { dirname, join } from 'node:path';

const root = dirname(dirname(import.meta.dirname));

export const libraryPath = (platform: NodeJS.Platform = process.platform): string =>
  join(root, '.build', 'release', platform === 'darwin' ? 'libFlowCore.dylib' : 'libFlowCore.so');
