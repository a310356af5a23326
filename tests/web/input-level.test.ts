/** The level of each input of several, before a stand-in of the gateway. */
import { expect, test } from 'bun:test';
import { until } from '../judge/product.ts';
import { DESKTOP, makeStands, PHONE, type Stand } from '../support/page-stand.ts';

const { withPage } = makeStands();

const plugInTwo = ({ fixture }: Stand) =>
  fixture.change((state) => {
    state.sources = ['Card', 'Card 1–2', 'Card 3–4'].map((name) => ({
      name,
      gainDb: 0,
      monitor: true,
    }));
  });

for (const [viewport, name, button] of [
  [DESKTOP, 'desktop', 'Bar line, latency, metronome'],
  [PHONE, 'phone', 'More'],
] as const) {
  test(`${name}: told while it moves, asked for at its end, 0 dB by a double click`, () =>
    withPage('full', { viewport }, async (stand) => {
      const { faults, fixture, page, sent } = stand;
      plugInTwo(stand);
      await page.getByRole('button', { name: button, exact: true }).click();
      const level = page.getByLabel('Level of Card 3–4');
      await level.fill('-12');
      await until('−12 dB', () => sent('SET_INPUT').at(-1)?.gainDb === -12);
      fixture.change(({ sources }) => {
        sources[2] = { name: 'Card 3–4', gainDb: -12, monitor: true };
      });
      await page.getByText('−12.0 dB', { exact: true }).waitFor();
      await level.dblclick();
      await until('0 dB', () => sent('SET_INPUT').at(-1)?.gainDb === 0);
      // The other one was never asked for.
      expect(sent('SET_INPUT').every(({ source }) => source === 2)).toBeTrue();
      expect(faults).toEqual([]);
    }));
}
