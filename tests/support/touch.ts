/** Fingers on the page that no screen felt: any number, each with its own id. */
import type { Locator, Page } from 'playwright-core';

export type TouchKind = 'pointerdown' | 'pointermove' | 'pointerup' | 'pointercancel';

/** Where on the element, as shares of its width and height. */
export interface Spot {
  readonly x: number;
  readonly y: number;
}

const MIDDLE: Spot = { x: 0.5, y: 0.5 };

export const makeFingers = (page: Page) => {
  const send = (kind: TouchKind, pointerId: number, x: number, y: number) =>
    page.evaluate(
      (touch) => {
        const { kind: type, pointerId: id, x: clientX, y: clientY } = touch;
        // Chromium captures only pointers that it made itself.
        const known: unknown = Reflect.get(window, 'captured');
        const captured = known instanceof Map ? known : new Map<number, Element>();
        Object.assign(window, { captured });
        Element.prototype.setPointerCapture = function capture(this: Element, pointer: number) {
          captured.set(pointer, this);
        };
        const init = { bubbles: true, button: 0, clientX, clientY, pointerId: id };
        const target = captured.get(id) ?? document.elementFromPoint(clientX, clientY);
        target?.dispatchEvent(new PointerEvent(type, init));
        if (type === 'pointerup' || type === 'pointercancel') captured.delete(id);
      },
      { kind, pointerId, x, y },
    );
  return {
    at: send,
    async on(element: Locator, kind: TouchKind, pointerId: number, spot: Spot = MIDDLE) {
      const box = await element.boundingBox();
      if (!box) throw new Error('what is touched is not on the page');
      await send(kind, pointerId, box.x + box.width * spot.x, box.y + box.height * spot.y);
    },
  };
};
