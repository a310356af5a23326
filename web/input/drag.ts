/**
 * Something that is carried to another place: with a mouse in any direction, with a finger sideways,
 * because up and down are the list's. What is carried is not pressed.
 */
export interface DragHandlers {
  readonly canStart: () => boolean;
  readonly onStart: () => void;
  readonly onMove: (x: number, y: number) => void;
  /** Let go there, or nowhere when it was lost. */
  readonly onEnd: (place: { readonly x: number; readonly y: number } | undefined) => void;
}

const START_PX = 10;

interface Held {
  readonly id: number;
  readonly x: number;
  readonly y: number;
  isCarried: boolean;
}

/** Far enough, and not along the way in which the list scrolls. */
const isStart = (held: Held, { clientX, clientY, pointerType }: PointerEvent): boolean => {
  const [right, down] = [Math.abs(clientX - held.x), Math.abs(clientY - held.y)];
  if (Math.hypot(right, down) < START_PX) return false;
  return pointerType === 'mouse' || right > down;
};

/** Binds it to an element; the result takes it off again. */
export const makeDrag = (element: HTMLElement, handlers: DragHandlers): (() => void) => {
  const ending = new AbortController();
  const { signal } = ending;
  let held: Held | undefined;
  let isClickDue = false;

  const end = (place?: { readonly x: number; readonly y: number }) => {
    const was = held;
    held = undefined;
    if (was?.isCarried) handlers.onEnd(place);
  };

  element.addEventListener(
    'pointerdown',
    ({ button, clientX: x, clientY: y, pointerId: id }) => {
      isClickDue = false;
      if (held || button !== 0 || !handlers.canStart()) return;
      held = { id, x, y, isCarried: false };
      // A quick mouse is out of it before the next event.
      element.setPointerCapture(id);
    },
    { signal },
  );
  element.addEventListener(
    'pointermove',
    (event) => {
      if (!held || event.pointerId !== held.id) return;
      if (!held.isCarried && isStart(held, event)) {
        held.isCarried = true;
        isClickDue = true;
        handlers.onStart();
      }
      if (held.isCarried) handlers.onMove(event.clientX, event.clientY);
    },
    { signal },
  );
  element.addEventListener(
    'pointerup',
    (event) => {
      if (event.pointerId === held?.id) end({ x: event.clientX, y: event.clientY });
    },
    { signal },
  );
  for (const lost of ['pointercancel', 'lostpointercapture'] as const) {
    element.addEventListener(
      lost,
      ({ pointerId, target }) => {
        // What a finger touched inside loses it to this element.
        if (pointerId === held?.id && target === element) end();
      },
      { signal },
    );
  }
  // The press that a carried thing would be as well.
  element.addEventListener(
    'click',
    (event) => {
      if (!isClickDue) return;
      isClickDue = false;
      event.stopImmediatePropagation();
      event.preventDefault();
    },
    { signal, capture: true },
  );
  window.addEventListener(
    'keydown',
    (event) => {
      if (event.key !== 'Escape' || !held?.isCarried) return;
      event.stopImmediatePropagation();
      event.preventDefault();
      end();
    },
    { signal, capture: true },
  );
  return () => {
    ending.abort();
    end();
  };
};
