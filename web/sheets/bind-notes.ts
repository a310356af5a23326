/** Hands on keys or pads of notes: a finger holds one, glides to the next, and leaves it with the edge. */
import type { Notes } from './create-notes.ts';

const SOFTEST = 0.35;

/** The lower on the key, the louder. */
const velocityAt = (key: Element, clientY: number): number => {
  const { height, top } = key.getBoundingClientRect();
  const depth = Math.max(0, Math.min(1, (clientY - top) / height));
  return SOFTEST + (1 - SOFTEST) * depth;
};

const keyAt = ({ clientX, clientY }: PointerEvent): HTMLElement | undefined => {
  const key = document.elementFromPoint(clientX, clientY)?.closest('[data-note]');
  return key instanceof HTMLButtonElement && !key.disabled ? key : undefined;
};

const nameOf = ({ pointerId }: PointerEvent) => `pointer ${pointerId}`;

const FOCUS_VELOCITY = 0.8;

const isPress = ({ code }: KeyboardEvent) => code === 'Space' || code === 'Enter';

/** A key or pad under the focus, by Space or Enter. */
export const bindNoteFocus = ({ held }: Notes, note: () => number) => {
  const by = () => `focus ${note()}`;
  return (key: HTMLElement) => {
    key.addEventListener('keydown', (event) => {
      if (!isPress(event) || event.repeat) return;
      event.preventDefault();
      held.press(by(), note(), FOCUS_VELOCITY, event.timeStamp);
    });
    key.addEventListener('keyup', (event) => isPress(event) && held.release(by()));
    key.addEventListener('blur', () => held.release(by()));
  };
};

/** What holds all keys or pads. */
export const bindNotePointers = ({ held }: Notes) => {
  const down = new Set<number>();
  const press = (event: PointerEvent) => {
    const key = keyAt(event);
    if (!key) return held.release(nameOf(event));
    const note = Number(key.dataset['note']);
    return held.press(nameOf(event), note, velocityAt(key, event.clientY), event.timeStamp);
  };
  const onEnd = (event: PointerEvent) => {
    down.delete(event.pointerId);
    held.release(nameOf(event));
  };
  return (box: HTMLElement) => {
    box.addEventListener('pointerdown', (event) => {
      if (event.button !== 0) return;
      box.setPointerCapture(event.pointerId);
      down.add(event.pointerId);
      press(event);
    });
    box.addEventListener('pointermove', (event) => {
      if (down.has(event.pointerId)) press(event);
    });
    for (const end of ['pointerup', 'pointercancel', 'lostpointercapture'] as const) {
      box.addEventListener(end, onEnd);
    }
  };
};
