/** What a bundle says of itself, for the list. */
import { expect, test } from 'bun:test';
import { LIMITS } from '../../../protocol/limits.ts';
import { classesOfModuleInfo } from '../../../server/plugins/module-info.ts';
import { idOf, moduleInfo } from './fake-bundles.ts';

test('only what sounds is a plug-in, and its id is the same however it is written', () => {
  expect(classesOfModuleInfo(moduleInfo(0xab, 'Piano'))).toEqual([
    {
      pluginId: `vst3:${idOf(0xab)}`,
      name: 'Piano',
      vendor: 'Maker',
      version: '1.2.0',
      kind: 'instrument',
      categories: ['Instrument', 'Synth'],
    },
  ]);
});

test('what is not understood offers nothing', () => {
  for (const text of [null, '', 'x', '[]', '{"Classes": 5}', '{"Classes": [null, 1, {}]}']) {
    expect(classesOfModuleInfo(text)).toEqual([]);
  }
});

test('texts of strangers are one line of bounded length', () => {
  const [found] = classesOfModuleInfo(moduleInfo(1, `Long\\n${'x'.repeat(500)}`));
  expect(found?.name).toStartWith('Long xxx');
  expect(found?.name).toHaveLength(LIMITS.pluginTextCharsMax);
});

test('a maker that only the factory names is each plug-in’s', () => {
  const text = `{"Factory Info": {"Vendor": "All"}, "Classes": [
    {"CID": "${idOf(7)}", "Category": "Audio Module Class", "Name": "A"}]}`;
  expect(classesOfModuleInfo(text)).toMatchObject([{ vendor: 'All', kind: 'effect' }]);
});

test('the category of a plug-in is known as it is misspelt in bundles that are about', () => {
  const text = `{"Classes": [{"CID": "${idOf(7)}", "Catetory": "Audio Module Class", "Name": "A"}]}`;
  expect(classesOfModuleInfo(text)).toMatchObject([{ name: 'A' }]);
});
