/** A cache of rendered sounds in memory, with all it did to rows and files. */
import { RENDER_VERSION } from '../../../protocol/version.ts';
import {
  type CachedSound,
  SoundCache,
  type SoundCacheOptions,
} from '../../../server/session/sounds/sound-cache.ts';
import type { StoreWrite } from '../../../server/session/store/write-requests.ts';

export const VERSION = RENDER_VERSION;

export const cachedSound = (soundId: string, more: Partial<CachedSound> = {}): CachedSound => ({
  soundId,
  rateHz: 48_000,
  version: VERSION,
  sha256: `sha-${soundId}`,
  bytes: 100,
  ...more,
});

export const makeCache = (
  sounds: readonly CachedSound[] = [],
  more: Partial<SoundCacheOptions> = {},
) => {
  const writes: StoreWrite[] = [];
  const removed: string[] = [];
  const aside: string[] = [];
  const bad: string[] = [];
  let kept: readonly string[] = [];
  const cache = new SoundCache({
    sounds,
    rateHz: 48_000,
    version: VERSION,
    files: {
      folder: '/data/cache',
      remove: (sha256) => removed.push(sha256),
      setAside: (sha256) => aside.push(sha256),
      keepOnly(hashes) {
        kept = hashes;
      },
    },
    write: (request) => writes.push(request),
    onBad: (path) => bad.push(path),
    ...more,
  });
  return { cache, writes, removed, aside, bad, kept: () => kept };
};
