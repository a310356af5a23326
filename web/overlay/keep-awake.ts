/**
 * Keeps the screen of a phone or tablet on while the music plays.
 *
 * Only pages that came over https, or from this computer, may do that; others say in "More" what helps.
 */
import { createEffect, onCleanup } from 'solid-js';
import { usePage } from '../use-session.ts';

/** Something that is held or lies on a stand, and would go dark between two touches. */
export const isHandheld = (): boolean => matchMedia('(pointer: coarse)').matches;

export const mayKeepAwake = (): boolean => 'wakeLock' in navigator;

export const keepAwake = (): void => {
  const { session } = usePage();
  if (!isHandheld() || !mayKeepAwake()) return;
  let held: WakeLockSentinel | undefined;
  let isWanted = false;
  const hold = async () => {
    if (!isWanted || document.hidden || (held && !held.released)) return;
    // A battery that is nearly empty may refuse.
    held = await navigator.wakeLock.request('screen').catch(() => undefined);
    if (!isWanted) void held?.release();
  };
  const onVisible = () => void hold();
  createEffect(() => {
    isWanted = session.state.transport.isPlaying && session.isLive();
    if (isWanted) void hold();
    else void held?.release();
  });
  // A page that was put away has lost it.
  document.addEventListener('visibilitychange', onVisible);
  onCleanup(() => {
    document.removeEventListener('visibilitychange', onVisible);
    isWanted = false;
    void held?.release();
  });
};
