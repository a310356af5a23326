/**
 * The master as it is made, in pieces, for pages that play it.
 *
 * Read in turns of the poll loop; what was not read in time, because this process stood still, is left out
 * and its frames are counted.
 */
import {
  SOUND_FRAME_BYTES,
  SOUND_FULL_SCALE,
  SOUND_HEADER,
  SOUND_HEADER_WORDS,
  SOUND_MAGIC,
} from '../../protocol/sound.ts';

/** The part of the core that is used. */
export interface MasterSource {
  followMaster(isOn: boolean): void;
  /** Interleaved samples since the last call, valid until the next one; `first` counts their frames. */
  readMaster(): { readonly samples: Float32Array; readonly first: number };
}

export interface MasterSenderOptions {
  readonly core: MasterSource;
  readonly rateHz: number;
  now(): number;
  send(piece: Uint8Array): void;
}

/** So long a piece waits for its end: shorter ones are mostly header, longer ones come late. */
const PIECE_MS = 10;
const WORD_BYTES = 4;
const HEADER_BYTES = SOUND_HEADER_WORDS * WORD_BYTES;
const WORD_RANGE = 2 ** 32;

const pieceOf = (samples: Float32Array, first: number, rateHz: number): Uint8Array => {
  const frames = samples.length / 2;
  const bytes = new Uint8Array(HEADER_BYTES + frames * SOUND_FRAME_BYTES);
  const view = new DataView(bytes.buffer);
  const put = (field: keyof typeof SOUND_HEADER, value: number) =>
    view.setUint32(SOUND_HEADER[field] * WORD_BYTES, value, true);
  put('magic', SOUND_MAGIC);
  put('sampleRateHz', rateHz);
  put('firstLo', first % WORD_RANGE);
  put('firstHi', Math.floor(first / WORD_RANGE));
  const words = new Int16Array(bytes.buffer, HEADER_BYTES);
  for (let at = 0; at < samples.length; at += 1) {
    const sample = Math.max(-1, Math.min(1, samples[at] ?? 0));
    words[at] = Math.round(sample * SOUND_FULL_SCALE);
  }
  return bytes;
};

export class MasterSender {
  readonly #options: MasterSenderOptions;
  #isOn = false;
  #dueMs = 0;

  constructor(options: MasterSenderOptions) {
    this.#options = options;
  }

  /** Somebody listens, or nobody any more. */
  set(isOn: boolean): void {
    if (isOn === this.#isOn) return;
    this.#isOn = isOn;
    this.#options.core.followMaster(isOn);
  }

  /** Every turn of the poll loop. */
  turn(): void {
    const { core, rateHz, send } = this.#options;
    const now = this.#options.now();
    if (!this.#isOn || now < this.#dueMs) return;
    this.#dueMs = now + PIECE_MS;
    for (;;) {
      const { first, samples } = core.readMaster();
      if (samples.length === 0) return;
      send(pieceOf(samples, first, rateHz));
    }
  }
}
