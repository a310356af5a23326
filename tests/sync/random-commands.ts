/** What a player might do next, by chance: the mixer mostly, now and then a loop. */
import type { Json } from '../judge/client.ts';

export type Random = () => number;

const SLOTS = 8;
const BARS = [1, 2, 4];

type Make = (slot: number, random: Random) => Json;

/** How often, out of all of them together. */
const KINDS: readonly (readonly [number, Make])[] = [
  [30, (slot, random) => ({ cmd: 'SET_VOL', slot, val: random() })],
  [12, (slot, random) => ({ cmd: 'SET_PAN', slot, val: 2 * random() - 1 })],
  [12, (slot, random) => ({ cmd: 'MUTE_SLOT', slot, muted: random() < 0.5 })],
  [6, (slot, random) => ({ cmd: 'SOLO_SLOT', slot, soloed: random() < 0.3 })],
  [5, (slot, random) => ({ cmd: 'RENAME_SLOT', slot, name: `take/~${Math.floor(99 * random())}` })],
  [3, (_, random) => ({ cmd: 'SET_METRONOME', on: random() < 0.5 })],
  [3, (_, random) => ({ cmd: 'SET_LOOP_BARS', bars: BARS[Math.floor(BARS.length * random())] })],
  [4, (slot) => ({ cmd: 'TRIGGER_SLOT', slot, quantized: false, bars: 1 })],
  [2, (slot) => ({ cmd: 'CLEAR_SLOT', slot })],
  [4, () => ({ cmd: 'UNDO', scope: 'SESSION' })],
  [3, () => ({ cmd: 'REDO', scope: 'SESSION' })],
];
const TOTAL = KINDS.reduce((sum, [weight]) => sum + weight, 0);

export const randomCommand = (random: Random): Json => {
  const slot = Math.floor(SLOTS * random());
  let left = TOTAL * random();
  for (const [weight, make] of KINDS) {
    left -= weight;
    if (left < 0) return make(slot, random);
  }
  throw new Error('no command');
};
