/** The keyboard as an instrument: which key means what, and which keys are left alone. */
import { isTyping } from './pointed-focus.ts';

export interface KeyActions {
  readonly captureSlot: (slot: number, atMs: number) => void;
  readonly toggleMute: (slot: number, atMs: number) => void;
  readonly captureZone: (bars: 1 | 2 | 4 | 8, atMs: number) => void;
  readonly togglePlay: () => void;
  readonly toggleMetronome: () => void;
  readonly tapTempo: (atMs: number) => void;
  readonly toggleFree: () => void;
  readonly toggleMixer: () => void;
  readonly togglePlayPage: () => void;
  readonly undo: () => void;
  readonly redo: () => void;
  readonly panic: () => void;
  readonly showShortcuts: () => void;
  /** Single letters and digits are switched on. */
  readonly hasSingleKeys: () => boolean;
}

export type KeyPress = Pick<
  KeyboardEvent,
  'code' | 'key' | 'shiftKey' | 'metaKey' | 'ctrlKey' | 'altKey' | 'repeat' | 'timeStamp'
>;

const ZONES: Readonly<Record<string, 1 | 2 | 4 | 8>> = { KeyR: 8, KeyE: 4, KeyW: 2, KeyQ: 1 };

const command = (press: KeyPress, actions: KeyActions): boolean => {
  if (press.code !== 'KeyZ' || press.altKey) return false;
  if (press.shiftKey) actions.redo();
  else actions.undo();
  return true;
};

const single = (press: KeyPress, actions: KeyActions): boolean => {
  const digit = /^Digit([1-8])$/.exec(press.code)?.[1];
  if (digit !== undefined) {
    const slot = Number(digit) - 1;
    if (press.shiftKey) actions.toggleMute(slot, press.timeStamp);
    else actions.captureSlot(slot, press.timeStamp);
    return true;
  }
  const bars = ZONES[press.code];
  if (bars !== undefined && !press.shiftKey) {
    actions.captureZone(bars, press.timeStamp);
    return true;
  }
  if (press.code === 'KeyM' && !press.shiftKey) actions.toggleMetronome();
  else if (press.code === 'KeyT' && !press.shiftKey) actions.tapTempo(press.timeStamp);
  else if (press.code === 'KeyF' && !press.shiftKey) actions.toggleFree();
  else if (press.code === 'KeyP' && !press.shiftKey) actions.toggleMixer();
  else if (press.code === 'KeyI' && !press.shiftKey) actions.togglePlayPage();
  else return false;
  return true;
};

/** Does what the key means; true when it meant something. Repeats never do anything. */
export const pressKey = (press: KeyPress, actions: KeyActions): boolean => {
  if (press.repeat) return false;
  if (press.code === 'Escape' && press.shiftKey) {
    actions.panic();
    return true;
  }
  if (press.metaKey || press.ctrlKey) return command(press, actions);
  if (press.altKey) return false;
  if (press.key === '?') {
    actions.showShortcuts();
    return true;
  }
  if (press.code === 'Space') {
    actions.togglePlay();
    return true;
  }
  return actions.hasSingleKeys() && single(press, actions);
};

const PRESSABLE = 'button, a[href], summary, [role="button"]';

/** true when the key belongs to what has the focus: typing, or Space on a focused button. */
export const belongsToFocus = (target: EventTarget | null, press: KeyPress): boolean => {
  if (target === null || !(target instanceof Element)) return false;
  if (isTyping(target)) return !(press.code === 'Escape' && press.shiftKey);
  const isActivation = press.code === 'Space' || press.code === 'Enter';
  return isActivation && target.closest(PRESSABLE) !== null;
};
