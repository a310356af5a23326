/**
 * An engine that is stepped second by second, as fast as disk and processor go, and waits for the disk
 * where the ring would overtake it.
 */
import { CONFIG_FLAGS, DEVICE_KIND } from '../../../protocol/abi.ts';
import type { ToGateway } from '../../../protocol/link.ts';
import { openEngine } from '../../guard/engine.ts';

const BPM = 120;
const BARS = 4;
const OWED_SECONDS_MAX = 40;
const OWED_SECONDS_MIN = 10;
const WAIT_MS_MAX = 120_000;
const PAGE_ROWS = 50;
const BLOCK_FRAMES = 64;

export interface HourOptions {
  readonly inputPath: string;
  readonly rateHz: number;
  onEmit(message: ToGateway): void;
}

type Engine = Awaited<ReturnType<typeof openEngine>>;

export class Hour {
  readonly #engine: Engine;
  readonly #rateHz: number;
  #asked = 0;

  private constructor(engine: Engine, rateHz: number) {
    this.#engine = engine;
    this.#rateHz = rateHz;
  }

  static async begin(
    dataFolder: string,
    { inputPath, onEmit, rateHz }: HourOptions,
  ): Promise<Hour> {
    const device = {
      kind: 'stepped',
      deviceKind: DEVICE_KIND.stepped,
      flags: CONFIG_FLAGS.deviceSources,
      sourceName: 'Coded signal',
      isMonitored: false,
    } as const;
    const choice = { device, rateHz, bpm: BPM, inputPath };
    return new Hour(await openEngine(dataFolder, onEmit, choice), rateHz);
  }

  get status() {
    return this.#engine.core.status();
  }

  get slots() {
    return this.#engine.session.state.slots;
  }

  get isSaved(): boolean {
    return this.slots.every(({ saved, state }) => saved || state === 'EMPTY');
  }

  async second(): Promise<void> {
    this.#engine.core.step(this.#rateHz);
    this.#pump();
    await new Promise(setImmediate);
    if (this.status.framesQueued <= OWED_SECONDS_MAX * this.#rateHz) return;
    await this.waitFor(
      'the spool',
      () => this.status.framesQueued < OWED_SECONDS_MIN * this.#rateHz,
    );
  }

  get loopCount(): number {
    return this.slots.filter(({ takeId }) => takeId !== null).length;
  }

  /** Lets hardly any time pass until so many loops are back from the disk, which knows no hurry. */
  async untilLoops(count: number): Promise<void> {
    const stepAndLook = () => {
      this.#engine.core.step(BLOCK_FRAMES);
      return this.loopCount >= count;
    };
    await this.waitFor('the loops of the hour before', stepAndLook);
  }

  press(slot: number): void {
    this.#asked += 1;
    const command = { cmd: 'TRIGGER_SLOT', slot, bars: BARS, quantized: true } as const;
    this.#engine.session.onMessage({
      t: 'command',
      clientId: 'day',
      loopback: true,
      command: { ...command, reqId: `r${this.#asked}` },
    });
  }

  /** How long the first page of the history takes. */
  firstPageMs(): number {
    const start = performance.now();
    const query = { kind: 'riffs', limit: PAGE_ROWS } as const;
    this.#engine.session.onMessage({ t: 'query', id: 1, query });
    return performance.now() - start;
  }

  /** Stands still until the disk has come so far. */
  async waitFor(what: string, isSo: () => boolean): Promise<void> {
    const deadline = performance.now() + WAIT_MS_MAX;
    while (!isSo()) {
      if (performance.now() > deadline) throw new Error(`the disk never came to it: ${what}`);
      this.#pump();
      await Bun.sleep(2);
    }
  }

  end(): Promise<void> {
    return this.#engine.end();
  }

  #pump(): void {
    this.#engine.session.onEvents(this.#engine.core.poll());
  }
}
