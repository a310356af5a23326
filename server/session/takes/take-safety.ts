/** How safe each take is, and in which files. */

export interface TakeFile {
  readonly takeId: string;
  readonly part: 'window' | 'rolls';
  readonly sha256: string;
  readonly bytes: number;
  /** Frames before the window in a rolls file. */
  readonly preFrames: number;
}

/** How safe a take is. The core may tell before the session knows a recovered take. */
export interface Safety {
  /** The spool or a file holds the whole window, fsynced. */
  durable: boolean;
  /** The store committed its row after that. */
  saved: boolean;
  /** Its file is missing or is not what was written. */
  damaged: boolean;
  /** What it lacks of files cannot be had any more. */
  gone: boolean;
  window: TakeFile | null;
  rolls: TakeFile | null;
}

export class TakeSafety {
  readonly #known = new Map<string, Safety>();

  of(id: string): Safety {
    const known = this.#known.get(id);
    if (known) return known;
    const fresh: Safety = {
      durable: false,
      saved: false,
      damaged: false,
      gone: false,
      window: null,
      rolls: null,
    };
    this.#known.set(id, fresh);
    return fresh;
  }
}
