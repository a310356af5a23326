/**
 * The focus under a pointer: a press leaves it where it was, a list gives it back.
 *
 * Whoever plays with the mouse goes on playing with the keys. What was reached with Tab keeps its keys.
 */

/** What the player writes into; a list that a pointer opened is none of it. */
const TYPING = 'input:not([type="range"]), select:not([data-pointed]), textarea, [contenteditable]';

export const isTyping = (target: EventTarget | null): boolean =>
  target instanceof Element && target.closest(TYPING) !== null;

const WRITTEN_INTO = 'input, select, textarea';

/** So that Space goes on meaning play; what is being written is done. */
const onMouseDown = (event: MouseEvent) => {
  const { target } = event;
  if (!(target instanceof Element) || !target.closest('button')) return;
  event.preventDefault();
  const focused = document.activeElement;
  if (focused instanceof HTMLElement && focused.matches(WRITTEN_INTO)) focused.blur();
};

const onPointerDown = ({ target }: Event) => {
  if (target instanceof HTMLSelectElement) target.dataset['pointed'] = '';
};

/** Chosen with the pointer, or left in another way. */
const onDone = ({ target, type }: Event) => {
  if (!(target instanceof HTMLSelectElement) || target.dataset['pointed'] === undefined) return;
  delete target.dataset['pointed'];
  if (type === 'change') target.blur();
};

/** Watches the whole page; the result ends it. */
export const watchPointedFocus = (): (() => void) => {
  const ending = new AbortController();
  const { signal } = ending;
  window.addEventListener('mousedown', onMouseDown, { signal });
  window.addEventListener('pointerdown', onPointerDown, { signal, capture: true });
  window.addEventListener('change', onDone, { signal });
  window.addEventListener('focusout', onDone, { signal });
  return () => ending.abort();
};
