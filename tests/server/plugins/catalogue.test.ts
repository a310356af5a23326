/** What is told of the folders' bundles: at the start, after changes, and what is never tried twice. */
import { describe, expect, test } from 'bun:test';
import { mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LIMITS } from '../../../protocol/limits.ts';
import { classes, Desk, pluginOf } from './desk.ts';
import { moduleInfo, putBinary, putBundle } from './fake-bundles.ts';

const SETTLED_MS = LIMITS.pluginSettleMs + 300;
const refused = (code: number, detail = '') =>
  ({ t: 'refused', refusal: { code, detail } }) as const;

const put = (desk: Desk, name: string, more = {}) =>
  putBundle(desk.folder, name, { script: 'exit 0', ...more });

/** Some bundles that have lain there for long. */
const settled = (names: readonly string[], more = {}) => {
  const desk = new Desk();
  for (const name of names) put(desk, name, more);
  desk.nowMs += SETTLED_MS;
  return desk;
};

/** Another engine with the same folders. */
const next = ({ dataFolder, folder, nowMs }: Desk, more = {}) => {
  const desk = new Desk({ dataFolder, folder, ...more });
  desk.nowMs = nowMs;
  return desk;
};

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

describe('a bundle that is refused', () => {
  test('is never tried again unasked, not by the next engine either', async () => {
    const desk = settled(['Bad', 'Good']);
    desk.catalogue.look();
    await desk.finish((path) =>
      path.endsWith('Bad.vst3') ? refused(3010, 'SIGSEGV') : classes(pluginOf(1, 'Good')),
    );
    expect(desk.bundles).toMatchObject([
      { name: 'Bad', classes: [], refusal: { code: 3010, detail: 'SIGSEGV' } },
      { name: 'Good', refusal: null },
    ]);
    const later = next(desk);
    later.catalogue.look();
    expect([later.begun, later.bundles]).toEqual([[], desk.bundles]);
  });

  test('is tried again when the player asks, with progress; what is known is not', async () => {
    const desk = settled(['Bad', 'Good', 'Hung']);
    desk.catalogue.look();
    await desk.finish((path) => (path.endsWith('Good.vst3') ? classes() : refused(3011)));
    desk.begun.length = 0;
    desk.catalogue.rescan();
    expect(desk.rescans.at(-1)).toMatchObject({ state: 'running', progress: 0 });
    await desk.finish((path) => (path.endsWith('Bad.vst3') ? classes() : refused(3011)));
    expect(desk.begun.map((path) => path.slice(-8))).toEqual(['Bad.vst3', 'ung.vst3']);
    const shares = desk.rescans.map(({ progress, state }) => [state, progress]);
    expect(shares).toEqual([
      ['running', 0],
      ['running', 0],
      ['running', 0.5],
      ['done', 1],
    ]);
    expect(desk.bundles.map(({ refusal }) => refusal?.code)).toEqual([undefined, undefined, 3011]);
  });

  test('is void when its binary is another one', async () => {
    const desk = settled(['Bad']);
    desk.catalogue.look();
    await desk.finish(() => refused(3010));
    putBinary(join(desk.folder, 'Bad.vst3'), 'Bad', 'exit 0 # mended');
    const later = next(desk);
    later.nowMs += SETTLED_MS;
    later.catalogue.look();
    await later.finish(() => classes(pluginOf(1, 'Bad')));
    expect(later.bundles).toMatchObject([{ isConfirmed: true, refusal: null }]);
  });

  test('was written down before its child started: who dies with it does not try it again', async () => {
    const desk = settled(['A', 'B', 'C']);
    const denied: string[] = [];
    desk.onStart = () =>
      denied.push(readFileSync(join(desk.dataFolder, 'plugins', 'denied.json'), 'utf8'));
    desk.catalogue.look();
    expect(denied[0]).toContain('A.vst3');
    expect(denied[1]).toContain('B.vst3');
    // This engine is killed here, with two children at work.
    const later = next(desk);
    later.catalogue.look();
    expect(later.begun.map((path) => path.slice(-6))).toEqual(['C.vst3']);
    expect(later.bundles.map(({ refusal }) => refusal?.code)).toEqual([3014, 3014, undefined]);
    later.catalogue.rescan();
    await later.finish(() => classes(pluginOf(1, 'x')));
    expect(later.bundles.every(({ isConfirmed }) => isConfirmed)).toBeTrue();
  });

  test('is not the one whose engine ended in order', async () => {
    const desk = settled(['A']);
    desk.catalogue.look();
    await desk.catalogue.end();
    const later = next(desk);
    later.catalogue.look();
    expect(later.begun).toHaveLength(1);
    await later.finish(() => classes(pluginOf(1, 'x')));
  });

  test('without a part for this computer or cut off needs no child', () => {
    const desk = new Desk();
    putBundle(desk.folder, 'Foreign', {});
    const path = put(desk, 'Torn');
    const elf = Buffer.alloc(128);
    elf.write('7f454c4602', 'hex');
    elf.writeBigUInt64LE(4096n, 40);
    elf.writeUInt16LE(64, 58);
    elf.writeUInt16LE(20, 60);
    const [part = ''] = desk.folder ? [...new Bun.Glob('Contents/*/*.so').scanSync(path)] : [];
    writeFileSync(join(path, part), elf);
    desk.pass(SETTLED_MS);
    desk.catalogue.look();
    expect(desk.begun).toEqual([]);
    expect(desk.bundles.map(({ refusal }) => refusal)).toEqual([
      { code: 3012, detail: '' },
      { code: 3013, detail: 'its file is cut off' },
    ]);
  });
});

describe('a look that cannot be', () => {
  test('without a host: what bundles say stays, nobody is blamed, and asking fails', async () => {
    const desk = settled(['A', 'B'], { info: moduleInfo(5, 'Piano') });
    desk.catalogue.look();
    await desk.finish(() => ({ t: 'noHost', why: 'ENOENT' }));
    expect(desk.bundles).toMatchObject([{ refusal: null }, { refusal: null }]);
    expect(desk.news).toContainEqual(expect.objectContaining({ t: 'trouble', why: 'ENOENT' }));
    desk.catalogue.rescan();
    await desk.finish(() => ({ t: 'noHost', why: 'ENOENT' }));
    expect(desk.rescans.at(-1)).toMatchObject({ state: 'failed', code: 3015 });
    expect(desk.waiting).toBe(0);
  });

  test('on a disk that takes nothing: no child is started', () => {
    const desk = settled(['A']);
    // A file where the folder should be.
    writeFileSync(join(desk.dataFolder, 'plugins'), '');
    desk.catalogue.look();
    expect(desk.begun).toEqual([]);
    expect(desk.news).toContainEqual(
      expect.objectContaining({ t: 'trouble', what: 'A could not be looked at' }),
    );
  });

  test('with torn files of its own: it begins anew', async () => {
    const desk = settled(['A']);
    mkdirSync(join(desk.dataFolder, 'plugins'));
    writeFileSync(join(desk.dataFolder, 'plugins', 'known.json'), '[{"key"');
    writeFileSync(join(desk.dataFolder, 'plugins', 'denied.json'), '[{"key": 1}, null]');
    const later = next(desk);
    later.catalogue.look();
    expect(later.begun).toHaveLength(1);
    await later.finish(() => classes(pluginOf(1, 'x')));
  });

  test('in Safe Mode: only what is known is told, until the player asks', async () => {
    const desk = settled(['A']);
    const safe = next(desk, { isQuiet: true });
    safe.catalogue.look();
    expect([safe.begun, safe.looked]).toEqual([[], []]);
    safe.catalogue.rescan();
    await safe.finish(() => classes(pluginOf(1, 'x')));
    expect(safe.bundles).toMatchObject([{ isConfirmed: true }]);
  });

  test('that is cancelled blames nobody and says so', async () => {
    const desk = settled(['A', 'B', 'C']);
    desk.catalogue.rescan();
    await desk.catalogue.cancel();
    expect(desk.rescans.at(-1)).toMatchObject({ state: 'cancelled' });
    expect(desk.waiting).toBe(0);
    desk.catalogue.rescan();
    await desk.finish(() => classes(pluginOf(1, 'x')));
    expect(desk.rescans.at(-1)).toMatchObject({ state: 'done', progress: 1 });
    expect(desk.bundles).toHaveLength(3);
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
