import { describe, expect, test } from 'bun:test';
import { RENDER_FLAGS } from '../../../protocol/abi.ts';
import { idOfWords } from '../../../server/session/core/ids.ts';
import { capture, redo, undo } from './derived-rig.ts';
import { begun, exportOf, newest } from './export-rig.ts';
import { makeRig, tellGrid } from './grid-rig.ts';
import { Rig } from './rig.ts';
import { BAR_FRAMES, BEAT_FRAMES } from './core-event.ts';

describe('EXPORT of a riff', () => {
  test('names loops, places and the very gains of the mixer, until all begin together again', async () => {
    const rig = new Rig();
    const low = await capture(rig, 0, 4);
    const high = await capture(rig, 2, 2);
    await capture(rig, 3, 1);
    await rig.ask({ cmd: 'SET_VOL', slot: 0, val: 0.3 });
    await rig.ask({ cmd: 'SET_PAN', slot: 2, val: 0.1 });
    await rig.ask({ cmd: 'MUTE_SLOT', slot: 3, muted: true });
    await rig.ask({ cmd: 'RENAME_SLOT', slot: 2, name: 'Bass: "low"/..' });
    // Mix and mute are of the riff that is made next.
    await rig.ask({ cmd: 'SET_TEMPO', bpm: 100 });
    const riff = rig.history.head;
    await begun(rig, { riffId: riff.id });
    const job = newest(rig);
    const framesPerBeat = 28_800;
    expect(job).toMatchObject({
      fromFrame: 0,
      toFrame: 16 * framesPerBeat,
      framesPerBeat,
      folder: expect.stringMatching(/^\/data\/exports\/\.part-./),
      name: `Session_riff ${riff.seq}_100 bpm`,
      spool: '',
    });
    const fround = Math.fround;
    const side = fround(1 - fround(0.1));
    const origins = [0, 2].map((slot) => rig.state.slots[slot]?.originBeat ?? NaN);
    const first = Math.floor(Math.min(...origins, rig.state.slots[3]?.originBeat ?? NaN) / 4) * 4;
    expect(job.parts.map((part) => ({ ...part, id: idOfWords(part.id) }))).toEqual([
      {
        id: low,
        mode: 0,
        flags: 0,
        startFrames: (first - (origins[0] ?? NaN)) * BEAT_FRAMES,
        gainLeft: fround(0.3),
        gainRight: fround(0.3),
      },
      {
        id: high,
        mode: 0,
        flags: 0,
        startFrames: (first - (origins[1] ?? NaN)) * BEAT_FRAMES,
        gainLeft: side,
        gainRight: 1,
      },
    ]);
    expect(job.files.map(({ ending, track }) => [track, ending])).toEqual([
      [0, 'slot 1'],
      [1, 'slot 3 Bass- -low--'],
      [null, 'mix'],
    ]);
    expect(job.said).toMatchObject({
      session: { name: 'Session' },
      riff: { id: riff.id, number: riff.seq },
      bpm: 100,
      meter: { beats: 4, unit: 4 },
      bars: 4,
      frames: 16 * framesPerBeat,
      takes: [low, high],
      notHeard: [4],
      endsWhereItBegins: true,
    });
    expect(JSON.parse(`{${job.files[1]?.about}}`)).toMatchObject({ slot: 3, take: high });
  });

  test('solo leaves only what is soloed; stems can be left out', async () => {
    const rig = new Rig();
    await capture(rig, 0);
    const second = await capture(rig, 1);
    await rig.ask({ cmd: 'SOLO_SLOT', slot: 1, soloed: true });
    await rig.ask({ cmd: 'SET_TEMPO', bpm: 90 });
    await begun(rig, { riffId: rig.history.head.id }, false);
    const { files, parts } = newest(rig);
    expect(files.map(({ ending }) => ending)).toEqual(['mix']);
    expect(parts.map(({ id }) => idOfWords(id))).toEqual([second]);
  });

  test('the riff that sounds is written as it sounds: a mix no riff holds becomes one', async () => {
    const rig = new Rig();
    await capture(rig, 0);
    const other = await capture(rig, 1);
    const made = rig.history.head.id;
    await begun(rig, { riffId: made });
    // Mixed as its riff says: nothing is made of it.
    expect(rig.history.head.id).toBe(made);
    await rig.ask({ cmd: 'SET_VOL', slot: 1, val: 0.3 });
    await rig.ask({ cmd: 'MUTE_SLOT', slot: 0, muted: true });
    await begun(rig, { riffId: made });
    const { parts, said } = newest(rig);
    const gain = Math.fround(0.3);
    expect(parts.map((part) => [idOfWords(part.id), part.gainLeft, part.gainRight])).toEqual([
      [other, gain, gain],
    ]);
    const { head } = rig.history;
    expect(head).toMatchObject({ parentId: made, cause: 'MIX' });
    expect(said).toMatchObject({ riff: { id: head.id, number: head.seq }, notHeard: [1] });
    // The one before it is what it was.
    await begun(rig, { riffId: made });
    expect(newest(rig).parts.map(({ gainLeft }) => gainLeft)).toEqual([1, 1]);
    // When nothing sounds nothing is made.
    await rig.ask({ cmd: 'MUTE_SLOT', slot: 1, muted: true });
    expect(await rig.ask(exportOf({ riffId: head.id }))).toMatchObject({ code: 4013 });
    expect(rig.history.head.id).toBe(head.id);
  });

  test('a loop that is free keeps its own speed', async () => {
    const rig = new Rig();
    await capture(rig, 0);
    await rig.ask({ cmd: 'SET_TEMPO_MODE', slot: 0, mode: 'free' });
    await begun(rig, { riffId: rig.history.head.id });
    expect(newest(rig).parts[0]?.flags).toBe(RENDER_FLAGS.ownSpeed);
  });

  test('is nothing that UNDO and REDO know of, and needs no loop that plays', async () => {
    const rig = new Rig();
    await capture(rig, 0);
    const riff = rig.history.head.id;
    await rig.ask(undo);
    const before = rig.history.head.id;
    await begun(rig, { riffId: riff });
    expect(rig.history.head.id).toBe(before);
    expect(rig.state.history.canRedo).toBeTrue();
    await rig.ask(redo);
    expect(rig.history.head.id).toBe(riff);
    expect(rig.core.loads).toEqual([]);
  });
});

describe('EXPORT of the past', () => {
  test('a range is widened to bar lines, and says what it is', async () => {
    const rig = makeRig();
    const fromFrame = 3 * BAR_FRAMES + 5000;
    await begun(rig, { fromFrame, toFrame: 5 * BAR_FRAMES + 1 });
    const job = newest(rig);
    expect(job).toMatchObject({
      fromFrame: 3 * BAR_FRAMES,
      toFrame: 6 * BAR_FRAMES,
      framesPerBeat: 0,
      parts: [],
      spool: '',
    });
    expect(job.files).toMatchObject([{ track: 0, ending: 'mix' }]);
    expect(job.name).toMatch(/^Session_past \d{4}-\d\d-\d\d \d\d\.\d\d\.\d\d_120 bpm$/);
    expect(job.said).toMatchObject({ bars: 3, bpm: 120, onBarLines: true, frames: 3 * BAR_FRAMES });
    // Already on lines: not widened.
    await begun(rig, { fromFrame: BAR_FRAMES, toFrame: 2 * BAR_FRAMES });
    expect(newest(rig)).toMatchObject({ fromFrame: BAR_FRAMES, toFrame: 2 * BAR_FRAMES });
  });

  test('the last bars end on the last line; takes inside are named; nothing was pressed', async () => {
    const rig = makeRig();
    const take = await capture(rig, 0, 1);
    await begun(rig, { bars: 4 });
    const line = Math.floor(rig.core.frame / BAR_FRAMES) * BAR_FRAMES;
    expect(newest(rig)).toMatchObject({ fromFrame: line - 4 * BAR_FRAMES, toFrame: line });
    expect(newest(rig).said['takes']).toEqual([take]);
    // More than were played: from the start.
    await begun(rig, { bars: 4000 });
    expect(newest(rig).fromFrame).toBe(0);
  });

  test('follows a tempo changed in the middle to the frame: no bar is cut', async () => {
    const rig = makeRig();
    // In the midst of bar 10 its rest gets faster; nobody looked in that second.
    const changedAt = 10 * BAR_FRAMES + BEAT_FRAMES + 777;
    const framesPerBeat = 20_000;
    const lineFrame = changedAt - Math.round((BEAT_FRAMES + 777) * (framesPerBeat / BEAT_FRAMES));
    tellGrid(rig, {
      fromFrame: changedAt,
      toFrame: lineFrame,
      value: 10,
      originBeat: 40,
      framesPerBeat,
    });
    const next = lineFrame + 4 * framesPerBeat;
    rig.core.frame = next + 3 * 4 * framesPerBeat + 5;
    await begun(rig, { bars: 6 });
    const toFrame = next + 3 * 4 * framesPerBeat;
    expect(newest(rig)).toMatchObject({ fromFrame: 8 * BAR_FRAMES, toFrame });
    expect(newest(rig).said).toMatchObject({
      bars: 6,
      bpm: 120,
      tempi: [
        { fromFrame: 8 * BAR_FRAMES, bpm: 120 },
        { fromFrame: changedAt, bpm: 144 },
      ],
    });
    // Widened: the bar in which it changed is whole, on either side.
    await begun(rig, { fromFrame: changedAt - 1, toFrame: changedAt + 1 });
    expect(newest(rig)).toMatchObject({ fromFrame: 10 * BAR_FRAMES, toFrame: next });
    await begun(rig, { fromFrame: changedAt + 1, toFrame: next });
    expect(newest(rig)).toMatchObject({ fromFrame: 10 * BAR_FRAMES, toFrame: next });
    // One tempo: that alone is said.
    await begun(rig, { bars: 2 });
    expect(newest(rig).said).toMatchObject({ bars: 2, bpm: 144 });
    expect(newest(rig).said).not.toHaveProperty('tempi');
    expect(newest(rig).name).toEndWith('_144 bpm');
  });

  test('holes that were told are told again; those elsewhere are not', async () => {
    const rig = makeRig();
    const hole = { fromFrame: BAR_FRAMES + 7, toFrame: BAR_FRAMES + 70 };
    rig.gaps.set('f'.repeat(32), [hole, { fromFrame: 8 * BAR_FRAMES, toFrame: 9 * BAR_FRAMES }]);
    await begun(rig, { fromFrame: 0, toFrame: 2 * BAR_FRAMES });
    expect(newest(rig).gaps).toEqual([hole]);
  });

  test('of an ended run is read from its folder, on no lines when none is known', async () => {
    const rig = new Rig();
    const runId = 'a'.repeat(32);
    await begun(rig, { runId, fromFrame: 5, toFrame: 77 });
    const job = newest(rig);
    expect(job).toMatchObject({ fromFrame: 5, toFrame: 77, spool: `/data/spool/${runId}` });
    expect(job.name).toBe('Session_past frame 5');
    expect(job.said).toMatchObject({ onBarLines: false, played: null });
  });
});
