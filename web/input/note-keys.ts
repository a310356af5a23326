/**
 * Notes under fingers and keys: every one that begins ends, once.
 *
 * The computer's lower two rows of letters are a piano, so that digits and the row above them go on
 * capturing while it is played.
 */
import type { KeyPress } from './keys.ts';

/** Semitones above the lowest C, by place of the key. */
const KEYS: Readonly<Record<string, number>> = {
  KeyZ: 0,
  KeyS: 1,
  KeyX: 2,
  KeyD: 3,
  KeyC: 4,
  KeyV: 5,
  KeyG: 6,
  KeyB: 7,
  KeyH: 8,
  KeyN: 9,
  KeyJ: 10,
  KeyM: 11,
  Comma: 12,
  KeyL: 13,
  Period: 14,
  Semicolon: 15,
  Slash: 16,
};

/** Undefined when the key plays no note. */
export const noteOfKey = (press: KeyPress): number | undefined => {
  const { altKey, code, ctrlKey, metaKey, shiftKey } = press;
  return altKey || ctrlKey || metaKey || shiftKey ? undefined : KEYS[code];
};

export const NOTE_NAMES = ['C', 'C♯', 'D', 'E♭', 'E', 'F', 'F♯', 'G', 'A♭', 'A', 'B♭', 'B'];

/** "C4": 60 is the C in the middle. */
export const noteName = (note: number): string =>
  `${NOTE_NAMES[note % 12]}${Math.floor(note / 12) - 1}`;

export const isBlack = (note: number): boolean => [1, 3, 6, 8, 10].includes(note % 12);

export const NOTE_MAX = 127;

/**
 * Who holds which note: a pointer, a key of the computer, a key under the focus.
 *
 * A note that two hold ends when both have let go.
 */
/** @param play `downMs`: when the hand came down, as `performance.now()`; undefined when it lets go. */
export const makeHeldNotes = (
  play: (note: number, velocity: number, on: boolean, downMs?: number) => void,
) => {
  const held = new Map<string, number>();
  const isHeld = (note: number) => [...held.values()].includes(note);

  const release = (by: string) => {
    const note = held.get(by);
    if (note === undefined) return;
    held.delete(by);
    if (!isHeld(note)) play(note, 0, false);
  };

  return {
    press(by: string, note: number, velocity: number, downMs?: number) {
      if (held.get(by) === note || note < 0 || note > NOTE_MAX) return;
      release(by);
      const isNew = !isHeld(note);
      held.set(by, note);
      if (isNew) play(note, velocity, true, downMs);
    },
    release,
    releaseAll() {
      for (const by of held.keys()) release(by);
    },
    isHolding: (by: string) => held.has(by),
  };
};

export type HeldNotes = ReturnType<typeof makeHeldNotes>;
