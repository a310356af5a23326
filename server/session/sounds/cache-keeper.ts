/**
 * Gives the rendered sounds that the slots play files, one after the other.
 *
 * Only what stands: the riff that holds it is stored, and the slot has played it for a while. What a
 * player tries out and leaves again costs the disk nothing. Where the past is about to go for lack of
 * space nothing is written, and these files go before it.
 */
import { ERRORS } from '../../../protocol/errors.ts';
import { LIMITS } from '../../../protocol/limits.ts';
import type { AppState } from '../../../protocol/state.ts';
import type { SessionContext } from '../context.ts';
import type { CoreEvent, CorePort } from '../core/port.ts';
import { framesPerBeatOf } from '../riffs/grid-place.ts';
import { freeBytesMin } from '../retention/plan.ts';
import { hexOfWords, idOfWords, wordsOfId } from '../core/ids.ts';
import type { Riff } from '../riffs/riff.ts';
import type { SoundCache } from './sound-cache.ts';

/** A slot has played the same sound for so long. */
export const STANDS_MS = 5000;

const { code: NOT_LOADED } = ERRORS.ERR_TAKE_NOT_LOADED;

export class CacheKeeper {
  readonly #context: SessionContext;
  readonly #core: Pick<CorePort, 'fileLoop'>;
  readonly #cache: SoundCache;
  /** By slot: what it plays, and since when. */
  readonly #playing = new Map<number, { readonly soundId: string; readonly sinceMs: number }>();
  /** What got no file is not asked for again in this run. */
  readonly #refused = new Set<string>();
  #asked: string | null = null;
  /** The figures of the disk for which room was made. */
  #madeRoomFor: AppState['storage'] | null = null;

  constructor(context: SessionContext, core: Pick<CorePort, 'fileLoop'>, cache: SoundCache) {
    this.#context = context;
    this.#core = core;
    this.#cache = cache;
  }

  /** Once a second. */
  look(): void {
    this.#makeRoom();
    const { history, log, nowMs, sounding } = this.#context;
    for (const [slot, soundId] of sounding.entries()) {
      if (soundId === null) this.#playing.delete(slot);
      else if (this.#playing.get(slot)?.soundId !== soundId) {
        this.#playing.set(slot, { soundId, sinceMs: nowMs() });
      }
    }
    if (!log.isOpen(history.head.id)) this.#next();
  }

  /** The file of the one that was asked for is there, or will not be. */
  onFiled({ code, id, sha, value }: CoreEvent): void {
    const soundId = idOfWords(id);
    if (soundId !== this.#asked) return;
    this.#asked = null;
    const file = { soundId, sha256: hexOfWords(sha), bytes: value };
    if (code !== 0 || !this.#cache.add(file, () => this.#needed())) this.#refused.add(soundId);
    this.#next();
  }

  #next(): void {
    if (this.#asked !== null || this.#lackBytes() > 0) return;
    for (const soundId of this.#standing()) {
      const refusal = this.#core.fileLoop(wordsOfId(soundId), this.#cache.folder);
      if (refusal === 0) {
        this.#asked = soundId;
        return;
      }
      // Of a loop at another tempo its own sound may have left memory; it may come back.
      if (refusal !== NOT_LOADED) this.#refused.add(soundId);
    }
  }

  /** What the disk lacks of what has to stay free. */
  #lackBytes(): number {
    const { diskBytes, freeBytes } = this.#context.state.storage;
    return freeBytesMin(diskBytes) - freeBytes;
  }

  /** Once for each look at the disk: until the next one its figures are the old ones. */
  #makeRoom(): void {
    const { storage } = this.#context.state;
    if (storage === this.#madeRoomFor) return;
    this.#madeRoomFor = storage;
    const lack = this.#lackBytes();
    if (lack > 0) this.#cache.makeRoom(lack, () => this.#needed());
  }

  /** Sounds worth a file that have none: also the one a slot's sound was made of. */
  #standing(): string[] {
    const { loops, nowMs, sounds, takes } = this.#context;
    return [...this.#playing].flatMap(([slot, { sinceMs, soundId }]) => {
      const loop = loops[slot];
      if (!loop || !takes.isSaved(loop.takeId) || nowMs() - sinceMs < STANDS_MS) return [];
      return [loop.takeId, sounds.own(loop), soundId].filter(
        (id) => sounds.isCostly(id) && !this.#cache.has(id) && !this.#refused.has(id),
      );
    });
  }

  /** What the newest riffs and the head play. */
  #needed(): ReadonlySet<string> {
    const { history, rateHz, sounds } = this.#context;
    const ofRiff = ({ bpm, slots }: Riff) =>
      slots.flatMap(({ loop }) =>
        loop
          ? [loop.takeId, sounds.own(loop), sounds.at(loop, framesPerBeatOf(bpm, rateHz), true)]
          : [],
      );
    return new Set([...history.last(LIMITS.renderCacheRiffs), history.head].flatMap(ofRiff));
  }
}
