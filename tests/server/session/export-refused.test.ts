import { describe, expect, test } from 'bun:test';
import { press } from './derived-rig.ts';
import { exportOf } from './export-rig.ts';
import { makeRig } from './grid-rig.ts';
import type { Rig } from './rig.ts';
import { BAR_FRAMES } from './core-event.ts';

describe('refused', () => {
  const code = async (rig: Rig, command: Parameters<Rig['ask']>[0]) => {
    const answer = await rig.ask(command);
    return answer.type === 'ERROR' ? answer.code : 0;
  };

  test('what is not there, what was not played, what cannot be written', async () => {
    const rig = makeRig();
    expect(await code(rig, exportOf({ riffId: rig.newId() }))).toBe(4007);
    expect(await code(rig, exportOf({ riffId: rig.history.head.id }))).toBe(4013);
    const now = rig.core.frame;
    rig.core.frame = BAR_FRAMES - 1;
    expect(await code(rig, exportOf({ bars: 1 }))).toBe(4013);
    rig.core.frame = now;
    expect(await code(rig, exportOf({ fromFrame: 10, toFrame: 10 }))).toBe(4013);
    expect(await code(rig, exportOf({ fromFrame: now, toFrame: now + 9 * BAR_FRAMES }))).toBe(4013);
    expect(await code(rig, exportOf({ fromFrame: 0, toFrame: now }))).toBe(0);
    // A bar that begins this very moment is waited for, the next one is not.
    rig.core.frame = 20 * BAR_FRAMES;
    const upTo = (toFrame: number) => code(rig, exportOf({ fromFrame: 0, toFrame }));
    expect(await upTo(21 * BAR_FRAMES)).toBe(0);
    expect(await upTo(21 * BAR_FRAMES + 1)).toBe(4013);
    rig.core.frame = now;
    await rig.ask(press(0));
    await rig.ask({ cmd: 'MUTE_SLOT', slot: 0, muted: true });
    await rig.ask({ cmd: 'SET_TEMPO', bpm: 90 });
    expect(await code(rig, exportOf({ riffId: rig.history.head.id }))).toBe(4013);
    rig.core.formats = 0b011;
    expect(await code(rig, exportOf({ bars: 1 }, true, 'flac'))).toBe(1021);
    expect(await code(rig, exportOf({ bars: 1 }, true, 'wav24'))).toBe(0);
    expect(await code(rig, { cmd: 'CANCEL_JOB', jobId: rig.newId() })).toBe(4012);
  });
});
