/**
 * The master to those who listen; the engine is asked for it while there is one.
 *
 * Nobody waits: who has too much queued gets the next piece again when there is room.
 */
import { SOUND_HEADER, SOUND_HEADER_WORDS, SOUND_MAGIC } from '../../protocol/sound.ts';
import type { Client } from './client.ts';
import type { EngineLink } from './engine-link.ts';

const WORD_BYTES = 4;
/** A third of a second: more is an echo of what was. */
const QUEUED_BYTES_MAX = 65_536;

export class Listeners {
  readonly #clients = new Set<Client>();
  /** Pieces that found no room, since the gateway began. */
  skippedCount = 0;

  get count(): number {
    return this.#clients.size;
  }

  set(client: Client, isOn: boolean, engine: Pick<EngineLink, 'send'>): void {
    const before = this.count;
    if (isOn) this.#clients.add(client);
    else this.#clients.delete(client);
    if (this.count > 0 !== before > 0) this.tell(engine);
  }

  /** What the engine has to know, one that has just begun too. */
  tell(engine: Pick<EngineLink, 'send'>): void {
    engine.send({ t: 'listen', on: this.count > 0 });
  }

  /** Hands one piece out; false when it is none. */
  offer(piece: Uint8Array): boolean {
    if (piece.byteLength < SOUND_HEADER_WORDS * WORD_BYTES) return false;
    const view = new DataView(piece.buffer, piece.byteOffset, piece.byteLength);
    if (view.getUint32(SOUND_HEADER.magic * WORD_BYTES, true) !== SOUND_MAGIC) return false;
    for (const client of this.#clients) {
      if (client.socket.getBufferedAmount() > QUEUED_BYTES_MAX) this.skippedCount += 1;
      else client.send(piece);
    }
    return true;
  }
}
