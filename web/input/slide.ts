/**
 * A fader under one finger: it moves from where it stands, never to where it is touched.
 *
 * Two taps in one place put it back to where it rests. A pointer that is lost ends the move.
 */
export interface SlideHandlers {
  readonly isEnabled: () => boolean;
  /** true when right is more, else up is more. */
  readonly isLying: () => boolean;
  readonly onStart: () => void;
  /** Way towards more since the last call, px; a quarter of it while Shift is held. */
  readonly onMove: (px: number) => void;
  readonly onEnd: () => void;
  readonly onDoubleTap: () => void;
}

const FINE = 4;
const TAP_PX = 5;
const DOUBLE_TAP_MS = 350;

type Point = Pick<
  PointerEvent,
  'pointerId' | 'clientX' | 'clientY' | 'timeStamp' | 'shiftKey' | 'button'
>;

/** The gesture itself, apart from any element. `down` is true when the pointer is now held. */
export const makeSlideGesture = (handlers: SlideHandlers) => {
  let pointerId: number | undefined;
  let last = 0;
  let wayPx = 0;
  let tapMs = -Infinity;

  const along = ({ clientX, clientY }: Point) => (handlers.isLying() ? clientX : -clientY);

  const stop = () => {
    if (pointerId === undefined) return;
    pointerId = undefined;
    handlers.onEnd();
  };

  return {
    stop,
    down(point: Point): boolean {
      if (pointerId !== undefined || point.button !== 0 || !handlers.isEnabled()) return false;
      ({ pointerId } = point);
      last = along(point);
      wayPx = 0;
      handlers.onStart();
      return true;
    },
    move(point: Point): void {
      if (point.pointerId !== pointerId) return;
      const moved = along(point) - last;
      last += moved;
      wayPx += Math.abs(moved);
      if (moved !== 0) handlers.onMove(point.shiftKey ? moved / FINE : moved);
    },
    up(point: Point): void {
      if (point.pointerId !== pointerId) return;
      stop();
      const isSecond = point.timeStamp - tapMs < DOUBLE_TAP_MS;
      tapMs = wayPx < TAP_PX && !isSecond ? point.timeStamp : -Infinity;
      if (wayPx < TAP_PX && isSecond) handlers.onDoubleTap();
    },
    cancel(point: Point): void {
      if (point.pointerId === pointerId) stop();
    },
  };
};

/** Binds the gesture to an element; the result takes it off again. */
export const makeSlide = (element: HTMLElement, handlers: SlideHandlers): (() => void) => {
  const ending = new AbortController();
  const { signal } = ending;
  const gesture = makeSlideGesture(handlers);
  element.addEventListener(
    'pointerdown',
    (event) => {
      if (gesture.down(event)) element.setPointerCapture(event.pointerId);
    },
    { signal },
  );
  element.addEventListener('pointermove', gesture.move, { signal });
  element.addEventListener('pointerup', gesture.up, { signal });
  element.addEventListener('pointercancel', gesture.cancel, { signal });
  element.addEventListener('lostpointercapture', gesture.cancel, { signal });
  return () => {
    ending.abort();
    gesture.stop();
  };
};
