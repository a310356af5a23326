/**
 * What the player just did and the server has not confirmed: volumes, mutes, and who waits.
 *
 * Only volume and mute are shown before they are confirmed. A value stays until its answer has come
 * and, for a fader, 150 ms after the finger left, so that no echo pulls it back.
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
  setVolume(slot: number, volume: number): void;
  /** The finger left the fader: the server's value counts again after the echo time. */
  endVolume(slot: number): void;
  setMuted(slot: number, muted: boolean): void;
  clearMuted(slot: number): void;
  /** Marks the slot as waiting until `answer` settles; at most 2 s. */
  wait(slot: number, answer: Promise<unknown>): void;
  clear(): void;
}

export const createOverlay = (): Overlay => {
  const [slots, setSlots] = createStore<Record<number, SlotOverlay | undefined>>({});
  const volumeTimers = new Map<number, ReturnType<typeof setTimeout>>();
  const waits = new Map<number, number>();

  const change = (slot: number, part: SlotOverlay) => setSlots(slot, { ...slots[slot], ...part });

  const countWait = (slot: number, by: number) => {
    const count = (waits.get(slot) ?? 0) + by;
    waits.set(slot, count);
    change(slot, { isSending: count > 0 });
  };

  return {
    slots,
    setVolume(slot, volume) {
      clearTimeout(volumeTimers.get(slot));
      change(slot, { volume });
    },
    endVolume(slot) {
      clearTimeout(volumeTimers.get(slot));
      volumeTimers.set(
        slot,
        setTimeout(() => change(slot, { volume: undefined }), ECHO_MS),
      );
    },
    setMuted: (slot, muted) => change(slot, { muted }),
    clearMuted: (slot) => change(slot, { muted: undefined }),
    wait(slot, answer) {
      let isShown = false;
      let isOver = false;
      const end = () => {
        clearTimeout(show);
        clearTimeout(limit);
        isOver = true;
        if (isShown) countWait(slot, -1);
        isShown = false;
      };
      const show = setTimeout(() => {
        if (isOver) return;
        isShown = true;
        countWait(slot, 1);
      }, UNCONFIRMED_MS);
      const limit = setTimeout(end, GIVE_UP_MS);
      answer.then(end, end);
    },
    clear() {
      waits.clear();
      for (const key of Object.keys(slots)) setSlots(Number(key), undefined);
    },
  };
};
