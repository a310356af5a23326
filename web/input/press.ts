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

type Kind = 'tap' | 'drag' | 'none';

interface Pointer {
  readonly id: number;
  readonly downMs: number;
  readonly x: number;
  readonly y: number;
  kind: Kind;
  timer: ReturnType<typeof setTimeout> | undefined;
}

/** A click that no pointer explains comes from a keyboard or a screen reader. */
const CLICK_ECHO_MS = 700;

export const makePress = (element: HTMLElement, handlers: PressHandlers): (() => void) => {
  let pointer: Pointer | undefined;
  let handledMs = -Infinity;

  const stop = () => {
    if (!pointer) return;
    clearTimeout(pointer.timer);
    if (pointer.kind === 'drag') handlers.onDragEnd?.();
    pointer = undefined;
    handlers.onLight(false);
  };

  const cancelTap = (one: Pointer) => {
    one.kind = 'none';
    clearTimeout(one.timer);
    handlers.onLight(false);
  };

  const down = (event: PointerEvent) => {
    if (pointer || event.button !== 0 || !handlers.isEnabled()) return;
    element.setPointerCapture(event.pointerId);
    const one: Pointer = {
      id: event.pointerId,
      downMs: event.timeStamp,
      x: event.clientX,
      y: event.clientY,
      kind: 'tap',
      timer: undefined,
    };
    if (handlers.onHold) {
      one.timer = setTimeout(() => {
        cancelTap(one);
        handlers.onHold?.();
      }, HOLD_MS);
    }
    pointer = one;
    handlers.onLight(true);
  };

  const move = (event: PointerEvent) => {
    const one = pointer;
    if (!one || one.id !== event.pointerId) return;
    const right = event.clientX - one.x;
    const up = one.y - event.clientY;
    if (one.kind === 'tap' && Math.hypot(right, up) > SLOP_PX) {
      const isVertical = Math.abs(up) > Math.abs(right);
      cancelTap(one);
      if (isVertical && handlers.onDragStart?.()) one.kind = 'drag';
    }
    if (one.kind === 'drag') handlers.onDrag?.(up, event.shiftKey);
  };

  const up = (event: PointerEvent) => {
    const one = pointer;
    if (!one || one.id !== event.pointerId) return;
    handledMs = event.timeStamp;
    const isPress = one.kind === 'tap';
    stop();
    if (isPress) handlers.onPress(one.downMs, event.altKey);
  };

  const lost = (event: PointerEvent) => {
    if (pointer?.id === event.pointerId) stop();
  };

  const click = (event: MouseEvent) => {
    if (event.timeStamp - handledMs < CLICK_ECHO_MS || !handlers.isEnabled()) return;
    handlers.onPress(event.timeStamp, event.altKey);
  };

  const menu = (event: Event) => {
    event.preventDefault();
    const isTouch = pointer !== undefined;
    if (!isTouch && handlers.isEnabled()) handlers.onHold?.();
  };

  const listeners = [
    ['pointerdown', down],
    ['pointermove', move],
    ['pointerup', up],
    ['pointercancel', lost],
    ['lostpointercapture', lost],
    ['click', click],
    ['contextmenu', menu],
  ] as const;
  for (const [name, listener] of listeners) {
    element.addEventListener(name, listener as EventListener);
  }
  return () => {
    stop();
    for (const [name, listener] of listeners) {
      element.removeEventListener(name, listener as EventListener);
    }
  };
};
