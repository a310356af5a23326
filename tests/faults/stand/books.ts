/** Watches the books of the disk from outside: nothing may be missing from them, at any moment. */
import type { Product } from '../../judge/product.ts';

interface Disk {
  readonly state: 'ok' | 'slow' | 'critical';
  readonly gapFrames: number;
  readonly framesIn: number;
  readonly framesDurable: number;
  readonly framesWritten: number;
  readonly framesQueued: number;
  readonly overflowBytes: number;
}

const ASK_MS = 50;

/** In − (durable + written + queued + gap); 0 at every moment, or sound is missing unaccounted. */
export const imbalance = (disk: Omit<Disk, 'overflowBytes' | 'state'>): number =>
  disk.framesIn - disk.framesDurable - disk.framesWritten - disk.framesQueued - disk.gapFrames;

export class Books {
  readonly states = new Set<string>();
  readonly faults: string[] = [];
  backlogFramesMax = 0;
  overflowBytesMax = 0;
  /** When the first frame was declared lost, by this process's clock; null = none was. */
  gapSinceMs: number | null = null;
  gapFrames = 0;
  asked = 0;
  #latest: Disk | null = null;
  #isOn = true;
  readonly #loop: Promise<void>;

  constructor(product: Product) {
    this.#loop = this.#watch(product);
  }

  get latest(): Disk | null {
    return this.#latest;
  }

  /** Frames that are not durable, and not declared as a gap. */
  get owedFrames(): number {
    const { framesQueued = 0, framesWritten = 0 } = this.#latest ?? {};
    return framesQueued + framesWritten;
  }

  async end(): Promise<void> {
    this.#isOn = false;
    await this.#loop;
  }

  async #watch(product: Product): Promise<void> {
    while (this.#isOn) {
      const answer = await product.get('/api/health').catch(() => null);
      if (answer?.ok) this.#note(((await answer.json()) as { disk: Disk }).disk);
      await Bun.sleep(ASK_MS);
    }
  }

  #note(disk: Disk): void {
    this.asked += 1;
    this.#latest = disk;
    this.states.add(disk.state);
    this.backlogFramesMax = Math.max(this.backlogFramesMax, disk.framesQueued);
    this.overflowBytesMax = Math.max(this.overflowBytesMax, disk.overflowBytes);
    if (disk.gapFrames > 0) this.gapSinceMs ??= performance.now();
    this.gapFrames = disk.gapFrames;
    const missing = imbalance(disk);
    if (missing !== 0) this.faults.push(`${missing} frames are in no book`);
  }
}
