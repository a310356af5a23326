/** Which runs are kept, and which of their frames are on disk. */
import type { PastRun } from '../../protocol/link.ts';

/** Undefined while the line is down: what was known stays. */
export const readPast = async (): Promise<readonly PastRun[] | undefined> => {
  try {
    const answer = await fetch('api/past');
    return ((await answer.json()) as { runs?: PastRun[] }).runs;
  } catch {
    return undefined;
  }
};
