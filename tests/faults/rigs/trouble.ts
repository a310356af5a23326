/**
 * Trouble that comes while somebody plays, and goes again: a full disk, a folder that is away, limits.
 *
 * FlowZone has to say so in time, to play on, and to save everything once it can.
 */
import { until } from '../../judge/product.ts';
import { isAlive } from '../../judge/stage.ts';
import { makeRandom } from '../../judge/wav.ts';
import type { Rig, TrialResult } from '../rig.ts';
import { censusFaults } from '../stand/census-faults.ts';
import { openStand, type Stand } from '../stand/stand.ts';

/** Where one trial plays, and how its trouble comes and goes. */
export interface Place {
  readonly home: string;
  readonly data: string;
  /** Resolves when the next write will meet it. */
  begin(stand: Stand): Promise<void>;
  /** Before its end: what came of it that may not be; absent = that cannot be seen here. */
  found?(): string[];
  end(): Promise<void>;
  remove(): Promise<void>;
}

export interface Trouble {
  missing(): string | null;
  prepare(seed: number): Promise<Place>;
  /** What is played cannot be written down meanwhile. */
  readonly isUnheard?: boolean;
  /** So soon the player must be told; null when there may be nothing to tell. */
  readonly alertMsMax: number | null;
}

export const CRITICAL = 1002;
const PRESSES_BEFORE = 3;
const PRESS_MS = 100;
/** What can be told is waited for so long. */
const WATCH_MS = 1500;
const HOLD_MS = 500;
const BACK_MS_MAX = 20_000;

/** Plays until the alert comes; the time it took, null when it did not come. */
export const playUntilAlert = async (
  stand: Stand,
  limitMs: number,
  alert = CRITICAL,
): Promise<number | null> => {
  const { messages } = stand.player.client;
  const known = messages.length;
  const isTold = () => messages.slice(known).some(({ code }) => code === alert);
  const start = performance.now();
  while (!isTold()) {
    if (performance.now() - start > limitMs) return null;
    await stand.press();
    await Bun.sleep(PRESS_MS);
  }
  return performance.now() - start;
};

/** The one that fell would be another one now. */
const diedOf = async ({ product }: Stand): Promise<string[]> => {
  const { enginePid } = await product.json<{ enginePid: number }>('/api/health');
  return [
    ...(enginePid === product.ready.enginePid ? [] : ['the engine died']),
    ...(isAlive(product.ready.gatewayPid) ? [] : ['the gateway died']),
  ];
};

const runTrial = async (trouble: Trouble, place: Place, seed: number): Promise<TrialResult> => {
  const random = makeRandom(seed);
  const stand = await openStand({
    home: place.home,
    data: place.data,
    isHeard: !trouble.isUnheard,
  });
  const { books, player } = stand;
  for (let press = 0; press < PRESSES_BEFORE; press += 1) {
    await stand.press();
    await Bun.sleep(random() * PRESS_MS);
  }
  await place.begin(stand);
  const alertMs = await playUntilAlert(stand, trouble.alertMsMax ?? WATCH_MS);
  const end = performance.now() + HOLD_MS;
  let refused = 0;
  while (performance.now() < end) {
    if (!(await stand.press())) refused += 1;
    await Bun.sleep(PRESS_MS);
  }
  const muteMs = Math.round(await stand.muteMs());
  const found = place.found?.() ?? [];
  await place.end();
  const unsaved = await stand.unsaved(BACK_MS_MAX);
  const isWell = () => books.latest?.state === 'ok';
  const isBack = await until('all is well', isWell, BACK_MS_MAX).catch(() => false);
  const died = await diedOf(stand);
  const faults = await stand.finish();
  const census = stand.census();
  const { declared } = census;
  return {
    faults: [
      ...faults,
      ...found,
      ...died,
      ...unsaved.map((id) => `${id} was never saved`),
      ...(isBack ? [] : ['the disk was not well again']),
      ...(trouble.alertMsMax !== null && alertMs === null
        ? ['the player was not told in time']
        : []),
      ...censusFaults(census),
    ],
    counts: {
      captured: player.captured.length,
      judged: stand.judgedCount(),
      refused,
      told: Number(alertMs !== null),
      alertMsMax: Math.round(alertMs ?? 0),
      muteMsMax: muteMs,
      gapFrames: declared,
    },
  };
};

export const troubled = (trouble: Trouble): Rig => ({
  missing: () => trouble.missing(),
  open: () =>
    Promise.resolve({
      async trial(seed) {
        const place = await trouble.prepare(seed);
        try {
          return await runTrial(trouble, place, seed);
        } finally {
          await place.remove();
        }
      },
      close: () => Promise.resolve([]),
    }),
});
