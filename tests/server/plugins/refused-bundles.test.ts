/** What is never tried twice unasked, and looks that cannot be. */
import { describe, expect, test } from 'bun:test';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { classes, Desk, pluginOf } from './desk.ts';
import { moduleInfo, putBinary, putBundle } from './fake-bundles.ts';
import { SETTLED_MS, next, put, refused, settled } from './catalogue-rig.ts';

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
