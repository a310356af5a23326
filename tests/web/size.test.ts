/** What the page costs: what is loaded before the first press, and what comes after. */
import { afterAll, beforeAll, expect, test } from 'bun:test';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ICONS } from '../../web/icon/emit-icons.ts';
import { type BuiltPage, buildPage } from '../support/built-page.ts';

const KB = 1000;
const FIRST_JS_KB = 40;
const LATER_JS_KB = 10;
/** Styles of the stage; those of a sheet come with it. */
const FIRST_CSS_KB = 6;
const ALL_CSS_KB = 16;

let built: BuiltPage;
beforeAll(async () => {
  built = await buildPage();
}, 60_000);
afterAll(() => built.remove());

const gzKb = (file: string) => Bun.gzipSync(readFileSync(file), { level: 9 }).length / KB;

test('the first script, later parts and styles are within their bounds', () => {
  const assets = join(built.dist, 'assets');
  const files = readdirSync(assets);
  const html = readFileSync(join(built.dist, 'index.html'), 'utf8');
  const sizes = files.map((name) => ({ name, kb: gzKb(join(assets, name)) }));
  const first = sizes.filter(({ name }) => name.endsWith('.js') && html.includes(name));
  const later = sizes.filter(({ name }) => name.endsWith('.js') && !html.includes(name));
  const css = sizes.filter(({ name }) => name.endsWith('.css'));
  const firstCss = css.filter(({ name }) => html.includes(name));
  const sum = (list: typeof sizes) => list.reduce((total, { kb }) => total + kb, 0);
  process.stderr.write(
    `page: first script ${sum(first).toFixed(1)} kB gz, styles ${sum(firstCss).toFixed(1)} of ${sum(css).toFixed(1)}, later ${later
      .map(({ kb }) => kb.toFixed(1))
      .join(' + ')}\n`,
  );
  expect(first.length).toBeLessThanOrEqual(2);
  expect(sum(first)).toBeLessThanOrEqual(FIRST_JS_KB);
  for (const { kb } of later) expect(kb).toBeLessThanOrEqual(LATER_JS_KB);
  expect(firstCss).toHaveLength(1);
  expect(sum(firstCss)).toBeLessThanOrEqual(FIRST_CSS_KB);
  expect(sum(css)).toBeLessThanOrEqual(ALL_CSS_KB);
});

test('no font, no picture but its sign and nothing from elsewhere is in it', () => {
  const files = readdirSync(built.dist, { recursive: true }).map(String);
  const pictures = files.filter((name) => /\.(woff2?|ttf|otf|png|jpg)$/.test(name));
  expect(pictures.toSorted()).toEqual(Object.keys(ICONS).toSorted());
  const html = readFileSync(join(built.dist, 'index.html'), 'utf8');
  expect(html.match(/https?:\/\//g)).toBeNull();
});
