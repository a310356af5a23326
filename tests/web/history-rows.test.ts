/** Rows of the history beyond the newest: none goes missing, and none of another session stays. */
import { expect, test } from 'bun:test';
import type { Page } from 'playwright-core';
import type { AppState, RiffRow } from '../../protocol/state.ts';
import { ROW_PX } from '../../web/stage/create-row-window.ts';
import { until } from '../judge/product.ts';
import { find, oldRiff, rows } from '../support/history-stand.ts';
import { makeStands, type Stand } from '../support/page-stand.ts';

const { desktop } = makeStands();

const NEWEST = 32;

/** Riffs from one number on, the newest first. */
const riffsFrom = (first: number, count: number): RiffRow[] =>
  Array.from({ length: count }, (_, place) => first + count - 1 - place).map((seq) => ({
    ...oldRiff,
    id: `00000000-0000-4000-8000-${(0xe0000 + seq).toString(16).padStart(12, '0')}`,
    seq,
    cause: 'CAPTURE',
    slot: 0,
    bars: 4,
    label: '',
  }));

const show = ({ history }: AppState, newest: RiffRow[], count: number) =>
  Object.assign(history, { newest, count, head: newest[0]?.id, redoIds: [] });

/** As the session does after that many captures. */
const capture = ({ history }: AppState, count: number) => {
  const newer = riffsFrom((history.newest[0]?.seq ?? 0) + 1, count);
  const newest = [...newer, ...history.newest].slice(0, NEWEST);
  Object.assign(history, { newest, count: history.count + count, head: newest[0]?.id });
};

const older = ({ page }: Stand) => page.getByRole('button', { name: 'Older riffs' });

const withOlder = async (stand: Stand) => {
  stand.fixture.riffs.push(...riffsFrom(0, 10));
  stand.fixture.change((state) => show(state, riffsFrom(10, NEWEST), 10 + NEWEST));
  await older(stand).click();
  await until('all rows', async () => (await rows(stand).count()) === 10 + NEWEST);
};

test('what the newest push out stays between them and the older ones', () =>
  desktop(async (stand) => {
    await withOlder(stand);
    for (let turn = 0; turn < 5; turn += 1) stand.fixture.change((state) => capture(state, 1));
    await until('the newest', async () => (await rows(stand).count()) === 10 + NEWEST + 5);
    const ids = riffsFrom(0, 10 + NEWEST + 5).map(({ id }) => id);
    const shown = await rows(stand).evaluateAll((all) =>
      all.map((row) => row.getAttribute('data-riff')),
    );
    expect(shown).toEqual(ids);
    expect(await older(stand).count()).toBe(0);
  }));

test('after more at once than are told, the older ones are asked for again', () =>
  desktop(async (stand) => {
    await withOlder(stand);
    stand.fixture.change((state) => capture(state, NEWEST));
    await until('the newest alone', async () => (await rows(stand).count()) === NEWEST);
    await older(stand).waitFor();
  }));

test('with another session the rows, what was found and the end are those of that one', () =>
  desktop(async (stand) => {
    await withOlder(stand);
    const none = stand.page.waitForResponse('**/api/riffs?q=tape*');
    await find(stand).fill('tape');
    await (await none).finished();
    stand.fixture.riffs.splice(0, 10, { ...oldRiff, label: 'Tape of the other' });
    stand.fixture.change((state) => {
      state.meta.sessionId = '00000000-0000-4000-8000-0000000000aa';
      show(state, riffsFrom(500, 3), 4);
    });
    await rows(stand).filter({ hasText: 'Tape of the other' }).waitFor();
    await find(stand).fill('');
    await until('three rows', async () => (await rows(stand).count()) === 3);
    await older(stand).click();
    await until('and the fourth', async () => (await rows(stand).count()) === 4);
  }));

test('older rows that come after another session was opened are not taken for its own', () =>
  desktop(async (stand) => {
    const { fixture, page } = stand;
    fixture.riffs.push(...riffsFrom(0, 10));
    fixture.change((state) => show(state, riffsFrom(10, NEWEST), 10 + NEWEST));
    let answer = () => {};
    const held = new Promise<void>((resolve) => {
      answer = resolve;
    });
    await page.route('**/api/riffs?*', async (route) => {
      await held;
      await route.continue();
    });
    const came = page.waitForResponse('**/api/riffs?*');
    await older(stand).click();
    fixture.change((state) => {
      state.meta.sessionId = '00000000-0000-4000-8000-0000000000aa';
      show(state, riffsFrom(500, 3), 9);
    });
    await until('the other session', async () => (await rows(stand).count()) === 3);
    answer();
    await (await came).finished();
    await page.evaluate(() => new Promise(requestAnimationFrame));
    expect(await rows(stand).count()).toBe(3);
  }));

/** Riffs whose pictures were drawn since. */
const watchPictures = (page: Page) =>
  page.evaluate(() => {
    const drawn: string[] = [];
    const { clearRect } = CanvasRenderingContext2D.prototype;
    CanvasRenderingContext2D.prototype.clearRect = function clear(...box) {
      const riff = this.canvas.closest('[data-riff]')?.getAttribute('data-riff');
      if (riff) drawn.push(riff);
      clearRect.apply(this, box);
    };
    Object.assign(window, { drawn });
  });

const drawn = (page: Page) => page.evaluate(() => Reflect.get(window, 'drawn') as string[]);

test('an overview that comes draws the pictures that show it, and no other', () =>
  desktop(async (stand) => {
    const { fixture, page } = stand;
    await page.waitForLoadState('networkidle');
    await watchPictures(page);
    const [riff] = riffsFrom(600, 1);
    if (!riff) throw new Error('no riff');
    const takeId = '00000000-0000-4000-8000-000000000063';
    const came = page.waitForResponse(`**/api/takes/${takeId}/**`);
    fixture.change(({ history }) => {
      history.newest.unshift({ ...riff, slots: [{ slot: 0, takeId, bars: 4 }] });
    });
    await (await came).finished();
    await until('drawn twice', async () => (await drawn(page)).length >= 2);
    expect(new Set(await drawn(page))).toEqual(new Set([riff.id]));
  }));

test('beside a slot that is opened and closed, search, rows and place stay as they were', () =>
  desktop(async (stand) => {
    const { page } = stand;
    await withOlder(stand);
    const list = page.locator('section[aria-label="History"] > [tabindex="-1"]');
    const topPx = () => list.evaluate((box) => box.scrollTop);
    const look = async () => {
      await page.getByRole('button', { name: /More about slot 3/ }).click();
      await page.getByRole('textbox', { name: 'Name of slot 3' }).waitFor();
      await page.getByRole('button', { name: 'Close', exact: true }).click();
      await find(stand).waitFor();
    };
    await list.evaluate((box) => box.scrollTo(0, 900));
    await look();
    expect(await topPx()).toBe(900);
    expect(await rows(stand).count()).toBe(10 + NEWEST);
    await find(stand).fill('bagpipes');
    await page.getByText('No riff like that.').waitFor();
    await look();
    expect(await find(stand).inputValue()).toBe('bagpipes');
    expect(await rows(stand).count()).toBe(0);
  }));

test('of thousands of riffs those around what is seen are on the page, wherever that is', () =>
  desktop(async (stand) => {
    const { faults, fixture, page } = stand;
    const many = 3000;
    fixture.riffs.push(...riffsFrom(0, many));
    fixture.change((state) => show(state, riffsFrom(many, NEWEST), many + NEWEST));
    await older(stand).click();
    await older(stand).waitFor({ state: 'detached' });
    const ids = riffsFrom(0, many + NEWEST).map(({ id }) => id);
    const list = page.locator('section[aria-label="History"] > [tabindex="-1"]');
    await until('room for all', () =>
      list.evaluate((box, px) => box.scrollHeight >= px, ids.length * ROW_PX),
    );
    for (const place of [0, 1500, 40, 2999, ids.length - 8, 777]) {
      await list.evaluate((box, px) => box.scrollTo(0, px), place * ROW_PX);
      // Every row that is seen, from edge to edge.
      for (const id of ids.slice(place + 1, place + 7)) {
        await page.locator(`[data-riff="${id}"]`).waitFor();
      }
      expect(await rows(stand).count()).toBeLessThan(80);
      expect(await list.evaluate((box) => box.querySelectorAll('*').length)).toBeLessThan(4000);
    }
    expect(await page.locator('[data-fresh="true"]').count()).toBeLessThan(80);
    await page.getByRole('button', { name: 'Undo' }).click({ button: 'right' });
    await page.locator(`[data-riff="${ids[0]}"]`).waitFor();
    expect(await list.evaluate((box) => box.scrollTop)).toBe(0);
    expect(faults).toEqual([]);
  }));
