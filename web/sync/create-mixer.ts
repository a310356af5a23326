/** Volume and mute: shown at once, sent sparingly, and given back when the server has them. */
import type { Overlay } from './create-overlay.ts';
import type { Replica } from './create-replica.ts';
import type { Wish } from './make-requests.ts';

const VOLUME_EVERY_MS = 33;

interface MixerParts {
  readonly replica: Replica;
  readonly overlay: Overlay;
  readonly run: (wish: Wish) => Promise<unknown>;
  readonly tell: (wish: Wish) => boolean;
  readonly nowMs: () => number;
}

export const createMixer = ({ replica, overlay, run, tell, nowMs }: MixerParts) => {
  const sentMs = new Map<number, number>();
  return {
    volumeOf: (slot: number) =>
      overlay.slots[slot]?.volume ?? replica.state.slots[slot]?.volume ?? 1,
    mutedOf: (slot: number) =>
      overlay.slots[slot]?.muted ?? replica.state.slots[slot]?.muted ?? false,
    /** While the finger moves: at most 30 a second, unanswered. */
    setVolume(slot: number, val: number) {
      overlay.setVolume(slot, val);
      const now = nowMs();
      if (now - (sentMs.get(slot) ?? -Infinity) < VOLUME_EVERY_MS) return;
      sentMs.set(slot, now);
      tell({ cmd: 'SET_VOL', slot, val });
    },
    /** The finger left: the last value is always sent, and answered. */
    endVolume(slot: number, val: number) {
      overlay.setVolume(slot, val);
      void run({ cmd: 'SET_VOL', slot, val }).then(() => overlay.endVolume(slot));
    },
    setMuted(slot: number, muted: boolean) {
      overlay.setMuted(slot, muted);
      const answer = run({ cmd: 'MUTE_SLOT', slot, muted, quantized: false });
      overlay.wait(slot, answer);
      void answer.then(() => overlay.clearMuted(slot));
    },
  };
};
