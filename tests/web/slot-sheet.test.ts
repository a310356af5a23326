/** A slot's sheet before a stand-in of the gateway: laying over, merging, tempo mode, tail. */
import { describe, expect, test } from 'bun:test';
import { until } from '../judge/product.ts';
import { at } from '../support/at.ts';
import { makeStands, type Stand } from '../support/page-stand.ts';

const { desktop } = makeStands();

const sheet = (run: (stand: Stand) => Promise<void>) =>
  desktop(async (stand) => {
    await stand.page.getByRole('button', { name: /More about slot 1/ }).click();
    await stand.page.getByRole('textbox', { name: 'Name of slot 1' }).waitFor();
    await run(stand);
    expect(stand.faults).toEqual([]);
  });

/** Presses, and waits until as many commands of that name were sent. */
const press = async (stand: Stand, button: RegExp | string, count: () => number) => {
  const before = count();
  await stand.page.getByRole('button', { name: button }).first().click();
  for (let turn = 0; turn < 200 && count() === before; turn += 1) {
    await stand.page.waitForTimeout(10);
  }
  expect(count()).toBe(before + 1);
};

describe('the sheet of a slot', () => {
  test('lays what was just played over the loop, or takes it instead', () =>
    sheet(async (stand) => {
      const count = () => stand.sent('TRIGGER_SLOT').length;
      await press(stand, '2: capture the last 2 bars over this loop', count);
      await press(stand, '2: capture the last 2 bars into this slot', count);
      const [over, instead] = stand.sent('TRIGGER_SLOT');
      expect(over).toMatchObject({ slot: 0, bars: 2, mode: 'overdub' });
      expect(instead?.mode).toBeUndefined();
      expect(over?.at).toBeNumber();
    }));

  test('merges a loop that is heard into this slot', () =>
    sheet(async (stand) => {
      await press(stand, /^Merge slot \d into this slot/, () => stand.sent('MERGE_SLOTS').length);
      const merge = at(stand.sent('MERGE_SLOTS'), 0);
      expect(merge).toMatchObject({ to: 0 });
      expect(merge.from[0]).toBe(0);
      expect(merge.from).toHaveLength(2);
    }));

  test('shows how far a merge is whose effects are being printed, and cancels it', () =>
    sheet(async (stand) => {
      const shown = stand.page.locator('[data-merging]');
      expect(await shown.count()).toBe(0);
      stand.fixture.change(({ jobs }) => {
        const about = { code: 0, folder: '', files: [] };
        const running = { label: 'Merging', state: 'running', progress: 0.4, ...about } as const;
        jobs['one'] = { kind: 'merge', ...running };
        jobs['other'] = { kind: 'export', ...running };
      });
      await shown.waitFor();
      expect(await shown.locator('progress').getAttribute('value')).toBe('0.4');
      await press(stand, 'Cancel', () => stand.sent('CANCEL_JOB').length);
      expect(stand.sent('CANCEL_JOB')[0]).toMatchObject({ jobId: 'one' });
      stand.fixture.change(({ jobs }) => {
        delete jobs['one'];
      });
      await shown.waitFor({ state: 'detached' });
    }));

  test('chooses what the tempo does to it, and its tail', () =>
    sheet(async (stand) => {
      await press(stand, 'Pitch stays', () => stand.sent('SET_TEMPO_MODE').length);
      expect(stand.sent('SET_TEMPO_MODE')[0]).toMatchObject({ slot: 0, mode: 'stretch' });
      await press(stand, 'Tail off', () => stand.sent('SET_TAIL').length);
      expect(stand.sent('SET_TAIL')[0]).toMatchObject({ slot: 0, on: true });
    }));

  test('shows how far the sound is that is being made for it', () =>
    sheet(async ({ fixture, page }) => {
      const shown = page.locator('[data-rendering]');
      expect(await shown.count()).toBe(0);
      fixture.change(({ slots }) => {
        at(slots, 0).rendering = 0.4;
      });
      await shown.waitFor();
      expect(await shown.locator('progress').getAttribute('value')).toBe('0.4');
      fixture.change(({ slots }) => {
        at(slots, 0).rendering = null;
      });
      await shown.waitFor({ state: 'detached' });
    }));

  test('pan is heard while the hand moves, and its last value is answered', () =>
    sheet(async ({ fixture, page, sent }) => {
      const box = await page.getByRole('slider', { name: 'Pan' }).boundingBox();
      if (!box) throw new Error('no slider');
      const y = box.y + box.height / 2;
      await page.mouse.move(box.x + box.width / 2, y);
      await page.mouse.down();
      await page.mouse.move(box.x + box.width * 0.8, y, { steps: 4 });
      // The last of the four steps: the one before it is at 0.45.
      await until('the pan', () => at(fixture.state().slots, 0).pan > 0.5);
      const held = at(fixture.state().slots, 0).pan;
      expect(sent('SET_PAN').every(({ reqId }) => reqId === undefined)).toBe(true);
      await page.mouse.up();
      await until('the last one', () => sent('SET_PAN').at(-1)?.reqId !== undefined);
      expect(sent('SET_PAN').at(-1)).toMatchObject({ slot: 0, val: held });
    }));

  test('says when its bars were counted over a change of tempo or meter', () =>
    sheet(async ({ fixture, page }) => {
      const said = page.getByText('counted over a change of tempo or meter');
      expect(await said.count()).toBe(0);
      fixture.change(({ slots }) => {
        at(slots, 0).acrossChange = true;
      });
      await said.waitFor();
    }));

  test('puts a take back with its effects, or without', () =>
    sheet(async (stand) => {
      const count = () => stand.sent('RESTORE_TAKE').length;
      const takeId = at(stand.fixture.state().slots, 0).takeId ?? '';
      const isWithout = stand.page.getByRole('button', { name: /without$/ });
      expect(await isWithout.count()).toBe(0);
      stand.fixture.change(({ history }) => {
        for (const held of history.newest.flatMap(({ slots }) => slots)) {
          if (held.slot === 0 && held.takeId === takeId) held.dryTakeId = 'dry';
        }
      });
      await press(stand, /without$/, count);
      expect(stand.sent('RESTORE_TAKE')[0]).toMatchObject({ slot: 0, takeId, which: 'dry' });
      stand.fixture.change(({ slots }) => {
        at(slots, 0).takeId = 'dry';
      });
      await stand.page.getByRole('button', { name: /^sounding without$/ }).waitFor();
      await press(stand, /with effects$/, count);
      expect(stand.sent('RESTORE_TAKE')[1]).toMatchObject({ slot: 0, takeId, which: 'wet' });
    }));

  test('adjusts length, window and place, as far as they can be', () =>
    sheet(async (stand) => {
      const count = () => stand.sent('ADJUST_LOOP').length;
      await press(stand, /^×2: twice as long/, count);
      await press(stand, /^−1: what was played a beat before/, count);
      await press(stand, /^\+½: sounds half a beat later/, count);
      const bars = stand.sent('ADJUST_LOOP')[0]?.bars ?? NaN;
      expect(stand.sent('ADJUST_LOOP')).toMatchObject([
        { slot: 0, bars },
        { slot: 0, shiftBeats: -1 },
        { slot: 0, rotateBeats: 0.5 },
      ]);
      expect(Number.isInteger(bars)).toBeTrue();
    }));
});
