/**
 * The newest feature frame to each client that follows, has room and is due; nobody waits.
 *
 * A client that missed more buckets than a frame carries gets the whole strip first.
 */
import {
  FEATURE_HEADER,
  FEATURE_HEADER_WORDS,
  FEATURE_MAGIC,
  unpackCounts,
} from '../../protocol/features.ts';
import type { Client } from './client.ts';
import type { LiveClock } from './replica.ts';
import { StripHistory } from './strip-history.ts';

const WORD_BYTES = 4;
const at = (field: keyof typeof FEATURE_HEADER): number => FEATURE_HEADER[field] * WORD_BYTES;

export class FeatureStream {
  readonly #strip = new StripHistory();
  #clock: LiveClock | null = null;
  /** Of all clients, since the gateway began. */
  sentCount = 0;
  skippedCount = 0;

  /** Engine time and bar phase of the newest frame. */
  get clock(): LiveClock | null {
    return this.#clock;
  }

  /** Another engine: its clock and its frame numbers begin anew. */
  reset(clients: Iterable<Client>): void {
    this.#clock = null;
    this.#strip.clear();
    for (const client of clients) client.window.clear();
  }

  /** Hands one frame of the engine out; false when it is none. */
  offer(frame: Uint8Array, clients: Iterable<Client>, nowMs: number): boolean {
    const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
    if (frame.byteLength < FEATURE_HEADER_WORDS * WORD_BYTES) return false;
    if (view.getUint32(at('magic'), true) !== FEATURE_MAGIC) return false;
    this.#clock = {
      serverTimeMs: view.getUint32(at('serverTimeMs'), true),
      barPhase: view.getFloat32(at('barPhase'), true),
    };
    this.#strip.add(view);
    const seq = view.getUint32(at('seq'), true);
    const newest = view.getInt32(at('newestBucket'), true);
    const { buckets } = unpackCounts(view.getUint32(at('counts'), true));
    for (const client of clients) {
      if (!client.isFollowing || !client.window.isDue(nowMs)) continue;
      const hasRoom = client.socket.getBufferedAmount() === 0;
      if (!client.window.offer(seq, nowMs, hasRoom)) {
        this.skippedCount += 1;
        continue;
      }
      this.sentCount += 1;
      const known = client.newestBucket;
      if (known === null || newest < known || newest - buckets > known) this.sendStrip(client);
      client.newestBucket = newest;
      client.send(frame);
    }
    return true;
  }

  /** The look-back so far, for a client that gets frames. */
  sendStrip(client: Client): void {
    if (client.window.fps === 0) return;
    const message = this.#strip.message();
    if (message === null) return;
    client.send(message);
    client.newestBucket = this.#strip.newest;
  }
}
