/** What is told of the folders' bundles: at the start, after changes, and what is never tried twice. */
import { describe, expect, test } from 'bun:test';
import { readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { LIMITS } from '../../../protocol/limits.ts';
import { classes, Desk, pluginOf } from './desk.ts';
import { moduleInfo, putBinary, putBundle } from './fake-bundles.ts';
import { SETTLED_MS, next, put, settled } from './catalogue-rig.ts';

describe('the look for plug-ins', () => {
  test('tells what bundles say at once, and what was seen once a child has ended', async () => {
    const desk = settled(['Piano'], { info: moduleInfo(5, 'Piano') });
    desk.catalogue.look();
    expect(desk.bundles).toMatchObject([
      { name: 'Piano', isConfirmed: false, classes: [{ kind: 'instrument' }] },
    ]);
    expect(desk.waiting).toBe(1);
    await desk.finish(() => classes(pluginOf(5, 'Piano 2')));
    expect(desk.bundles).toMatchObject([{ isConfirmed: true, classes: [{ name: 'Piano 2' }] }]);
    expect(desk.waiting).toBe(0);
  });

  test('has two children at most at a time', async () => {
    const desk = settled(['A', 'B', 'C', 'D', 'E']);
    desk.catalogue.look();
    expect(desk.children).toHaveLength(2);
    expect(desk.waiting).toBe(5);
    let most = 0;
    desk.onStart = () => {
      most = Math.max(most, desk.children.length + 1);
    };
    await desk.finish(() => classes(pluginOf(1, 'x')));
    expect(most).toBe(2);
    expect(desk.begun).toHaveLength(5);
  });

  test('is over at once for what is known: the next engine starts no child', async () => {
    const desk = settled(['A', 'B']);
    desk.catalogue.look();
    await desk.finish((path) => classes(pluginOf(path.endsWith('A.vst3') ? 1 : 2, path)));
    const later = next(desk);
    later.catalogue.look();
    expect(later.begun).toEqual([]);
    expect(later.bundles).toEqual(desk.bundles);
    expect(later.bundles).toMatchObject([{ isConfirmed: true }, { isConfirmed: true }]);
  });

  test('finds bundles in makers’ folders and behind links, each once', async () => {
    const desk = new Desk();
    const maker = join(desk.folder, 'Maker');
    const real = putBundle(maker, 'Deep', { script: 'x' });
    symlinkSync(real, join(desk.folder, 'Link.vst3'));
    symlinkSync(desk.folder, join(maker, 'round'));
    desk.pass(SETTLED_MS);
    desk.catalogue.look();
    expect(desk.begun).toEqual([real]);
    expect(desk.looked.at(-1)).toContain(maker);
    await desk.finish(() => classes());
  });

  test('has no folders: nothing is told', () => {
    const desk = new Desk();
    rmSync(desk.folder, { recursive: true });
    desk.catalogue.look();
    expect(desk.news).toEqual([]);
  });
});

describe('a bundle that changes', () => {
  test('is looked at two seconds after its last byte, and not before', async () => {
    const desk = new Desk();
    const path = put(desk, 'New');
    desk.catalogue.look();
    expect([desk.begun, desk.bundles, desk.waiting]).toEqual([[], [], 1]);
    desk.pass(LIMITS.pluginSettleMs - 100);
    putBinary(path, 'New', 'exit 0 # one more byte');
    desk.pass(LIMITS.pluginSettleMs - 10);
    expect(desk.begun).toEqual([]);
    desk.pass(500);
    expect(desk.begun).toEqual([path]);
    await desk.finish(() => classes(pluginOf(1, 'New')));
    expect(desk.bundles).toMatchObject([{ isConfirmed: true }]);
  });

  test('is looked at again; until then what was known of it is offered', async () => {
    const desk = settled(['A']);
    desk.catalogue.look();
    await desk.finish(() => classes(pluginOf(1, 'Old')));
    putBinary(join(desk.folder, 'A.vst3'), 'A', 'exit 0 # version 2');
    desk.catalogue.look();
    expect(desk.bundles).toMatchObject([{ classes: [{ name: 'Old' }] }]);
    desk.pass(SETTLED_MS);
    await desk.finish(() => classes(pluginOf(1, 'New')));
    expect(desk.begun).toHaveLength(2);
    expect(desk.bundles).toMatchObject([{ classes: [{ name: 'New' }] }]);
  });

  test('while a child looks at it is looked at once more, and the old answer is dropped', async () => {
    const desk = settled(['A']);
    desk.catalogue.look();
    const [first] = desk.children;
    putBinary(join(desk.folder, 'A.vst3'), 'A', 'exit 0 # version 2');
    desk.catalogue.look();
    desk.pass(SETTLED_MS);
    first?.end(classes(pluginOf(1, 'Old')));
    await new Promise(setImmediate);
    expect(desk.bundles).toMatchObject([{ classes: [], isConfirmed: false }]);
    await desk.finish(() => classes(pluginOf(1, 'New')));
    expect(desk.bundles).toMatchObject([{ classes: [{ name: 'New' }] }]);
  });

  test('that goes is told as gone, and nothing is kept of it', async () => {
    const desk = settled(['A', 'B']);
    desk.catalogue.look();
    await desk.finish(() => classes(pluginOf(1, 'x')));
    rmSync(join(desk.folder, 'A.vst3'), { recursive: true });
    desk.catalogue.look();
    expect(desk.bundles.map(({ name }) => name)).toEqual(['B']);
    const kept = readFileSync(join(desk.dataFolder, 'plugins', 'known.json'), 'utf8');
    expect(kept).not.toContain('A.vst3');
  });

  test('that is moved whole under another name is a new one', async () => {
    const desk = settled(['A']);
    desk.catalogue.look();
    await desk.finish(() => classes(pluginOf(1, 'x')));
    renameSync(join(desk.folder, 'A.vst3'), join(desk.folder, 'Z.vst3'));
    desk.catalogue.look();
    desk.pass(SETTLED_MS);
    await desk.finish(() => classes(pluginOf(1, 'x')));
    expect(desk.bundles.map(({ name }) => name)).toEqual(['Z']);
  });
});

test('what a long look has found is on disk before it is over', async () => {
  const desk = settled(['A', 'B', 'C', 'D']);
  desk.catalogue.look();
  desk.pass(2000);
  desk.children[0]?.end(classes(pluginOf(1, 'First')));
  await new Promise(setImmediate);
  // This engine is killed here.
  const later = next(desk);
  later.catalogue.look();
  expect(later.bundles.find(({ name }) => name === 'A')).toMatchObject({ isConfirmed: true });
});
