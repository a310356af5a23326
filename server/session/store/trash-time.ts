import { LIMITS } from '../../../protocol/limits.ts';

/** What lies in the trash, and a removed session, can be had back for so long. */
export const TRASH_MS = LIMITS.trashDays * 86_400_000;
