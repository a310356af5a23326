/** One change after the other, each noted: when it was asked for, and in which revision it is. */
import type { Follower } from './follower.ts';

const EVERY_MS = 150;

export interface Act {
  readonly sentMs: number;
  readonly revId: number;
}

export const probe = async (client: Follower, endMs: number): Promise<Act[]> => {
  const acts: Act[] = [];
  for (let turn = 0; performance.now() < endMs; turn += 1) {
    const sentMs = performance.now();
    // Never the value that is there: nothing would change.
    const answer = await client.ask({ cmd: 'SET_METRONOME', on: false, gainDb: -20 - (turn % 20) });
    if (answer?.type === 'OK') acts.push({ sentMs, revId: answer.revId });
    await Bun.sleep(EVERY_MS);
  }
  return acts;
};
