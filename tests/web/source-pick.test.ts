/** The input that captures take, before a stand-in of the gateway with several. */
import { expect, test } from 'bun:test';
import { DESKTOP, makeStands, pad, PHONE, type Stand } from '../support/page-stand.ts';

const { withPage } = makeStands();

const plugInThree = ({ fixture }: Stand) =>
  fixture.change((state) => {
    state.sources = ['Card', 'Card 1–2', 'Card 3–4'].map((name) => ({
      name,
      gainDb: 0,
      monitor: true,
    }));
  });

const pick = (page: Stand['page'], name: string) =>
  page.getByLabel('Captures take').selectOption(name);

test('with one input there is nothing to pick', () =>
  withPage('full', { viewport: DESKTOP }, async ({ page, sent }) => {
    await page.getByText('Demo player, always listening').waitFor();
    expect(await page.getByLabel('Captures take').count()).toBe(0);
    await pad(page, 7).click();
    await page.locator('li[data-look="playing"]:has([data-pad="7"])').waitFor();
    expect(sent('TRIGGER_SLOT')[0]?.source).toBeUndefined();
  }));

test('zones, pads and keys take the picked one; all of them again when it is gone', () =>
  withPage('full', { viewport: DESKTOP }, async (stand) => {
    const { faults, fixture, page, sent } = stand;
    plugInThree(stand);
    await pick(page, 'Only Card 3–4');
    await page.locator('label').getByText('Only Card 3–4', { exact: true }).first().waitFor();
    await page.locator('[data-zone="2"]').click();
    await pad(page, 7).click();
    await page.keyboard.press('8');
    fixture.change(({ sources }) => {
      sources.splice(1);
    });
    await page.getByText('Card, always listening').waitFor();
    await pad(page, 7).click();
    const asked = sent('TRIGGER_SLOT').map(({ source }) => source);
    expect(asked).toEqual([2, 2, 2, undefined]);
    expect(faults).toEqual([]);
  }));

test('the phone picks it in its sheet and says it on the strip', () =>
  withPage('full', { viewport: PHONE }, async (stand) => {
    const { page, sent } = stand;
    plugInThree(stand);
    await page.getByRole('button', { name: 'More', exact: true }).click();
    await pick(page, 'Only Card 1–2');
    await page.keyboard.press('Escape');
    await page.locator('section').getByText('Only Card 1–2').waitFor();
    await pad(page, 7).click();
    await page.locator('li[data-look="playing"]:has([data-pad="7"])').waitFor();
    expect(sent('TRIGGER_SLOT')[0]?.source).toBe(1);
  }));
