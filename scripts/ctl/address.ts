/** Where FlowZone runs: as it was told, as the data folder says, or where it runs by itself. */
import { defaultDataFolder, readRunFile } from '../../server/data-folder.ts';

const USUAL = 'http://127.0.0.1:4800';

export const addressOf = (given: { url?: string | undefined; data?: string | undefined }): string =>
  given.url ?? readRunFile(given.data ?? defaultDataFolder())?.url ?? USUAL;
