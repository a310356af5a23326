/** Chains of plug-ins before a stand-in of the gateway: on a slot and on the input. */
import { AxeBuilder } from '@axe-core/playwright';
import { describe, expect, test } from 'bun:test';
import { ERRORS } from '../../protocol/errors.ts';
import { until } from '../judge/product.ts';
import { at } from '../support/at.ts';
import { addRack, instanceId } from '../support/fixture/rack.ts';
import { DESKTOP, makeStands, PHONE, type Stand } from '../support/page-stand.ts';

const { withPage } = makeStands();

const withRack = (viewport: typeof PHONE, run: (stand: Stand) => Promise<void>) =>
  withPage('full', { viewport, reducedMotion: 'reduce' }, async (stand) => {
    stand.fixture.change(addRack);
    await run(stand);
    expect(stand.faults).toEqual([]);
  });

const openSlot = async ({ page }: Stand, slot: number) => {
  await page.getByRole('button', { name: `More about slot ${slot}` }).click();
  await page.getByRole('region', { name: /^Plug-ins of slot/ }).waitFor();
};

const openInput = async ({ page }: Stand, viewport: typeof PHONE) => {
  if (viewport === PHONE) await page.getByRole('button', { name: 'More', exact: true }).click();
  await page.getByRole('button', { name: 'Plug-ins', exact: true }).click();
  await page.getByRole('region', { name: 'Plug-ins of the input' }).waitFor();
};

const row = ({ page }: Stand, number: number) =>
  page.locator(`[data-instance="${instanceId(number)}"]`);

const axe = async ({ page }: Stand, place: string) => {
  const { violations } = await new AxeBuilder({ page }).include(place).analyze();
  return violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]);
};

describe('the chain of a slot', () => {
  test('names what its sound goes through, in order, and says what is bypassed', () =>
    withRack(DESKTOP, async (stand) => {
      await openSlot(stand, 3);
      const rows = stand.page.locator('[data-instance]');
      expect(await rows.count()).toBe(2);
      expect(await row(stand, 1).innerText()).toContain('Valley Audio · 1.3 ms');
      expect(await row(stand, 2).innerText()).toContain('bypassed');
    }));

  test('is switched, moved and emptied by one command each', () =>
    withRack(DESKTOP, async (stand) => {
      const { fixture, page, sent } = stand;
      await openSlot(stand, 3);
      const power = page.getByRole('button', { name: 'Tape Echo on' });
      expect(await power.getAttribute('aria-pressed')).toBe('true');
      await power.click();
      await page.locator('[aria-pressed="false"][aria-label="Tape Echo on"]').waitFor();
      expect(sent('BYPASS_PLUGIN')).toMatchObject([{ instanceId: instanceId(1), bypassed: true }]);
      await page.getByLabel('Move Tape Echo').selectOption('later in the chain');
      await until('moved', () => fixture.state().slots[2]?.pluginChain[1] === instanceId(1));
      await page.getByLabel('Move Tape Echo').selectOption('to the input');
      await until('moved', () => fixture.state().inputChain.at(-1) === instanceId(1));
      expect(sent('MOVE_PLUGIN')).toMatchObject([
        { slot: 2, index: 1 },
        { slot: 'input', index: 2 },
      ]);
      await page.getByRole('button', { name: 'Take Ashen Plate out' }).click();
      await row(stand, 2).waitFor({ state: 'detached' });
      expect(sent('UNLOAD_PLUGIN')).toHaveLength(1);
    }));

  test('gets one that is looked for, and shows it while it is loaded', () =>
    withRack(DESKTOP, async (stand) => {
      const { fixture, page, sent } = stand;
      await openSlot(stand, 3);
      await page.getByRole('button', { name: 'Add a plug-in' }).click();
      await page.getByRole('heading', { name: 'Add to slot 3' }).waitFor();
      await page.getByRole('searchbox', { name: 'Search plug-ins' }).fill('drift');
      await page.getByRole('button', { name: /^Drift Delay/ }).click();
      await page.locator('[data-instance]').nth(2).waitFor();
      expect(sent('LOAD_VST')).toMatchObject(
        [{ slot: 2, pluginId: /^vst3:/ }].map(({ slot }) => ({ slot })),
      );
      // Its way into the chain: loaded, and not yet in it.
      const id = at(fixture.state().slots, 2).pluginChain[2] ?? '';
      fixture.change(({ plugins, slots }) => {
        at(slots, 2).pluginChain.splice(2);
        const one = plugins[id];
        if (one) one.status = 'loading';
      });
      await page.locator(`[data-instance="${id}"]`).getByText('loading…').waitFor();
      expect(await page.getByLabel('Move Drift Delay').isDisabled()).toBeTrue();
    }));

  test('says why one could not be loaded', () =>
    withRack(DESKTOP, async (stand) => {
      const { fixture, page } = stand;
      fixture.held.refusals.LOAD_VST = ERRORS.ERR_CHAIN_FULL.code;
      await openSlot(stand, 3);
      await page.getByRole('button', { name: 'Add a plug-in' }).click();
      await page.locator('[data-plugin] button').first().click();
      await page.getByText(ERRORS.ERR_CHAIN_FULL.says).waitFor();
    }));
});

describe('a plug-in that fails', () => {
  test('is said on its slot and in its row, and tried again when the player asks', () =>
    withRack(DESKTOP, async (stand) => {
      const { fixture, page, sent } = stand;
      const set = (change: object) =>
        fixture.change(({ plugins }) => Object.assign(plugins[instanceId(3)] ?? {}, change));
      const pad = page.locator('[data-pad="6"]');
      await page.locator('[data-look="bypassed"]').waitFor();
      expect(await pad.getAttribute('aria-label')).toContain('diva off 1/3');
      await openSlot(stand, 7);
      await row(stand, 3).getByText('bypassed · restarting 1/3').waitFor();
      const height = (await row(stand, 3).boundingBox())?.height;
      set({ status: 'off', retries: 3 });
      await row(stand, 3).getByText('off for this session').waitFor();
      expect(await pad.getAttribute('aria-label')).toContain('diva off');
      expect((await row(stand, 3).boundingBox())?.height).toBe(height);
      await page.getByRole('button', { name: 'Try again: Diva' }).click();
      await row(stand, 3).getByText('loading…').waitFor();
      expect(sent('RETRY_PLUGIN')).toMatchObject([{ instanceId: instanceId(3) }]);
      set({ status: 'on' });
      await page.locator('[data-look="bypassed"]').waitFor({ state: 'detached' });
    }));

  test('is named by the note, and one off for good is no way out of Safe Mode', () =>
    withRack(DESKTOP, async (stand) => {
      const { fixture, page } = stand;
      fixture.broadcast({ type: 'NOTICE', code: 3001, detail: 'Diva' });
      await page.getByText('Diva crashed.').waitFor();
      fixture.broadcast({ type: 'NOTICE', code: 3002, detail: 'Diva' });
      await page.getByText('Diva stopped answering and was ended.').waitFor();
      fixture.change(({ alerts }) => {
        alerts['3007:x'] = { code: 3007, sinceMs: 0, count: 1, instanceId: instanceId(3) };
      });
      await page.getByText('Diva failed four times and is off.').waitFor();
      fixture.change(({ meta, plugins }) => {
        meta.mode = 'SAFE';
        Object.assign(plugins[instanceId(3)] ?? {}, { status: 'off' });
      });
      await openSlot(stand, 7);
      await row(stand, 3).getByText('off in Safe Mode').waitFor();
      expect(await page.getByRole('button', { name: /^Try again/ }).count()).toBe(0);
    }));
});

test('the processes say what they cost and how they are', () =>
  withRack(DESKTOP, async (stand) => {
    await openInput(stand, DESKTOP);
    const two = await stand.page.locator('[data-host="2"]').innerText();
    expect(two).toBe('Two Hands Audio\n2 plug-ins · 3 blocks late\n412 MB · 11 %\nruns');
    const three = await stand.page.locator('[data-host="3"]').innerText();
    expect(three).toContain('a process of its own · restarted 1×');
    expect(three).toContain('restarting');
  }));

describe.each([DESKTOP, PHONE])('%o', (viewport) => {
  const place = viewport === PHONE ? 'dialog[open]' : 'aside > section:not([aria-label="History"])';

  test('axe finds nothing in chain, search and input, and a thumb can press all of it', () =>
    withRack(viewport, async (stand) => {
      const { page } = stand;
      await openSlot(stand, 7);
      expect(await axe(stand, place)).toEqual([]);
      await page.getByRole('button', { name: 'Add a plug-in' }).click();
      await page.locator('[data-plugin]').first().waitFor();
      expect(await axe(stand, place)).toEqual([]);
      await page.getByRole('button', { name: 'Close', exact: true }).click();
      await openInput(stand, viewport);
      expect(await axe(stand, place)).toEqual([]);
      const small = await page.locator('[data-instance]').evaluateAll((rows) =>
        rows.flatMap((one) =>
          [...one.querySelectorAll('button, select')]
            .map((each) => each.getBoundingClientRect())
            .filter(
              ({ height, right, width }) => Math.min(width, height) < 44 || right > innerWidth,
            )
            .map(({ height, right, width }) => `${width}×${height} to ${right}`),
        ),
      );
      expect(small).toEqual([]);
    }));
});
