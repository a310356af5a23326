/**
 * What the player just did and the server has not confirmed: volumes, mutes, and who waits.
 *
 * Only volume and mute are shown before they are confirmed. A value stays until 150 ms after its
 * answer, so that no echo pulls it back; one that was shown since has an answer of its own.
 */
import { createStore } from 'solid-js/store';

export const ECHO_MS = 150;
export const UNCONFIRMED_MS = 250;
export const GIVE_UP_MS = 2000;

interface SlotOverlay {
  readonly volume?: number | undefined;
  readonly muted?: boolean | undefined;
  /** Something of this slot waits for an answer for longer than 250 ms. */
  readonly isSending?: boolean | undefined;
}

export interface Overlay {
  readonly slots: Readonly<Record<number, SlotOverlay | undefined>>;
  /** Without an answer the finger is still on the fader. */
  setVolume(slot: number, volume: number, answer?: Promise<unknown>): void;
  setMuted(slot: number, muted: boolean, answer: Promise<unknown>): void;
  /** Marks the slot as waiting until `answer` settles; at most 2 s. */
  wait(slot: number, answer: Promise<unknown>): void;
  /** The whole state has come anew: what is not shown again within 2 s, nobody holds any more. */
  expire(): void;
}

export const createOverlay = (): Overlay => {
  const [slots, setSlots] = createStore<Record<number, SlotOverlay | undefined>>({});
  /** What ends each value that is shown. */
  const ends = new Map<string, () => void>();
  const waits = new Map<number, number>();

  const show = (
    slot: number,
    part: 'volume' | 'muted',
    value: number | boolean,
    answer?: Promise<unknown>,
  ) => {
    const name = part + slot;
    const end = () => {
      if (ends.get(name) === end) setSlots(slot, { [part]: undefined });
    };
    ends.set(name, end);
    setSlots(slot, { [part]: value });
    void answer?.then(() => setTimeout(end, ECHO_MS));
  };

  const countWait = (slot: number, by: number) => {
    const count = (waits.get(slot) ?? 0) + by;
    waits.set(slot, count);
    setSlots(slot, { isSending: count > 0 });
  };

  const wait = (slot: number, answer: Promise<unknown>) => {
    let isShown = false;
    const end = () => {
      clearTimeout(mark);
      clearTimeout(limit);
      if (isShown) countWait(slot, -1);
      isShown = false;
    };
    const mark = setTimeout(() => {
      isShown = true;
      countWait(slot, 1);
    }, UNCONFIRMED_MS);
    const limit = setTimeout(end, GIVE_UP_MS);
    answer.then(end, end);
  };

  return {
    slots,
    setVolume: (slot, volume, answer) => show(slot, 'volume', volume, answer),
    setMuted(slot, muted, answer) {
      show(slot, 'muted', muted, answer);
      wait(slot, answer);
    },
    wait,
    expire() {
      for (const end of ends.values()) setTimeout(end, GIVE_UP_MS);
    },
  };
};
