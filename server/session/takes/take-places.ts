/** Where the sound of a take can be read: files of its own, the recording, files of an older take. */
import { join } from 'node:path';
import { TAKE_FLAGS, TAKE_ORIGIN } from '../../../protocol/abi.ts';
import { LIMITS } from '../../../protocol/limits.ts';
import type { CoreTakeRange, CoreTakeSource } from '../core/port.ts';
import { wordsOfId } from '../core/ids.ts';
import type { Safety, TakeFile } from './take-safety.ts';
import type { Take } from './takes.ts';

type Files = Pick<Safety, 'rolls' | 'window'>;

/** An older take whose files hold frames of another one. */
export interface Holder {
  readonly older: Take;
  readonly window: TakeFile;
  readonly rolls: TakeFile | null;
}

export const barFramesOf = (take: Take): number =>
  Math.round((take.framesPerBeat * take.lengthBeats) / take.bars);

/** What was played before the plug-ins of the input. */
export const isDry = (take: Pick<Take, 'source'>): boolean => take.source === LIMITS.drySource;

/** The source whose damage is its own: a dry side is of source 0. */
export const heardSource = (take: Pick<Take, 'source'>): number => (isDry(take) ? 0 : take.source);

/** Else it is in files of its own alone. */
export const isSpooled = (take: Pick<Take, 'source'>): boolean => take.source < LIMITS.drySource;

/** A bar after its window, and no more than the window is long. */
export const postRollEnd = (take: Take): number =>
  take.toFrame + Math.min(barFramesOf(take), take.toFrame - take.fromFrame);

const frameOf = (take: Take) => ({
  id: wordsOfId(take.id),
  fromFrame: take.fromFrame,
  toFrame: take.toFrame,
  framesPerBeat: take.framesPerBeat,
  sampleRateHz: take.rateHz,
  sourceIndex: take.source,
});

export class TakePlaces {
  readonly #dataFolder: string;

  constructor(dataFolder: string) {
    this.#dataFolder = dataFolder;
  }

  audioPath(file: TakeFile): string {
    return join(this.#dataFolder, 'audio', `${file.sha256}.wav`);
  }

  spoolFolder(take: Take): string {
    return join(this.#dataFolder, 'spool', take.runId);
  }

  /** The best place first. */
  sources(take: Take, { rolls, window }: Files): CoreTakeSource[] {
    const spool: CoreTakeSource = {
      ...frameOf(take),
      origin: TAKE_ORIGIN.spool,
      flags: 0,
      preFrames: 0,
      path: this.spoolFolder(take),
      rollsPath: window ? this.audioPath(window) : '',
    };
    // What has no file yet may still be in memory, where the core looks first.
    if (!window)
      return [isSpooled(take) ? spool : { ...spool, origin: TAKE_ORIGIN.file, path: '' }];
    const file: CoreTakeSource = {
      ...frameOf(take),
      origin: TAKE_ORIGIN.file,
      flags: 0,
      preFrames: rolls?.preFrames ?? 0,
      path: this.audioPath(window),
      rollsPath: rolls ? this.audioPath(rolls) : '',
    };
    // It was never spooled.
    if (!isSpooled(take)) return [file];
    // Without its rolls a file lacks what the seam fades in under the loop's end.
    return rolls ? [file, spool] : [spool, file];
  }

  /** Of what was played in the bar after the window, the best place first. */
  postRoll(take: Take, files: Files): CoreTakeSource[] {
    const after = { fromFrame: take.toFrame, toFrame: postRollEnd(take), flags: TAKE_FLAGS.raw };
    return this.sources(take, files).flatMap((source) => {
      if (source.origin === TAKE_ORIGIN.spool) return [{ ...source, ...after, rollsPath: '' }];
      // The rolls file holds it, behind what was played before the window.
      return files.rolls ? [{ ...source, ...after, path: '' }] : [];
    });
  }

  /** The frames of a take, to be found wherever they are. */
  range(take: Take, { older, rolls, window }: Partial<Holder> = {}): CoreTakeRange {
    return {
      ...frameOf(take),
      flags: 0,
      barFrames: barFramesOf(take),
      spoolPath: this.spoolFolder(take),
      takePath: window ? this.audioPath(window) : '',
      takeRollsPath: rolls ? this.audioPath(rolls) : '',
      takeFromFrame: older?.fromFrame ?? 0,
      takeToFrame: older?.toFrame ?? 0,
      takePreFrames: rolls?.preFrames ?? 0,
    };
  }
}
