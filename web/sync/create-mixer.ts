/** Faders and mute: shown at once, sent sparingly, and given back when the server has them. */
import type { Overlay } from './create-overlay.ts';
import type { Replica } from './create-replica.ts';
import type { Wish } from './make-requests.ts';

export const TELL_EVERY_MS = 33;

/** What a fader is set to. */
export type FaderWish = Extract<Wish, { cmd: 'SET_VOL' | 'SET_PAN' | 'SET_INPUT' }>;

interface MixerParts {
  readonly replica: Replica;
  readonly overlay: Overlay;
  readonly run: (wish: Wish) => Promise<unknown>;
  readonly tell: (wish: Wish) => boolean;
}

const nameOf = (wish: FaderWish) => wish.cmd + ('slot' in wish ? wish.slot : wish.source);

export const createMixer = ({ replica, overlay, run, tell }: MixerParts) => {
  /** What each fader that has just been sent waits with, if anything. */
  const waiting = new Map<string, FaderWish | undefined>();
  const sendNext = (fader: string) => {
    const wish = waiting.get(fader);
    if (!wish) return void waiting.delete(fader);
    waiting.set(fader, undefined);
    tell(wish);
    setTimeout(sendNext, TELL_EVERY_MS, fader);
  };
  /** While the finger moves: at most 30 a second of each fader, and where it stops always. */
  const slide = (wish: FaderWish) => {
    const fader = nameOf(wish);
    const isTooSoon = waiting.has(fader);
    waiting.set(fader, wish);
    if (!isTooSoon) sendNext(fader);
  };
  /** The finger left: sent at once, and answered. What still waits is older. */
  const settle = (wish: FaderWish) => {
    const fader = nameOf(wish);
    if (waiting.has(fader)) waiting.set(fader, undefined);
    return run(wish);
  };
  return {
    slide,
    settle,
    volumeOf: (slot: number) =>
      overlay.slots[slot]?.volume ?? replica.state.slots[slot]?.volume ?? 1,
    mutedOf: (slot: number) =>
      overlay.slots[slot]?.muted ?? replica.state.slots[slot]?.muted ?? false,
    setVolume(slot: number, val: number) {
      overlay.setVolume(slot, val);
      slide({ cmd: 'SET_VOL', slot, val });
    },
    endVolume: (slot: number, val: number) =>
      overlay.setVolume(slot, val, settle({ cmd: 'SET_VOL', slot, val })),
    setMuted: (slot: number, muted: boolean) =>
      overlay.setMuted(slot, muted, run({ cmd: 'MUTE_SLOT', slot, muted, quantized: false })),
  };
};
