/**
 * The master to those who listen; the engine is asked for it while there is one.
 *
 * Nobody waits, and nothing waits behind it: who has anything queued, is stale or owes an answer for its
 * feature frames gets the next piece again when there is room.
 */
import { SOUND_HEADER, SOUND_HEADER_WORDS, SOUND_MAGIC } from '../../protocol/sound.ts';
import type { Client } from './client.ts';
import type { EngineLink } from './engine-link.ts';

const WORD_BYTES = 4;
/** The kernel swallows half a minute of sound; how far behind a page is is known by its ACKs alone. */
const OWED_MS_MAX = 300;

const hasRoom = ({ isStale, socket, window }: Client, nowMs: number): boolean =>
  !isStale &&
  socket.getBufferedAmount() === 0 &&
  nowMs - (window.waitingSinceMs ?? nowMs) < OWED_MS_MAX;

export class Listeners {
  readonly #clients = new Set<Client>();
  /** Pieces that found no room, since the gateway began. */
  skippedCount = 0;
  /** What the engine was told; another one knows nothing. */
  #told = false;

  get count(): number {
    return this.#clients.size;
  }

  set(client: Client, isOn: boolean, engine: Pick<EngineLink, 'send'>): void {
    const before = this.count;
    if (isOn) this.#clients.add(client);
    else this.#clients.delete(client);
    if (this.count > 0 !== before > 0) this.tell(engine);
  }

  /** Now and then: a link that was full has room again. */
  tell(engine: Pick<EngineLink, 'send'>): void {
    const on = this.count > 0;
    if (on !== this.#told && engine.send({ t: 'listen', on }) === null) this.#told = on;
  }

  /** Another engine: nobody listens to it yet. */
  greet(engine: Pick<EngineLink, 'send'>): void {
    this.#told = false;
    this.tell(engine);
  }

  /** Hands one piece out; false when it is none. */
  offer(piece: Uint8Array, nowMs: number): boolean {
    if (piece.byteLength < SOUND_HEADER_WORDS * WORD_BYTES) return false;
    const view = new DataView(piece.buffer, piece.byteOffset, piece.byteLength);
    if (view.getUint32(SOUND_HEADER.magic * WORD_BYTES, true) !== SOUND_MAGIC) return false;
    for (const client of this.#clients) {
      if (hasRoom(client, nowMs)) client.send(piece);
      else this.skippedCount += 1;
    }
    return true;
  }
}
