/** What is rendered first: what is waited for, then what plays in layers, then other tempos. */
import { expect, test } from 'bun:test';
import { idOfWords } from '../../../server/session/core/ids.ts';
import { capture, sounding } from './derived-rig.ts';
import { Rig } from './rig.ts';

const rendered = (rig: Rig): string[] =>
  rig.core.rendered.map(({ recipe }) => idOfWords(recipe.id));

test('an overdub becomes one loop before other loops are made for a tempo', async () => {
  const rig = new Rig();
  for (const slot of [0, 1]) await capture(rig, slot);
  await rig.ask({ cmd: 'SET_TEMPO', bpm: 100 });
  await capture(rig, 2);
  await capture(rig, 2, 4, 'overdub');
  expect(rendered(rig)).toEqual([]);
  await rig.pass(150);
  expect(rendered(rig)).toHaveLength(3);
  expect(rendered(rig)[0]).toBe(rig.content[2] ?? '');
  expect(rendered(rig).slice(1)).toEqual([sounding(rig, 0) ?? '', sounding(rig, 1) ?? '']);
});

test('while a command waits for a loop none is made for a tempo; then all are', async () => {
  const rig = new Rig();
  for (const slot of [0, 1, 2]) await capture(rig, slot);
  await rig.ask({ cmd: 'SET_TEMPO', bpm: 100 });
  rig.core.isRendering = true;
  rig.send({ cmd: 'MERGE_SLOTS', from: [0, 1], to: 0 });
  await rig.pass(1000);
  expect(rendered(rig)).toHaveLength(1);
  rig.core.isRendering = false;
  await rig.settle();
  expect(rendered(rig)[0]).toBe(rig.content[0] ?? '');
  await rig.pass(150);
  expect(sounding(rig, 2)).not.toBe(rig.content[2] ?? '');
  expect(rendered(rig)).toContain(sounding(rig, 2) ?? '');
});
