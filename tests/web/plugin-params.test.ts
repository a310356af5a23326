/** The parameters of a plug-in on the page, before a stand-in of the gateway. */
import { AxeBuilder } from '@axe-core/playwright';
import { describe, expect, test } from 'bun:test';
import { LIMITS } from '../../protocol/limits.ts';
import { until } from '../judge/product.ts';
import { instanceId, paramIdAt } from '../support/fixture/rack.ts';
import { ECHO_MS } from '../../web/sync/create-overlay.ts';
import { DESKTOP, PHONE, type Stand } from '../support/page-stand.ts';
import { makeOpened } from '../support/plugin-stand.ts';

const opened = makeOpened();

const slider = ({ page }: Stand, name: string) => page.getByRole('slider', { name, exact: true });

/** As a hand does: many inputs, then the change. */
const drag = (stand: Stand, name: string, values: readonly number[], everyMs: number) =>
  slider(stand, name).evaluate(
    async (input, { everyMs: ms, values: all }) => {
      if (!(input instanceof HTMLInputElement)) throw new Error('no slider');
      for (const value of all) {
        input.value = String(value);
        input.dispatchEvent(new Event('input', { bubbles: true }));
        await new Promise((done) => setTimeout(done, ms));
      }
      input.dispatchEvent(new Event('change', { bubbles: true }));
    },
    { everyMs, values: [...values] },
  );

const moved = (stand: Stand, index: number, value: number) => {
  const { fixture } = stand;
  const id = instanceId(4);
  fixture.params.set(id, new Map([[paramIdAt(index), value]]));
  fixture.broadcast({ type: 'PARAMS', instanceId: id, values: { [paramIdAt(index)]: value } });
};

describe('parameters', () => {
  test('are watched while they are open, of one plug-in, and again when the line is back', () =>
    opened('Bellfry', async ({ fixture, page, sent }) => {
      expect(sent('WATCH_PARAMS')).toMatchObject([{ instanceId: instanceId(4) }]);
      fixture.dropAll();
      await until('watched again', () => sent('WATCH_PARAMS').length === 2);
      expect(sent('WATCH_PARAMS')[1]).toMatchObject({ instanceId: instanceId(4) });
      await page.getByRole('button', { name: 'Close', exact: true }).click();
      await until('let go', () => sent('WATCH_PARAMS').at(-1)?.instanceId === null);
    }));

  test('have the name, the unit and the text that the plug-in gives; what nobody should set is not offered', () =>
    opened('Bellfry', async (stand) => {
      const { page } = stand;
      expect(await slider(stand, 'Low cut').getAttribute('aria-valuetext')).toBe('20 Hz');
      expect(await slider(stand, 'High cut').getAttribute('aria-valuetext')).toBe('37 %');
      // A switch, one that is only shown, and two that are not for players.
      await page.getByRole('button', { name: /: Spread$/ }).waitFor();
      expect(await slider(stand, 'Duck').count()).toBe(0);
      await page.getByText('Duck', { exact: true }).waitFor();
      expect(await page.getByText('Macro 9', { exact: true }).count()).toBe(0);
      await page.getByRole('button', { name: 'All 36' }).waitFor();
    }));

  test('a fast hand sends at most thirty values a second, and the last one always', () =>
    opened('Bellfry', async (stand) => {
      const { sent } = stand;
      const values = Array.from({ length: 200 }, (_, index) => index / 400);
      const startMs = performance.now();
      await Promise.all([
        drag(stand, 'Low cut', [...values, 0.77], 4),
        drag(stand, 'High cut', [...values, 0.33], 4),
      ]);
      const lastOf = (paramId: number) =>
        sent('SET_PARAM').findLast((command) => command.paramId === paramId);
      await until('both arrived', () => lastOf(0)?.val === 0.77 && lastOf(1)?.val === 0.33);
      const seconds = (performance.now() - startMs) / 1000;
      expect(sent('SET_PARAM').length).toBeLessThanOrEqual(
        Math.ceil((seconds * 1000) / LIMITS.paramsMs) + 1,
      );
      expect(sent('SET_PARAM').length).toBeGreaterThan(10);
      // Only the last of each is to be answered.
      await until('answered', () =>
        [0, 1].every((paramId) => lastOf(paramId)?.reqId !== undefined),
      );
      expect(sent('SET_PARAM').filter(({ reqId }) => reqId !== undefined)).toHaveLength(2);
    }));

  test('that move by themselves move here, with their own text; one under the finger does not', () =>
    opened('Bellfry', async (stand) => {
      const low = slider(stand, 'Low cut');
      moved(stand, 0, 0.5);
      await until('its text', async () => (await low.getAttribute('aria-valuetext')) === '510 Hz');
      expect(Number(await low.inputValue())).toBeCloseTo(0.5);
      await low.evaluate((input) => {
        if (input instanceof HTMLInputElement) input.value = '0.9';
        input.dispatchEvent(new Event('input', { bubbles: true }));
      });
      moved(stand, 0, 0.1);
      moved(stand, 1, 0.8);
      await until(
        'the other',
        async () => (await slider(stand, 'High cut').getAttribute('aria-valuetext')) === '80 %',
      );
      expect(Number(await low.inputValue())).toBeCloseTo(0.9);
    }));

  test('one that the finger left where it had come moves by itself again', () =>
    opened('Bellfry', async (stand) => {
      const high = slider(stand, 'High cut');
      const box = await high.boundingBox();
      const [x, y] = [(box?.x ?? 0) + 12 + 0.37 * ((box?.width ?? 0) - 24), (box?.y ?? 0) + 22];
      await stand.page.mouse.move(x, y);
      await stand.page.mouse.down();
      await stand.page.mouse.move(x + 40, y, { steps: 4 });
      await stand.page.mouse.move(x, y, { steps: 4 });
      await stand.page.mouse.up();
      await stand.page.waitForTimeout(ECHO_MS + 50);
      moved(stand, 1, 0.8);
      await until('moved', async () => Math.abs(Number(await high.inputValue()) - 0.8) < 0.01);
    }));

  test('what was touched is found again', () =>
    opened('Bellfry', async (stand) => {
      await drag(stand, 'Drive', [0.4], 0);
      await stand.page.getByRole('button', { name: 'Touched 1' }).click();
      expect(await stand.page.locator('[data-param]').count()).toBe(1);
      await slider(stand, 'Drive').waitFor();
    }));

  test('of 2,334 only those in sight are in the page, each can be reached, and it stays smooth', () =>
    opened('Long Rack', async (stand) => {
      const { page } = stand;
      await page.getByRole('button', { name: 'All 2332' }).waitFor();
      const rows = page.locator('[data-param]');
      const list = page.locator('ul[aria-label="Parameters"]');
      expect(await rows.count()).toBeLessThan(40);
      const longMs = await list.evaluate(async (ul) => {
        const box = ul.parentElement;
        let worst = 0;
        const watch = new PerformanceObserver((entries) => {
          for (const { duration } of entries.getEntries()) worst = Math.max(worst, duration);
        });
        watch.observe({ entryTypes: ['longtask'] });
        if (!box) return Number.POSITIVE_INFINITY;
        for (let step = 0; step <= 60; step += 1) {
          box.scrollTop = (box.scrollHeight * step) / 60;
          await new Promise((done) => requestAnimationFrame(done));
        }
        watch.disconnect();
        return worst;
      });
      process.stderr.write(`2,334 parameters, scrolled through: longest task ${longMs} ms\n`);
      await page.locator(`[data-param="${paramIdAt(2333)}"]`).waitFor();
      expect(await rows.last().getAttribute('aria-posinset')).toBe('2332');
      expect(await rows.count()).toBeLessThan(40);
      await page.getByRole('searchbox', { name: 'Search parameters' }).fill('1234 macro');
      await slider(stand, 'Macro 1234').waitFor();
      expect(await rows.count()).toBe(1);
      await drag(stand, 'Macro 1234', [0.25], 0);
      await until('set', () => stand.sent('SET_PARAM').at(-1)?.paramId === paramIdAt(1234));
    }));
});

test.each([DESKTOP, PHONE])('axe finds nothing, and nothing is cut off, %o', (viewport) =>
  opened(
    'Bellfry',
    async ({ page }) => {
      const place =
        viewport === PHONE ? 'dialog[open]' : 'aside > section:not([aria-label="History"])';
      const { violations } = await new AxeBuilder({ page }).include(place).analyze();
      expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
      const outside = await page.locator(place).evaluate((box) =>
        [...box.querySelectorAll('button, input, output')].flatMap((each) => {
          const { left, right } = each.getBoundingClientRect();
          return left < 0 || right > innerWidth ? [each.outerHTML] : [];
        }),
      );
      expect(outside).toEqual([]);
    },
    viewport,
  ),
);
