/** An instrument on the page, before a stand-in of the gateway: fingers, letters, and what lets go of them. */
import { describe, expect, test } from 'bun:test';
import { until } from '../judge/product.ts';
import { instanceId } from '../support/fixture/rack.ts';
import type { Stand } from '../support/page-stand.ts';
import { makeOpened } from '../support/plugin-stand.ts';

const opened = makeOpened();

const notes = ({ sent }: Stand) =>
  sent('NOTE').map(({ note, on }) => `${on ? 'on' : 'off'} ${note}`);

/** Each that began has ended, once. */
const sounding = (stand: Stand) =>
  stand.sent('NOTE').reduce((held, { note, on }) => {
    expect(held.has(note)).toBe(!on);
    if (on) held.add(note);
    else held.delete(note);
    return held;
  }, new Set<number>());

const key = ({ page }: Stand, note: number) => page.locator(`[data-note="${note}"]`);

const touch = async (
  stand: Stand,
  note: number,
  type: 'pointerdown' | 'pointermove' | 'pointerup' | 'pointercancel',
  pointerId: number,
) => {
  const box = await key(stand, note).boundingBox();
  await stand.page.evaluate(
    ({ pointerId: id, type: name, x, y }) => {
      // A finger that no screen felt cannot be captured.
      Element.prototype.setPointerCapture = () => undefined;
      const init = { bubbles: true, button: 0, clientX: x, clientY: y, pointerId: id };
      document.elementFromPoint(x, y)?.dispatchEvent(new PointerEvent(name, init));
    },
    { pointerId, type, x: (box?.x ?? 0) + 4, y: (box?.y ?? 0) + (box?.height ?? 0) - 12 },
  );
};

describe('an instrument', () => {
  test('is played by several fingers, which slide from key to key', () =>
    opened('Bellfry', async (stand) => {
      await touch(stand, 60, 'pointerdown', 5);
      await touch(stand, 64, 'pointerdown', 6);
      await touch(stand, 62, 'pointermove', 5);
      await touch(stand, 62, 'pointerup', 5);
      await until('three', () => notes(stand).length === 5);
      expect(notes(stand)).toEqual(['on 60', 'on 64', 'off 60', 'on 62', 'off 62']);
      expect(stand.sent('NOTE')[0]?.velocity).toBeGreaterThan(0.8);
      await touch(stand, 64, 'pointercancel', 6);
      await until('cancelled', () => sounding(stand).size === 0);
    }));

  test.each([
    [
      'the window loses the focus',
      (stand: Stand) => stand.page.evaluate(() => void window.dispatchEvent(new Event('blur'))),
    ],
    [
      'the page goes',
      (stand: Stand) => stand.page.evaluate(() => void window.dispatchEvent(new Event('pagehide'))),
    ],
    [
      'the sheet is closed',
      (stand: Stand) => stand.page.getByRole('button', { name: 'Close', exact: true }).click(),
    ],
    [
      'another one is shown',
      (stand: Stand) => stand.page.getByRole('button', { name: /^Back to/ }).click(),
    ],
    [
      'it fails',
      async ({ fixture }: Stand) =>
        fixture.change(({ plugins }) =>
          Object.assign(plugins[instanceId(4)] ?? {}, { status: 'restarting' }),
        ),
    ],
    [
      'it is taken out',
      async ({ fixture }: Stand) =>
        fixture.change(({ inputChain, plugins }) => {
          inputChain.splice(0, 1);
          delete plugins[instanceId(4)];
        }),
    ],
  ] as const)('lets go of everything when %s', (_why, end) =>
    opened('Bellfry', async (stand) => {
      await touch(stand, 60, 'pointerdown', 5);
      await stand.page.keyboard.down('b');
      await until('both', () => sounding(stand).size === 2);
      await end(stand);
      await until('let go', () => sounding(stand).size === 0);
      await stand.page.keyboard.up('b');
      expect(notes(stand)).toHaveLength(4);
    }),
  );

  test('is played by the lower letters, once each, while those above go on capturing', () =>
    opened('Bellfry', async (stand) => {
      const { page, sent } = stand;
      await page.keyboard.down('z');
      await page.keyboard.down('z');
      await page.keyboard.down('m');
      await page.getByRole('button', { name: 'An octave higher' }).click();
      await page.keyboard.up('z');
      await page.keyboard.up('m');
      await page.keyboard.press('s');
      await until('six', () => notes(stand).length === 6);
      expect(notes(stand)).toEqual(['on 60', 'on 71', 'off 60', 'off 71', 'on 73', 'off 73']);
      expect(sent('SET_METRONOME')).toEqual([]);
      await page.keyboard.press('e');
      await until('a capture', () => sent('TRIGGER_SLOT').length === 1);
      await page.getByRole('searchbox', { name: 'Search parameters' }).fill('zz');
      await page.keyboard.press('Control+z');
      expect(notes(stand)).toHaveLength(6);
    }));

  test('is played by a key under the focus', () =>
    opened('Bellfry', async (stand) => {
      await key(stand, 67).focus();
      await stand.page.keyboard.down('Enter');
      await until('on', () => sounding(stand).has(67));
      await stand.page.keyboard.press('Tab');
      await until('off', () => sounding(stand).size === 0);
    }));

  test('only an instrument has keys', () =>
    opened('Long Rack', async ({ page }) => {
      expect(await page.locator('[data-note]').count()).toBe(0);
    }));
});
