/** Keys of instruments that are down, by who holds them: who is gone holds none. */
import { COMMAND_FLAGS, COMMAND_KIND } from '../../../protocol/abi.ts';
import type { Step } from '../commands/plan.ts';
import { wordsOfId } from '../core/ids.ts';
import type { NoteLog } from './note-log.ts';

export interface Key {
  readonly instanceId: string;
  readonly note: number;
}

export interface HeldKeysOptions {
  readonly notes: NoteLog;
  readonly rateHz: number;
  /** Sends a record that nobody asked for. */
  send(step: Step): void;
}

const nameOf = ({ instanceId, note }: Key): string => `${instanceId}:${note}`;

export class HeldKeys {
  readonly #options: HeldKeysOptions;
  readonly #held = new Map<string, Map<string, Key>>();

  constructor(options: HeldKeysOptions) {
    this.#options = options;
  }

  /** The record of a key that goes down or up under the hand of a client. */
  play(clientId: string, key: Key, velocity: number, on: boolean): Step {
    if (on) this.#of(clientId).set(nameOf(key), key);
    else for (const held of this.#held.values()) held.delete(nameOf(key));
    return this.#step(key, velocity, on);
  }

  /** Lets go of what this client held and nobody else holds. */
  leave(clientId: string): void {
    const left = this.#held.get(clientId);
    this.#held.delete(clientId);
    for (const [name, key] of left ?? []) {
      const isHeld = this.#held.values().some((keys) => keys.has(name));
      if (!isHeld) this.#options.send(this.#step(key, 0, false));
    }
  }

  leaveAll(): void {
    for (const clientId of this.#held.keys()) this.leave(clientId);
  }

  #of(clientId: string): Map<string, Key> {
    const keys = this.#held.get(clientId) ?? new Map<string, Key>();
    this.#held.set(clientId, keys);
    return keys;
  }

  #step({ instanceId, note }: Key, velocity: number, on: boolean): Step {
    const { notes, rateHz } = this.#options;
    return {
      record: {
        kind: COMMAND_KIND.pluginNote,
        flags: on ? COMMAND_FLAGS.on : 0,
        a: note,
        b: velocity,
        id: wordsOfId(instanceId),
      },
      applied: ({ frame }) => notes.add({ frame, instanceId, note, velocity, on }, rateHz),
    };
  }
}
