/** Whatever removes something, in lives of random commands that are cut off anywhere; on real files. */
import { makeRandom } from '../../judge/wav.ts';
import type { Blindness } from '../../server/store/blind-store.ts';
import { RemovalWorld } from '../../server/store/removal-world.ts';
import { addCounts, type Rig, type TrialResult } from '../rig.ts';

const LIVES = 250;
const STEPS = 50;
/** Lives of one trial have seeds of their own. */
const SEEDS_APART = 1000;

interface Life {
  readonly missing: readonly string[];
  readonly counts: RemovalWorld['counts'];
}

/** Lives until something is missing. */
const live = async (seed: number, blindness: Blindness): Promise<Life> => {
  const world = new RemovalWorld(makeRandom(seed), blindness);
  try {
    let missing: string[] = [];
    for (let step = 0; step < STEPS && missing.length === 0; step += 1) {
      await world.step();
      missing = world.missing();
    }
    return { missing, counts: world.counts };
  } finally {
    world.end();
  }
};

const trial = async (seed: number, blindness: Blindness): Promise<TrialResult> => {
  const faults: string[] = [];
  const counts: Record<string, number>[] = [];
  for (let life = 0; life < LIVES && faults.length === 0; life += 1) {
    const lifeSeed = seed * SEEDS_APART + life;
    const lived = await live(lifeSeed, blindness);
    faults.push(...lived.missing.map((what) => `life ${lifeSeed}: ${what} is gone`));
    counts.push({ lives: 1, ...lived.counts });
  }
  return { faults, counts: addCounts(counts) };
};

/** @param blindness What a sweep forgets on purpose. */
export const removal = (blindness: Blindness = 'none'): Rig => ({
  missing: () => null,
  open: () =>
    Promise.resolve({
      trial: (seed) => trial(seed, blindness),
      close: () => Promise.resolve([]),
    }),
});
