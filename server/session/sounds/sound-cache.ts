/**
 * Files of rendered sounds: what was made once is read the next time.
 *
 * A file is a shortcut to what a recipe says and never the only copy of anything, so that every one
 * may be deleted at any time. It is found by the sound's id, which says what was done to which take at
 * which tempo, and by the engine's rate; its frames and tempo are those of the recipe that asks, and
 * its contents those its hash names, or it is not played. What was rendered under another
 * `RENDER_VERSION`, or with another stretching library, is made anew.
 */
import { join } from 'node:path';
import { TAKE_FLAGS, TAKE_ORIGIN } from '../../../protocol/abi.ts';
import { LIMITS } from '../../../protocol/limits.ts';
import { RENDER_VERSION } from '../../../protocol/version.ts';
import { type CacheFiles, makeCacheFiles } from './cache-files.ts';
import type { CoreRenderRecipe, CoreTakeSource } from '../core/port.ts';
import type { SessionOptions } from '../session-options.ts';
import type { StoreWrite } from '../store/write-requests.ts';

export interface CachedSound {
  readonly soundId: string;
  readonly rateHz: number;
  /** `renderedBy` of when it was rendered. */
  readonly version: string;
  readonly sha256: string;
  readonly bytes: number;
}

export interface SoundCacheOptions {
  /** Of every rate and session, oldest first. */
  readonly sounds: readonly CachedSound[];
  readonly rateHz: number;
  /** `renderedBy` of now. */
  readonly version: string;
  readonly files: CacheFiles;
  readonly bytesMax?: number;
  write(request: StoreWrite): void;
  /** A file was not what it was written as. */
  onBad(path: string): void;
}

/** What decides how a rendered sound sounds; without a library nobody can tell one from another. */
export const renderedBy = (stretcherMark: number): string =>
  stretcherMark === 0 ? RENDER_VERSION : `${RENDER_VERSION}/${stretcherMark.toString(16)}`;

/** Where nothing can be stretched anew, what another library has stretched is better than nothing. */
const isSame = (version: string, now: string): boolean =>
  version === now || (!now.includes('/') && version.startsWith(`${now}/`));

const keyOf = ({ rateHz, soundId }: Pick<CachedSound, 'rateHz' | 'soundId'>): string =>
  `${soundId}/${rateHz}`;

export class SoundCache {
  readonly #options: SoundCacheOptions;
  /** Oldest first. */
  readonly #sounds = new Map<string, CachedSound>();

  constructor(options: SoundCacheOptions) {
    this.#options = options;
    for (const sound of options.sounds) this.#sounds.set(keyOf(sound), sound);
    for (const sound of options.sounds)
      if (!isSame(sound.version, options.version)) this.#drop(sound);
    options.files.keepOnly([...this.#sounds.values()].map(({ sha256 }) => sha256));
  }

  get folder(): string {
    return this.#options.files.folder;
  }

  has(soundId: string): boolean {
    return this.#find(soundId) !== undefined;
  }

  /** Where to read what this recipe gives; null when it has no file. */
  source(soundId: string, recipe: CoreRenderRecipe): CoreTakeSource | null {
    const sound = this.#find(soundId);
    if (!sound) return null;
    return {
      id: recipe.id,
      fromFrame: 0,
      toFrame: recipe.frames,
      framesPerBeat: recipe.framesPerBeat,
      preFrames: 0,
      sampleRateHz: sound.rateHz,
      origin: TAKE_ORIGIN.file,
      flags: TAKE_FLAGS.seamless,
      sourceIndex: 0,
      path: join(this.folder, `${sound.sha256}.wav`),
      rollsPath: '',
    };
  }

  /**
   * The sound has a file. For the room it takes others go, none of `needed` among them.
   *
   * @returns false when that would not be enough: its file has gone again, and all others stay.
   */
  add(
    file: Pick<CachedSound, 'soundId' | 'sha256' | 'bytes'>,
    needed: () => ReadonlySet<string>,
  ): boolean {
    const { bytesMax = LIMITS.renderCacheBytesMax, rateHz, version, write } = this.#options;
    const sound = { ...file, rateHz, version };
    this.#sounds.set(keyOf(sound), sound);
    write({ kind: 'cache', sound });
    const over = this.bytes - bytesMax;
    if (over <= 0) return true;
    const victims = this.#oldest(over, new Set(needed()).add(file.soundId));
    for (const each of victims ?? [sound]) this.#remove(each);
    return victims !== null;
  }

  get bytes(): number {
    return this.#sounds.values().reduce((sum, each) => sum + each.bytes, 0);
  }

  /** For other things on the disk so many bytes go, those of `needed` last. */
  makeRoom(bytes: number, needed: () => ReadonlySet<string>): void {
    const wanted = needed();
    const isWanted = (each: CachedSound) => this.#isOf(wanted, each);
    const all = [...this.#sounds.values()];
    const inOrder = [...all.filter((each) => !isWanted(each)), ...all.filter(isWanted)];
    let lack = bytes;
    for (const each of inOrder) {
      if (lack <= 0) return;
      lack -= each.bytes;
      this.#remove(each);
    }
  }

  /** The oldest that together have so many bytes, none that is wanted; null when all are too few. */
  #oldest(bytes: number, wanted: ReadonlySet<string>): CachedSound[] | null {
    const found: CachedSound[] = [];
    let lack = bytes;
    for (const each of this.#sounds.values()) {
      if (lack <= 0) break;
      if (this.#isOf(wanted, each)) continue;
      lack -= each.bytes;
      found.push(each);
    }
    return lack <= 0 ? found : null;
  }

  #isOf(wanted: ReadonlySet<string>, { rateHz, soundId }: CachedSound): boolean {
    return rateHz === this.#options.rateHz && wanted.has(soundId);
  }

  #remove(sound: CachedSound): void {
    this.#drop(sound);
    this.#removeFile(sound);
  }

  /** Its file could not be read, or is another one by now. */
  dropBad(soundId: string): void {
    const sound = this.#find(soundId);
    if (!sound) return;
    const { files, onBad } = this.#options;
    onBad(join(this.folder, `${sound.sha256}.wav`));
    this.#drop(sound);
    files.setAside(sound.sha256);
  }

  #find(soundId: string): CachedSound | undefined {
    return this.#sounds.get(keyOf({ soundId, rateHz: this.#options.rateHz }));
  }

  /** First the row: a file without one is removed at the next start. */
  #drop(sound: CachedSound): void {
    const { rateHz, soundId } = sound;
    this.#sounds.delete(keyOf(sound));
    this.#options.write({ kind: 'uncache', soundId, rateHz });
  }

  /** Two sounds may be alike and have one file. */
  #removeFile({ sha256 }: CachedSound): void {
    const isShared = [...this.#sounds.values()].some((other) => other.sha256 === sha256);
    if (!isShared) this.#options.files.remove(sha256);
  }
}

export const soundCacheOf = (options: SessionOptions): SoundCache =>
  new SoundCache({
    sounds: options.cached ?? [],
    rateHz: options.rateHz,
    version: renderedBy(options.stretcherMark ?? 0),
    files: makeCacheFiles(options.dataFolder, options.onError),
    write: (request) => options.write(request),
    onBad: (path) => options.onBadCache(path),
  });
