/** A session that was played at 44.1 kHz, in an engine of 48 kHz. */
import { expect, test } from 'bun:test';
import { COMMAND_KIND, RENDER_MODE } from '../../../protocol/abi.ts';
import { History } from '../../../server/session/riffs/history.ts';
import { rootRiff } from '../../../server/session/load-session.ts';
import { EMPTY_SLOT, type Riff } from '../../../server/session/riffs/riff.ts';
import { Sounds } from '../../../server/session/sounds/sounds.ts';
import { Takes } from '../../../server/session/takes/takes.ts';
import { makeTake } from '../store/samples.ts';
import { capture, partsOf, sounding } from './derived-rig.ts';
import { id, started } from './stored-session.ts';

const OWN = { framesPerBeat: 22_050, fromFrame: 88_200, toFrame: 441_000 };
const OWN_FRAMES = OWN.toFrame - OWN.fromFrame;
const FRAMES = 384_000;
/** A hundredth of a second. */
const OFFSET = { own: 441, engine: 480 };

/** @param rateHz That of which the store says its frames are, as is the loop's offset. */
const startedAt = async (rateHz: number, offsetFrames = OFFSET.own) => {
  const history = new History(rootRiff('root', 0, 120));
  const takes = new Takes('/data');
  takes.restore({ ...makeTake(id('1')), ...OWN, rateHz, offsetFrames });
  const loop = {
    takeId: id('1'),
    bars: 4,
    lengthBeats: 16,
    originBeat: 3,
    offsetFrames,
  };
  const head: Riff = {
    ...rootRiff('head', 0, 120),
    parentId: 'root',
    seq: 1,
    cause: 'CAPTURE',
    slots: [{ ...EMPTY_SLOT, loop }],
  };
  history.add(head);
  const { rig, groups } = await started({ takes, history, gridShift: 0 });
  await rig.settle();
  return { rig, groups };
};

test('the loop is put into its slot in frames of the engine, and read in its own', async () => {
  for (const rateHz of [44_100, 48_000]) {
    const { groups, rig } = await startedAt(rateHz);
    const set = groups.flat().find(({ kind }) => kind === COMMAND_KIND.slotSet);
    expect(set).toMatchObject({ a: 3, b: 16, c: rateHz === 44_100 ? OFFSET.engine : OFFSET.own });
    expect(rig.takes.sources(id('1'))[0]).toMatchObject({
      ...OWN,
      sampleRateHz: rateHz,
    });
    await rig.pass(1000);
    // At the tempo at which it was played there is nothing to be made of it.
    expect(rig.core.rendered).toHaveLength(rateHz === 44_100 ? 0 : 1);
  }
});

test('a loop that begins between two frames of the engine is put on the nearer, in any window', async () => {
  const ownOffset = 1_001;
  const nearest = Math.round((ownOffset * FRAMES) / OWN_FRAMES);
  expect(nearest).not.toBe((ownOffset * FRAMES) / OWN_FRAMES);
  const { groups, rig } = await startedAt(44_100, ownOffset);
  const sets = () => groups.flat().filter(({ kind }) => kind === COMMAND_KIND.slotSet);
  expect(sets().at(-1)).toMatchObject({ a: 3, b: 16, c: nearest });
  expect(rig.content[0]).toBe(id('1'));
  await rig.ask({ cmd: 'ADJUST_LOOP', slot: 0, shiftBeats: 1 });
  expect(rig.content[0]).not.toBe(id('1'));
  expect(sets().at(-1)).toMatchObject({ a: 4, b: 16, c: nearest });
  expect(rig.takes.get(rig.content[0] ?? '')?.offsetFrames).toBe(ownOffset);
});

test('one whose frames are only being fetched is waited for as long as one that is made', () => {
  const takes = new Takes('/data');
  const sounds = new Sounds(takes, 48_000);
  takes.begin({ ...makeTake(id('1')), ...OWN, rateHz: 44_100 });
  takes.begin({ ...makeTake(id('2')), rateHz: 48_000 });
  expect([sounds.isMade(id('1')), sounds.isMade(id('2'))]).toEqual([true, false]);
});

test('its tail is made as long as the loop is in the engine', async () => {
  const { rig } = await startedAt(44_100);
  await rig.ask({ cmd: 'SET_TAIL', slot: 0, on: true });
  const [made] = rig.core.rendered;
  expect(made?.recipe).toMatchObject({ frames: FRAMES, framesPerBeat: 24_000 });
  expect(made?.parts.map(({ mode }) => mode)).toEqual([RENDER_MODE.repitch, RENDER_MODE.once]);
});

test('with a take of the engine’s rate it makes a loop in which both begin where they did', async () => {
  const { rig } = await startedAt(44_100);
  await capture(rig, 0, 4, 'overdub');
  await rig.pass(1000);
  const made = rig.content[0] ?? '';
  const recipe = rig.takes.get(made)?.recipe;
  expect(recipe).toMatchObject({ framesPerBeat: 24_000 });
  expect(recipe?.layers[0]?.offsetFrames).toBe(OFFSET.own);
  const [old] = partsOf(rig, sounding(rig, 0));
  const beats = recipe?.layers[0]?.originBeat ?? NaN;
  const start = -beats * 24_000 - OFFSET.engine;
  expect(old?.startFrames).toBe(((start % FRAMES) + FRAMES) % FRAMES);
});

test('another window of it is asked for, and remembered, in its own frames', async () => {
  const { rig } = await startedAt(44_100);
  await rig.ask({ cmd: 'ADJUST_LOOP', slot: 0, shiftBeats: 1 });
  const shifted = { fromFrame: OWN.fromFrame + 22_050, toFrame: OWN.toFrame + 22_050 };
  expect(rig.core.kept[0]).toMatchObject({ ...shifted, sampleRateHz: 44_100 });
  const take = rig.takes.get(rig.content[0] ?? '');
  expect(take).toMatchObject({ ...shifted, rateHz: 44_100, framesPerBeat: 22_050 });
  expect((take?.toFrame ?? 0) - (take?.fromFrame ?? 0)).toBe(OWN_FRAMES);
});

test('its riff is exported from the engine’s frames', async () => {
  const { rig } = await startedAt(44_100);
  const what = { riffId: rig.history.head.id };
  await rig.ask({ cmd: 'EXPORT', what, format: 'wav32f', stems: false });
  const [job] = rig.core.exported;
  expect(job).toMatchObject({ framesPerBeat: 24_000, toFrame: FRAMES });
  // Bar 0 of the riff is beat 0: the loop begins three beats and its offset later.
  expect(job?.parts[0]?.startFrames).toBe(-3 * 24_000 - OFFSET.engine);
});
