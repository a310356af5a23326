/** The XY pad before a stand-in of the gateway: any two parameters under one finger. */
import { describe, expect, test } from 'bun:test';
import { until } from '../judge/product.ts';
import { at } from '../support/at.ts';
import { instanceId } from '../support/fixture/rack.ts';
import type { Stand } from '../support/page-stand.ts';
import { choose, makePlaying } from '../support/play-stand.ts';
import { makeFingers } from '../support/touch.ts';

const playing = makePlaying();

/** What ended a move, Across before Up as these tests choose them. */
const ends = ({ sent }: Stand) =>
  sent('SET_PARAM')
    .filter(({ reqId }) => reqId)
    .toSorted((a, b) => a.paramId - b.paramId);

const surface = ({ page }: Stand) => page.locator('[data-xy]');

describe('the XY pad', () => {
  test('moves any two parameters, which are found by their words and kept', () =>
    playing(async (stand) => {
      const fingers = makeFingers(stand.page);
      await choose(stand, 'x', 'tape drive', 'Drive');
      await choose(stand, 'y', 'bellfry spread', 'Spread');
      await fingers.on(surface(stand), 'pointerdown', 9, { x: 0.25, y: 0.5 });
      await fingers.on(surface(stand), 'pointermove', 9, { x: 0.75, y: 0.4 });
      await fingers.on(surface(stand), 'pointerup', 9, { x: 0.75, y: 0.4 });
      await until('both', () => ends(stand).length === 2);
      const [x, y] = [at(ends(stand), 0), at(ends(stand), 1)];
      expect(x).toMatchObject({ instanceId: instanceId(1), paramId: 2 });
      expect(x.val).toBeCloseTo(0.75, 1);
      expect(y).toMatchObject({ instanceId: instanceId(4), paramId: 4 });
      expect(y.val).toBeCloseTo(0.6, 1);
      await stand.page.reload();
      await stand.page.locator('[data-view="play"]').click();
      await stand.page.locator('[data-axis="x"]').filter({ hasText: 'Drive' }).waitFor();
    }));

  test('sends thirty values a second at most, and the last one always', () =>
    playing(async (stand) => {
      await choose(stand, 'x', 'tape drive', 'Drive');
      await choose(stand, 'y', 'tape flutter', 'Flutter');
      const took = await stand.page.evaluate(async () => {
        const pad = document.querySelector('[data-xy]');
        if (!pad) return 0;
        pad.setPointerCapture = () => undefined;
        const { height, left, top, width } = pad.getBoundingClientRect();
        const touch = (type: string, share: number) =>
          pad.dispatchEvent(
            new PointerEvent(type, {
              bubbles: true,
              button: 0,
              pointerId: 9,
              clientX: left + width * share,
              clientY: top + height * share,
            }),
          );
        const from = performance.now();
        touch('pointerdown', 0.1);
        for (let step = 0; step < 200; step++) {
          touch('pointermove', 0.1 + step * 0.004);
          if (step % 20 === 0) await new Promise(requestAnimationFrame);
        }
        touch('pointerup', 0.9);
        return performance.now() - from;
      });
      await until('both ends', () => ends(stand).length === 2);
      expect(stand.sent('SET_PARAM').length).toBeLessThanOrEqual(Math.ceil(took / 33) + 4);
      expect(at(ends(stand), 0).val).toBeCloseTo(0.896, 1);
      expect(at(ends(stand), 1).val).toBeCloseTo(0.104, 1);
    }));

  test('without Hold goes back to where it was', () =>
    playing(async (stand) => {
      const fingers = makeFingers(stand.page);
      await choose(stand, 'x', 'tape drive', 'Drive');
      await stand.page.getByRole('button', { name: 'Hold', exact: true }).click();
      await fingers.on(surface(stand), 'pointerdown', 9, { x: 0.2, y: 0.5 });
      await fingers.on(surface(stand), 'pointerup', 9, { x: 0.2, y: 0.5 });
      await until('the end', () => stand.sent('SET_PARAM').some(({ reqId }) => reqId));
      expect(stand.sent('SET_PARAM').at(-1)?.val).toBeCloseTo(0.74, 5);
    }));

  test('is moved by arrows too', () =>
    playing(async (stand) => {
      await choose(stand, 'x', 'tape drive', 'Drive');
      await stand.page.getByRole('slider', { name: 'Across: Drive' }).focus();
      await stand.page.keyboard.press('ArrowRight');
      await until('a value', () => stand.sent('SET_PARAM').some(({ reqId }) => reqId));
      expect(stand.sent('SET_PARAM').at(-1)?.val).toBeCloseTo(0.76, 5);
    }));
});
