import { LIMITS } from '../../protocol/limits.ts';

/** A cancelled capture, what lies in the trash, and a removed session are kept for so long. */
export const TRASH_MS = LIMITS.trashDays * 86_400_000;
