/** An instrument under the player's hands: fingers, the keys of the computer, keys under the focus. */
import { createEffect, createSignal, onCleanup, onMount } from 'solid-js';
import { makeHeldNotes, noteOfKey } from '../input/note-keys.ts';
import { isTyping } from '../input/pointed-focus.ts';
import { usePage } from '../use-session.ts';

const LOWEST = 24;
const HIGHEST = 96;
const FIRST = 60;
const KEY_VELOCITY = 0.8;

export const createNotes = (id: string, canPlay: () => boolean) => {
  const { session } = usePage();
  /** By note, how hard. */
  const [down, setDown] = createSignal<ReadonlyMap<number, number>>(new Map());
  const [lowest, setLowest] = createSignal(FIRST);
  const held = makeHeldNotes((note, velocity, on, downMs) => {
    const next = new Map(down());
    if (on) next.set(note, velocity);
    else next.delete(note);
    setDown(next);
    const wish = { cmd: 'NOTE', instanceId: id, note, velocity, on } as const;
    if (downMs === undefined) session.tell(wish);
    else session.tellPress(wish, downMs);
  });

  const onKeyDown = (event: KeyboardEvent) => {
    const semitone = noteOfKey(event);
    // What the player writes is none of the piano.
    if (semitone === undefined || isTyping(event.target) || !session.prefs.singleKeys) return;
    event.preventDefault();
    // Else the same letter would mean something to the stage too.
    event.stopImmediatePropagation();
    if (!event.repeat && canPlay()) {
      held.press(event.code, lowest() + semitone, KEY_VELOCITY, event.timeStamp);
    }
  };
  const onKeyUp = ({ code }: KeyboardEvent) => held.release(code);
  const onHidden = () => document.hidden && held.releaseAll();

  onMount(() => {
    window.addEventListener('keydown', onKeyDown, true);
    window.addEventListener('keyup', onKeyUp, true);
    window.addEventListener('blur', held.releaseAll);
    window.addEventListener('pagehide', held.releaseAll);
    document.addEventListener('visibilitychange', onHidden);
  });
  onCleanup(() => {
    held.releaseAll();
    window.removeEventListener('keydown', onKeyDown, true);
    window.removeEventListener('keyup', onKeyUp, true);
    window.removeEventListener('blur', held.releaseAll);
    window.removeEventListener('pagehide', held.releaseAll);
    document.removeEventListener('visibilitychange', onHidden);
  });

  createEffect(() => {
    if (!canPlay()) held.releaseAll();
  });

  return {
    held,
    isDown: (note: number) => down().has(note),
    /** How hard it was pressed; undefined = it is up. */
    velocityOf: (note: number) => down().get(note),
    lowest,
    canMove: (by: number) => lowest() + by >= LOWEST && lowest() + by <= HIGHEST,
    /** What is held goes on with its own note. */
    move: (by: number) => setLowest(lowest() + by),
  };
};

export type Notes = ReturnType<typeof createNotes>;
