/**
 * A surface under one finger: the point is where it is touched, from the first touch on.
 *
 * A pointer that is lost ends the move where it was.
 */
export interface PointHandlers {
  readonly isEnabled: () => boolean;
  readonly onStart: () => void;
  /** Across and up, each 0…1. */
  readonly onMove: (x: number, y: number) => void;
  readonly onEnd: () => void;
}

const share = (value: number) => Math.max(0, Math.min(1, value));

/** Binds it to an element; the result takes it off again. */
export const makePoint = (element: HTMLElement, handlers: PointHandlers): (() => void) => {
  const ending = new AbortController();
  const { signal } = ending;
  let pointerId: number | undefined;
  const move = ({ clientX, clientY }: PointerEvent) => {
    const { bottom, height, left, width } = element.getBoundingClientRect();
    handlers.onMove(share((clientX - left) / width), share((bottom - clientY) / height));
  };
  const stop = () => {
    if (pointerId === undefined) return;
    pointerId = undefined;
    handlers.onEnd();
  };
  const onEnd = (event: PointerEvent) => event.pointerId === pointerId && stop();
  element.addEventListener(
    'pointerdown',
    (event) => {
      if (pointerId !== undefined || event.button !== 0 || !handlers.isEnabled()) return;
      ({ pointerId } = event);
      element.setPointerCapture(event.pointerId);
      handlers.onStart();
      move(event);
    },
    { signal },
  );
  element.addEventListener(
    'pointermove',
    (event) => {
      if (event.pointerId === pointerId) move(event);
    },
    { signal },
  );
  for (const end of ['pointerup', 'pointercancel', 'lostpointercapture'] as const) {
    element.addEventListener(end, onEnd, { signal });
  }
  return () => {
    ending.abort();
    stop();
  };
};
