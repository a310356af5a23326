/** Volume, level and mute: shown at once, sent sparingly, and given back when the server has them. */
import type { Overlay } from './create-overlay.ts';
import type { Replica } from './create-replica.ts';
import type { Wish } from './make-requests.ts';

const TELL_EVERY_MS = 33;

interface MixerParts {
  readonly replica: Replica;
  readonly overlay: Overlay;
  readonly run: (wish: Wish) => Promise<unknown>;
  readonly tell: (wish: Wish) => boolean;
  readonly nowMs: () => number;
}

export const createMixer = ({ replica, overlay, run, tell, nowMs }: MixerParts) => {
  const toldMs = new Map<string, number>();
  /** Unanswered, at most 30 a second of each fader. */
  const tellSparingly = (fader: string, wish: Wish) => {
    const now = nowMs();
    if (now - (toldMs.get(fader) ?? -Infinity) < TELL_EVERY_MS) return;
    toldMs.set(fader, now);
    tell(wish);
  };
  return {
    volumeOf: (slot: number) =>
      overlay.slots[slot]?.volume ?? replica.state.slots[slot]?.volume ?? 1,
    mutedOf: (slot: number) =>
      overlay.slots[slot]?.muted ?? replica.state.slots[slot]?.muted ?? false,
    /** While the finger moves. */
    setVolume(slot: number, val: number) {
      overlay.setVolume(slot, val);
      tellSparingly(`slot ${slot}`, { cmd: 'SET_VOL', slot, val });
    },
    /** The finger left: the last value is always sent, and answered. */
    endVolume(slot: number, val: number) {
      overlay.setVolume(slot, val);
      void run({ cmd: 'SET_VOL', slot, val }).then(() => overlay.endVolume(slot));
    },
    /** While the finger moves; what comes last is to be answered. */
    setPan: (slot: number, val: number) =>
      tellSparingly(`pan ${slot}`, { cmd: 'SET_PAN', slot, val }),
    /** The same. */
    setInputLevel: (source: number, gainDb: number) =>
      tellSparingly(`source ${source}`, { cmd: 'SET_INPUT', source, gainDb }),
    setMuted(slot: number, muted: boolean) {
      overlay.setMuted(slot, muted);
      const answer = run({ cmd: 'MUTE_SLOT', slot, muted, quantized: false });
      overlay.wait(slot, answer);
      void answer.then(() => overlay.clearMuted(slot));
    },
  };
};
