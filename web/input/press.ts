/**
 * One pad under any number of fingers: tap, hold, vertical drag, slide off.
 *
 * Light on the way down, the press on the way up with the time of the way down; a hold of 400 ms or
 * a move away is no press. Every pointer is its own.
 */
export interface PressHandlers {
  /** Lit while a finger is down that may still become a press. */
  readonly onLight: (isLit: boolean) => void;
  /** A tap, with the moment the finger came down (same clock as `performance.now()`). */
  readonly onPress: (downMs: number, isAlt: boolean) => void;
  readonly onHold?: () => void;
  /** false when there is nothing to drag; else the drag begins. */
  readonly onDragStart?: () => boolean;
  /** Distance since the finger came down, px upwards. */
  readonly onDrag?: (upPx: number, isFine: boolean) => void;
  readonly onDragEnd?: () => void;
  readonly isEnabled: () => boolean;
}

export const HOLD_MS = 400;
export const SLOP_PX = 10;
/** A click that no pointer explains comes from a keyboard or a screen reader. */
const CLICK_ECHO_MS = 700;

type Point = Pick<
  PointerEvent,
  'pointerId' | 'clientX' | 'clientY' | 'timeStamp' | 'shiftKey' | 'altKey' | 'button'
>;

interface Pointer {
  readonly id: number;
  readonly downMs: number;
  readonly x: number;
  readonly y: number;
  kind: 'tap' | 'drag' | 'none';
}

/** The gesture itself, apart from any element. `down` is true when the pointer is now held. */
export const makeGesture = (handlers: PressHandlers) => {
  let pointer: Pointer | undefined;
  let holdTimer: ReturnType<typeof setTimeout> | undefined;
  let handledMs = -Infinity;

  const cancelTap = (one: Pointer) => {
    one.kind = 'none';
    clearTimeout(holdTimer);
    handlers.onLight(false);
  };

  const stop = () => {
    clearTimeout(holdTimer);
    if (!pointer) return;
    if (pointer.kind === 'drag') handlers.onDragEnd?.();
    pointer = undefined;
    handlers.onLight(false);
  };

  return {
    stop,
    down(point: Point): boolean {
      if (pointer || point.button !== 0 || !handlers.isEnabled()) return false;
      const { pointerId: id, timeStamp: downMs, clientX: x, clientY: y } = point;
      const one: Pointer = { id, downMs, x, y, kind: 'tap' };
      pointer = one;
      if (handlers.onHold) {
        holdTimer = setTimeout(() => {
          cancelTap(one);
          handlers.onHold?.();
        }, HOLD_MS);
      }
      handlers.onLight(true);
      return true;
    },
    move(point: Point): void {
      const one = pointer;
      if (!one || one.id !== point.pointerId) return;
      const right = point.clientX - one.x;
      const up = one.y - point.clientY;
      if (one.kind === 'tap' && Math.hypot(right, up) > SLOP_PX) {
        cancelTap(one);
        if (Math.abs(up) > Math.abs(right) && handlers.onDragStart?.()) one.kind = 'drag';
      }
      if (one.kind === 'drag') handlers.onDrag?.(up, point.shiftKey);
    },
    up(point: Point): void {
      const one = pointer;
      if (!one || one.id !== point.pointerId) return;
      handledMs = point.timeStamp;
      stop();
      if (one.kind === 'tap') handlers.onPress(one.downMs, point.altKey);
    },
    cancel(point: Point): void {
      if (pointer?.id === point.pointerId) stop();
    },
    click(event: Pick<MouseEvent, 'timeStamp' | 'altKey'>): void {
      if (event.timeStamp - handledMs < CLICK_ECHO_MS || !handlers.isEnabled()) return;
      handlers.onPress(event.timeStamp, event.altKey);
    },
    /** Right click; the menu that a long touch brings is the hold, which has its own timer. */
    menu(): void {
      if (!pointer && handlers.isEnabled()) handlers.onHold?.();
    },
  };
};

/** Binds the gesture to an element; the result takes it off again. */
export const makePress = (element: HTMLElement, handlers: PressHandlers): (() => void) => {
  const ending = new AbortController();
  const { signal } = ending;
  const gesture = makeGesture(handlers);
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
  element.addEventListener('click', gesture.click, { signal });
  element.addEventListener(
    'contextmenu',
    (event) => {
      event.preventDefault();
      gesture.menu();
    },
    { signal },
  );
  return () => {
    ending.abort();
    gesture.stop();
  };
};
