/**
 * A phone in Chromium before a real gateway: scanned, let in by a cookie no script can read, forgotten.
 *
 * Its page comes under a name of the network, where a browser gives it less than on the computer.
 */
import { afterAll, beforeAll, expect, test } from 'bun:test';
import type { Browser, BrowserContext } from 'playwright-core';
import { LAN_NAME, type LanStage, useLanStages } from '../server/gateway/support/lan-stage.ts';
import { launchBrowser, openPage } from '../support/browser.ts';
import { type BuiltPage, buildPage } from '../support/built-page.ts';
import { PHONE } from '../support/page-stand.ts';

const setStage = useLanStages();
const CUT_MS = 1000;
let browser: Browser;
let built: BuiltPage;
beforeAll(async () => {
  const resolves = `--host-resolver-rules=MAP ${LAN_NAME} 127.0.0.1`;
  [browser, built] = await Promise.all([launchBrowser([resolves]), buildPage()]);
}, 60_000);
afterAll(async () => {
  await browser.close();
  built.remove();
});

const openPhone = (url: string) => openPage(browser, url, { viewport: PHONE, hasTouch: true });

const cookiesOf = (context: BrowserContext) => context.cookies();

const expectIn = async (phone: Awaited<ReturnType<typeof openPhone>>, stage: LanStage) => {
  await phone.page.locator('[data-pad="0"]').waitFor();
  await phone.page.getByRole('dialog').waitFor({ state: 'detached' });
  await phone.page.waitForFunction(() => document.querySelector('[data-live="true"]') !== null);
  expect(phone.page.url()).toBe(`http://${stage.host}/`);
};

test('scans, plays, comes back by itself, and is out when it is forgotten', async () => {
  const stage = setStage({ webFolder: built.dist });
  stage.engine();
  const { token } = await stage.offer();
  const phone = await openPhone(`http://${stage.host}/#pair=${token}`);
  const { page } = phone;
  await expectIn(phone, stage);
  // It knocks once before it shows what it brought.
  expect(phone.faults.filter((fault) => !/401|HTTP Authentication/.test(fault))).toEqual([]);
  const [cookie] = await cookiesOf(page.context());
  expect(cookie).toMatchObject({
    name: `flowzone-${stage.gateway.port}`,
    domain: LAN_NAME,
    httpOnly: true,
    sameSite: 'Strict',
  });
  expect(await page.evaluate(() => document.cookie)).toBe('');
  expect(await page.evaluate(() => isSecureContext)).toBe(false);

  await page.reload();
  await expectIn(phone, stage);
  const [device] = (await stage.list()).devices;
  expect(device?.pages).toBe(1);

  const started = performance.now();
  await stage.forget(device?.clientId ?? '');
  await page.getByRole('dialog', { name: 'Pair this device' }).waitFor();
  expect(performance.now() - started).toBeLessThan(CUT_MS);
  expect((await stage.list()).devices).toEqual([]);
  await phone.close();
}, 60_000);

test('a picture that was used before opens nothing; the code does', async () => {
  const stage = setStage({ webFolder: built.dist });
  stage.engine();
  const spent = await stage.offer();
  await stage.pair({ token: spent.token });
  const phone = await openPhone(`http://${stage.host}/#pair=${spent.token}`);
  const gate = phone.page.getByRole('dialog', { name: 'Pair this device' });
  await gate.getByRole('alert').getByText('used or older than five minutes').waitFor();
  expect(await cookiesOf(phone.page.context())).toEqual([]);
  const { code } = await stage.offer();
  await gate.getByLabel('Code of six digits').fill(`${code.slice(0, 3)} ${code.slice(3)}`);
  await phone.page.keyboard.press('Enter');
  await expectIn(phone, stage);
  await phone.close();
}, 60_000);

test('a foreign page that rebinds its name to this computer is not answered', async () => {
  const stage = setStage({ webFolder: built.dist });
  const { port } = stage.gateway;
  const rebound = await launchBrowser(['--host-resolver-rules=MAP evil.example 127.0.0.1']);
  const page = await rebound.newPage();
  const answer = await page.goto(`http://evil.example:${port}/`);
  expect(answer?.status()).toBe(403);
  expect(await page.innerText('body')).toContain('5005');
  await rebound.close();
}, 60_000);
