/** What the player can do: each action is one command, and what the page shows meanwhile. */
import { createMemo, createSignal } from 'solid-js';
import type { LoopBars } from '../../protocol/limits.ts';
import type { MessageOf } from '../../protocol/messages.ts';
import { autoTarget } from '../music/window.ts';
import type { Overlay } from './create-overlay.ts';
import type { Prefs } from './create-prefs.ts';
import type { Replica } from './create-replica.ts';
import type { Toasts } from './create-toasts.ts';
import type { ServerClock } from './make-clock.ts';
import { Refusal, type Requests, type Wish } from './make-requests.ts';

interface ActionParts {
  readonly replica: Replica;
  readonly requests: Requests;
  readonly overlay: Overlay;
  readonly toasts: Toasts;
  readonly clock: ServerClock;
  readonly prefs: Prefs;
}

export type Target = number | 'auto';
export type Bars = LoopBars;

const VOLUME_EVERY_MS = 33;
const UNDO_TOAST_MS = 6000;

export const createActions = (parts: ActionParts) => {
  const { replica, requests, overlay, toasts, clock, prefs } = parts;
  const [target, setTarget] = createSignal<Target>('auto');
  const captureListeners = new Set<(slot: number) => void>();
  const volumeSentMs = new Map<number, number>();

  /** The slot a press on the strip goes into; −1 = all are full. */
  const targetSlot = createMemo(() => {
    const chosen = target();
    return chosen === 'auto' ? autoTarget(replica.state.slots) : chosen;
  });

  const fail = (error: unknown) => {
    if (!(error instanceof Refusal)) throw error;
    if (error.code === undefined) {
      const text = 'This page was offline. The sound is still in the strip: press again.';
      toasts.show('Not sent', text);
    } else toasts.showCode(error.code, error.message);
  };

  const run = (wish: Wish, at?: number): Promise<MessageOf<'OK'> | undefined> =>
    requests.ask(wish, at).catch((error: unknown): undefined => fail(error) as undefined);

  const loopBars = () => replica.state.transport.loopBars as Bars;

  const capture = (into: Target, bars: Bars, pressedMs: number, isFree = !prefs.isQuantized) => {
    const slot = into === 'auto' ? autoTarget(replica.state.slots) : into;
    const wish: Wish = { cmd: 'TRIGGER_SLOT', slot: into, quantized: !isFree, bars };
    const answer = requests.ask(wish, clock.toServer(pressedMs));
    if (slot >= 0) overlay.wait(slot, answer);
    answer.then(() => {
      if (slot >= 0) for (const listener of captureListeners) listener(slot);
    }, fail);
  };

  const setVolume = (slot: number, val: number) => {
    overlay.setVolume(slot, val);
    const now = performance.now();
    if (now - (volumeSentMs.get(slot) ?? -Infinity) < VOLUME_EVERY_MS) return;
    volumeSentMs.set(slot, now);
    requests.tell({ cmd: 'SET_VOL', slot, val });
  };

  const endVolume = (slot: number, val: number) => {
    overlay.setVolume(slot, val);
    void run({ cmd: 'SET_VOL', slot, val }).then(() => overlay.endVolume(slot));
  };

  const setMuted = (slot: number, muted: boolean) => {
    overlay.setMuted(slot, muted);
    const answer = run({ cmd: 'MUTE_SLOT', slot, muted, quantized: false });
    overlay.wait(slot, answer);
    void answer.then(() => overlay.clearMuted(slot));
  };

  const undo = () => void run({ cmd: 'UNDO', scope: 'SESSION' });

  const clearSlot = (slot: number) => {
    void run({ cmd: 'CLEAR_SLOT', slot }).then((answer) => {
      if (!answer) return;
      toasts.show(`Slot ${slot + 1} cleared`, 'The take is kept.', {
        stayMs: UNDO_TOAST_MS,
        action: { label: 'Undo', run: undo },
      });
    });
  };

  return {
    run,
    target,
    setTarget,
    targetSlot,
    loopBars,
    capture,
    /** A zone of the strip: captures, and makes its length the one that pads take. */
    captureZone(bars: Bars, pressedMs: number, isFree?: boolean) {
      capture(target(), bars, pressedMs, isFree);
      if (bars !== loopBars()) void run({ cmd: 'SET_LOOP_BARS', bars });
    },
    /** Calls back with the slot of each confirmed capture of this page. */
    onCapture(listener: (slot: number) => void) {
      captureListeners.add(listener);
      return () => captureListeners.delete(listener);
    },
    setVolume,
    endVolume,
    volumeOf: (slot: number) =>
      overlay.slots[slot]?.volume ?? replica.state.slots[slot]?.volume ?? 1,
    mutedOf: (slot: number) =>
      overlay.slots[slot]?.muted ?? replica.state.slots[slot]?.muted ?? false,
    setMuted,
    undo,
    redo: () => void run({ cmd: 'REDO', scope: 'SESSION' }),
    clearSlot,
    togglePlay: () => void run({ cmd: replica.state.transport.isPlaying ? 'PAUSE' : 'PLAY' }),
    toggleMetronome: () =>
      void run({ cmd: 'SET_METRONOME', on: !replica.state.transport.metronome.on }),
    panic: (scope: 'ALL' | 'ENGINE') => void run({ cmd: 'PANIC', scope }),
  };
};
