/** Chromium plays the real product through its page alone: headless engine, demo player. */
import { afterAll, beforeAll, expect, test } from 'bun:test';
import type { Browser, Page } from 'playwright-core';
import {
  FEATURE_HEADER,
  FEATURE_MAGIC,
  featureLayout,
  unpackCounts,
} from '../../protocol/features.ts';
import type { AppState } from '../../protocol/state.ts';
import { makeFolder, type Product, startProduct, until } from '../judge/product.ts';
import { launchBrowser, openPage, type WatchedPage } from '../support/browser.ts';
import { at } from '../support/at.ts';
import { correlation, readRing } from '../support/ring-reader.ts';

const DESKTOP = { width: 1440, height: 900 };
const PHONE = { width: 390, height: 844 };

let browser: Browser;
let product: Product;
let desk: WatchedPage;

beforeAll(async () => {
  [browser, product] = await Promise.all([
    launchBrowser(),
    startProduct(['--device', 'headless', '--bpm', '120'], { data: makeFolder() }),
  ]);
  desk = await openPage(browser, product.url, { viewport: DESKTOP, deviceScaleFactor: 2 });
  await desk.page.locator('[data-pad="0"][aria-disabled="false"]').waitFor();
});
afterAll(async () => {
  await browser?.close();
  await product?.stop();
});

const state = async (): Promise<AppState> =>
  (await product.json<{ data: AppState }>('/api/state')).data;

/** Waits until the engine has counted so many bars. */
const reachBar = async (page: Page, bar: number) => {
  await page.waitForFunction(
    (wanted) =>
      Number.parseInt(document.querySelector('[data-position]')?.textContent ?? '0', 10) >= wanted,
    bar,
    { timeout: 60_000 },
  );
};

/** A slot that plays; on a busy machine its take may have been touched by a dropout. */
const loopIn = (slot: number) =>
  `li:is([data-look="playing"], [data-look="gap"]):has([data-pad="${slot}"])`;

const capture = async (page: Page, slot: number, bars: 1 | 2 | 4 | 8) => {
  await page.locator(`[data-zone="${bars}"]`).click();
  await page.locator(loopIn(slot)).waitFor();
};

const wallMs = () => performance.timeOrigin + performance.now();

/** A client beside the page: the engine's phases, at any moment of the wall clock. */
const watchFrames = async () => {
  const { slots } = await state();
  const socket = new WebSocket(product.url.replace(/^http/, 'ws').replace(/\/?$/, '/ws'));
  socket.binaryType = 'arraybuffer';
  let best = { roundTripMs: Infinity, offsetMs: 0 };
  let newest: { serverMs: number; phases: number[]; msPerBeat: number } | undefined;
  const ping = () => socket.send(JSON.stringify({ cmd: 'PING', t0: wallMs() }));
  const timer = setInterval(() => socket.readyState === WebSocket.OPEN && ping(), 50);
  socket.addEventListener('open', () => socket.send('{"cmd":"HELLO"}'));
  socket.addEventListener('message', ({ data }) => {
    if (typeof data === 'string') {
      const message = JSON.parse(data) as { type: string; t0: number; t1: number };
      const roundTripMs = wallMs() - message.t0;
      if (message.type === 'PONG' && roundTripMs < best.roundTripMs) {
        best = { roundTripMs, offsetMs: message.t1 + roundTripMs / 2 - wallMs() };
      }
      return;
    }
    const words = new DataView(data as ArrayBuffer);
    const word = (name: keyof typeof FEATURE_HEADER) => FEATURE_HEADER[name] * 4;
    if (words.getUint32(0, true) !== FEATURE_MAGIC) return;
    socket.send(JSON.stringify({ cmd: 'ACK', seq: words.getUint32(word('seq'), true) }));
    const layout = featureLayout(unpackCounts(words.getUint32(word('counts'), true)));
    const rate = words.getFloat32(word('sampleRateHz'), true);
    newest = {
      serverMs: words.getUint32(word('serverTimeMs'), true),
      msPerBeat: (words.getFloat32(word('framesPerBeat'), true) / rate) * 1000,
      phases: slots.map((_, slot) => words.getFloat32((layout.slots + slot * 3 + 2) * 4, true)),
    };
  });
  await until('frames and a clock', () => newest !== undefined && best.roundTripMs < 50);
  return {
    close() {
      clearInterval(timer);
      socket.close();
    },
    phaseAt(slot: number, atMs: number) {
      if (!newest) return Number.NaN;
      const passedMs = atMs + best.offsetMs - newest.serverMs;
      const turns = passedMs / (newest.msPerBeat * at(slots, slot).lengthBeats);
      return at(newest.phases, slot) + turns;
    },
  };
};

test('the first loop is made with one press within a minute, and is saved', async () => {
  const { page } = desk;
  await page.getByText('Press any strip zone:').waitFor();
  await reachBar(page, 3);
  await capture(page, 0, 2);
  await until('saved', async () => at((await state()).slots, 0).saved);
  await page.locator('header').getByText('Saved').waitFor();
  expect(await page.getByText('Press any strip zone:').count()).toBe(0);
}, 90_000);

test('two takes draw two rings, and each is the one of its overview', async () => {
  const { page } = desk;
  await reachBar(page, 9);
  await capture(page, 1, 4);
  const rings: number[][] = [];
  const overviews: number[][] = [];
  for (const slot of [0, 1]) {
    const { takeId } = at((await state()).slots, slot);
    const bytes = new Int8Array(
      await (await product.get(`/api/takes/${takeId}/peaks?n=512`)).arrayBuffer(),
    );
    overviews.push(
      Array.from({ length: 128 }, (_, part) =>
        Math.max(...Array.from({ length: 4 }, (__, i) => bytes[(part * 4 + i) * 2 + 1] ?? 0)),
      ),
    );
    const fits = async () => {
      const { reach } = await readRing(page, slot);
      return correlation(reach, at(overviews, slot)) > 0.85 ? reach : undefined;
    };
    rings.push([...(await until(`ring ${slot} like its overview`, fits))]);
  }
  expect(correlation(at(rings, 0), at(rings, 1))).toBeLessThan(0.8);
  expect(correlation(at(rings, 0), at(overviews, 1))).toBeLessThan(0.8);
}, 90_000);

test('the hand is where the music is, within one paint', async () => {
  const { page } = desk;
  const frames = await watchFrames();
  const errorsMs: number[] = [];
  let paintMs = 0;
  const { bpm } = (await state()).transport;
  const loopMs = (at((await state()).slots, 1).lengthBeats * 60_000) / bpm;
  for (let n = 0; n < 25; n++) {
    const ring = await readRing(page, 1);
    const expected = frames.phaseAt(1, ring.wallMs);
    const off = ring.hand - expected - Math.round(ring.hand - expected);
    errorsMs.push(Math.abs(off) * loopMs);
    paintMs = Math.max(paintMs, Math.min(ring.paintMs, 50));
  }
  frames.close();
  const median = at(
    errorsMs.toSorted((a, b) => a - b),
    12,
  );
  process.stderr.write(
    `hand against frames: median ${median.toFixed(1)} ms, paint ${paintMs.toFixed(1)} ms\n`,
  );
  expect(median).toBeLessThanOrEqual(Math.max(16.7, paintMs));
}, 60_000);

test('mute, volume, undo, redo and recall do what the page says', async () => {
  const { page } = desk;
  await page.getByRole('button', { name: 'M: mute slot 1' }).click();
  await page.locator('li[data-look="muted"]:has([data-pad="0"])').waitFor();
  await until('muted', async () => at((await state()).slots, 0).muted);
  await page.getByRole('button', { name: 'M: mute slot 1' }).click();
  await until('unmuted', async () => !at((await state()).slots, 0).muted);

  await page.locator('[data-do="undo"]').getByText('4 bars into').waitFor();
  await page.locator('[data-do="undo"]').click();
  await page.locator('li[data-look="target"]:has([data-pad="1"])').waitFor();
  await page.locator('[data-do="redo"]').getByText('4 bars into').waitFor();
  await page.locator('[data-do="redo"]').click();
  await page.locator(loopIn(1)).waitFor();

  const { history } = await state();
  const first = history.newest.find(({ slots }) => slots.length === 1);
  await page.locator(`[data-riff="${first?.id}"]`).click();
  await until('recalled', async () => (await state()).history.head === first?.id);
  await page.locator('[data-do="redo"]').waitFor();
}, 60_000);

test('the gateway is killed: said after a second at most, back by itself, the loops go on', async () => {
  const { page } = desk;
  const before = await product.json<{ blocks: number; gatewayPid: number }>('/api/health');
  process.kill(before.gatewayPid, 'SIGKILL');
  await until('another gateway', async () => {
    try {
      const now = await product.json<{ gatewayPid: number }>('/api/health');
      return now.gatewayPid !== before.gatewayPid;
    } catch {
      return false;
    }
  });
  await page.locator('[data-pad="0"][aria-disabled="false"]').waitFor({ timeout: 3000 });
  const revision = (await state()).meta.revisionId;
  await page.getByRole('button', { name: 'M: mute slot 1' }).click();
  await until('it plays on', async () => (await state()).meta.revisionId > revision);
}, 60_000);

test('the engine is killed: the page is live again by itself, with the loops', async () => {
  const { page } = desk;
  const before = await product.json<{ enginePid: number; epoch: string }>('/api/health');
  const loops = await page.locator('li[data-content="loop"]').count();
  process.kill(before.enginePid, 'SIGKILL');
  await until('another engine', async () => {
    const { epoch } = await product.json<{ epoch: string }>('/api/state');
    return epoch !== undefined && epoch !== before.epoch;
  });
  await page.locator('[data-pad="0"][aria-disabled="false"]').waitFor({ timeout: 5000 });
  // The new engine is there before it has read its loops.
  await until(
    'the loops are back',
    async () => (await page.locator('li[data-content="loop"]').count()) === loops,
  );
  const moved = async () => {
    const { hand } = await readRing(page, 0);
    return hand;
  };
  const from = await moved();
  await until('the hand turns', async () => Math.abs((await moved()) - from) > 0.01);
}, 60_000);

test('two devices see the same; on the phone nothing scrolls', async () => {
  const phone = await openPage(browser, product.url, {
    viewport: PHONE,
    hasTouch: true,
    deviceScaleFactor: 2,
  });
  const { page } = phone;
  await page.locator('[data-pad="0"][aria-disabled="false"]').waitFor();
  const loops = (from: Page) => from.locator('li[data-content="loop"]').count();
  await until('the same loops', async () => (await loops(page)) === (await loops(desk.page)));
  const hasScroll = await page.evaluate(
    () => document.documentElement.scrollHeight > window.innerHeight,
  );
  expect(hasScroll).toBe(false);
  expect(phone.faults).toEqual([]);
  await phone.close();
}, 60_000);
