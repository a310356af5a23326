/** Audio Units: one bundle that is none, which each engine asks for anew. */
import { describe, expect, test } from 'bun:test';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { ERRORS } from '../../../protocol/errors.ts';
import { pluginFolders } from '../../../server/plugins/folders.ts';
import { ScanAnswer } from '../../../server/plugins/scan-answer.ts';
import { UNITS } from '../../../server/plugins/units.ts';
import { classIdOf } from '../../../server/session/chains/plugin-spec.ts';
import { next, put, refused, SETTLED_MS } from './catalogue-rig.ts';
import { classes, Desk, pluginOf } from './desk.ts';
import { classLine, idOf, makeFolder, tells } from './fake-bundles.ts';

const withUnits = () => {
  const components = makeFolder();
  return { components, desk: new Desk({ components }) };
};

describe('Audio Units', () => {
  test('are looked for on a Mac only, and not where other folders are named', () => {
    expect(pluginFolders({}, 'darwin', '/player')).toContain(UNITS);
    expect(pluginFolders({}, 'linux', '/player')).not.toContain(UNITS);
    expect(pluginFolders({ FLOWZONE_PLUGIN_PATH: '/a' }, 'darwin', '/player')).toEqual(['/a']);
  });

  test('are told by a child, beside bundles, and by each engine anew', async () => {
    const { components, desk } = withUnits();
    put(desk, 'Piano');
    desk.pass(SETTLED_MS);
    desk.catalogue.look();
    expect(desk.begun.toSorted()).toEqual([join(desk.folder, 'Piano.vst3'), UNITS].toSorted());
    await desk.finish((path) => classes(pluginOf(path === UNITS ? 1 : 2, path)));
    expect(desk.bundles.find(({ path }) => path === UNITS)).toMatchObject({
      name: 'Audio Units',
      isConfirmed: true,
      classes: [{ name: UNITS }],
      refusal: null,
    });
    const later = next(desk, { components });
    later.catalogue.look();
    expect(later.begun).toEqual([UNITS]);
    await later.finish(() => classes());
  });

  test('are asked for again when a component comes, and not when something else changes', async () => {
    const { components, desk } = withUnits();
    desk.catalogue.look();
    await desk.finish(() => classes(pluginOf(1, 'One')));
    desk.catalogue.look();
    expect(desk.begun).toEqual([UNITS]);
    mkdirSync(join(components, 'New.component'));
    desk.catalogue.look();
    expect(desk.begun).toEqual([UNITS, UNITS]);
    // What was known stands until then.
    expect(desk.bundles).toMatchObject([{ classes: [{ name: 'One' }] }]);
    await desk.finish(() => classes(pluginOf(1, 'One'), pluginOf(2, 'Two')));
    expect(desk.bundles).toMatchObject([{ classes: [{ name: 'One' }, { name: 'Two' }] }]);
  });

  test('are asked for again when the player looks for plug-ins', async () => {
    const { desk } = withUnits();
    desk.catalogue.look();
    await desk.finish(() => classes(pluginOf(1, 'One')));
    desk.catalogue.rescan();
    expect(desk.begun).toEqual([UNITS, UNITS]);
    await desk.finish(() => classes(pluginOf(2, 'Two')));
    expect(desk.bundles).toMatchObject([{ classes: [{ name: 'Two' }] }]);
    expect(desk.rescans.at(-1)).toMatchObject({ state: 'done', progress: 1 });
  });

  test('are refused together when the child hangs, and tried again on request', async () => {
    const { desk } = withUnits();
    const { code } = ERRORS.ERR_PLUGIN_SCAN_HUNG;
    desk.catalogue.look();
    await desk.finish(() => refused(code));
    desk.catalogue.look();
    expect(desk.begun).toEqual([UNITS]);
    expect(desk.bundles).toMatchObject([{ refusal: { code } }]);
    desk.catalogue.rescan();
    await desk.finish(() => classes(pluginOf(1, 'One')));
    expect(desk.bundles).toMatchObject([{ refusal: null, classes: [{ name: 'One' }] }]);
  });

  test('have an id of their own kind, with the bytes that the host makes them of', () => {
    const answer = new ScanAnswer();
    const unit = classLine(0x67, 'Gain', { category: 'Audio Unit', subCategories: 'Fx' });
    const lines = tells(unit, classLine(0x68, 'Hall')).replaceAll(/^echo '(.*)'$/gm, '$1');
    answer.take(new TextEncoder().encode(`${lines}\n`));
    const ids = answer.classes?.map(({ pluginId }) => pluginId);
    expect(ids).toEqual([`au:${idOf(0x67)}`, `vst3:${idOf(0x68)}`]);
    expect(classIdOf(`au:${idOf(0x67)}`)).toEqual([0, 0, 0, 0x67000000]);
  });
});
