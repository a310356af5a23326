/**
 * Overviews of takes, fetched once each and kept: lowest, highest and brightness of 512 parts.
 *
 * A take is asked for when it is shown and its sound lies on disk; before, it would be refused. What
 * still fails is asked for again a few times. At most four requests run at once.
 */
export interface TakePeaks {
  readonly count: number;
  /** −128…127. */
  readonly min: Int8Array;
  readonly max: Int8Array;
  /** 0…255: how bright the sound of the part is. */
  readonly bright: Uint8Array;
}

export interface Takes {
  /** The overview, or undefined while it is on its way. */
  get(takeId: string): TakePeaks | undefined;
  /** Calls back with each that has come; the result stops it. */
  onLoad(listener: (takeId: string) => void): () => void;
}

export const PEAK_COUNT = 512;
const AT_ONCE_MAX = 4;
const TRIES_MAX = 8;
const RETRY_MS = 250;

export const readPeaks = (buffer: ArrayBuffer): TakePeaks => {
  const count = Math.floor(buffer.byteLength / 3);
  const pairs = new Int8Array(buffer, 0, count * 2);
  return {
    count,
    min: pairs.filter((_, index) => index % 2 === 0),
    max: pairs.filter((_, index) => index % 2 === 1),
    bright: new Uint8Array(buffer, count * 2, count),
  };
};

interface TakesOptions {
  /** false while the take's sound is not on disk yet. */
  readonly isKept: (takeId: string) => boolean;
  readonly load?: (path: string) => Promise<Response>;
}

export const makeTakes = ({ isKept, load = fetch }: TakesOptions): Takes => {
  const held = new Map<string, TakePeaks | undefined>();
  const waiting: { id: string; tries: number }[] = [];
  const listeners = new Set<(takeId: string) => void>();
  let running = 0;

  const fetchOne = async (id: string): Promise<TakePeaks> => {
    const path = `api/takes/${encodeURIComponent(id)}/peaks?n=${PEAK_COUNT}&brightness=1`;
    const response = await load(path);
    if (!response.ok) throw new Error(`peaks: ${response.status}`);
    return readPeaks(await response.arrayBuffer());
  };

  const next = async (): Promise<void> => {
    const job = running < AT_ONCE_MAX ? waiting.shift() : undefined;
    if (!job) return;
    running++;
    try {
      held.set(job.id, await fetchOne(job.id));
      for (const listener of listeners) listener(job.id);
    } catch {
      if (job.tries + 1 < TRIES_MAX) {
        setTimeout(
          () => {
            waiting.push({ id: job.id, tries: job.tries + 1 });
            void next();
          },
          RETRY_MS * 2 ** job.tries,
        );
      } else held.delete(job.id);
    }
    running--;
    void next();
  };

  return {
    get(takeId) {
      if (!held.has(takeId) && isKept(takeId)) {
        held.set(takeId, undefined);
        waiting.push({ id: takeId, tries: 0 });
        void next();
      }
      return held.get(takeId);
    },
    onLoad(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
};
