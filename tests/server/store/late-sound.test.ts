/** Whether the recording holds what a take lacks: what cannot be looked at is not called gone. */
import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { isSoundAround, lateSound } from '../../../server/session/retention/late-sound.ts';
import { unfiledTakes } from '../../../server/session/retention/unfiled.ts';
import { write } from '../../../server/session/store/write.ts';
import { SpoolRig } from './retention-rig.ts';

let rig: SpoolRig;
beforeEach(() => {
  rig = new SpoolRig();
  // Segments of sixty frames; a bar is ten.
  rig.play(4);
});
afterEach(() => rig.end());

const LACKS = { lacks: 'window', afterRow: 0 } as const;
const told = (fromFrame: number, toFrame: number) => {
  const id = rig.take(rig.runId, fromFrame, toFrame);
  const stored = unfiledTakes(rig.db, rig.spool, LACKS).takes.find(({ take }) => take.id === id);
  if (!stored) throw new Error('it is not asked for');
  return {
    window: lateSound(rig.db, rig.spool, stored.take),
    around: isSoundAround(rig.db, rig.spool, stored.take),
  };
};
const remove = (firstFrame: number) => rmSync(rig.pathOf(rig.runId, firstFrame));
const miss = (fromFrame: number, toFrame: number) =>
  write(rig.db, { kind: 'gap', runId: rig.runId, fromFrame, toFrame, reason: 1 });

describe('a take in the middle of the recording', () => {
  test('is there, and something around it', () => {
    expect(told(70, 170)).toEqual({ window: 'there', around: true });
  });

  test('is gone when a part of it is, or was never heard', () => {
    remove(120);
    expect(told(70, 170)).toEqual({ window: 'gone', around: true });
    miss(80, 90);
    expect(told(70, 100)).toEqual({ window: 'gone', around: true });
  });

  test('has nothing around it where both frames beside it are missing, and something with one', () => {
    remove(0);
    expect(told(60, 120).around).toBe(true);
    remove(120);
    expect(told(60, 120)).toEqual({ window: 'there', around: false });
    miss(170, 180);
    miss(181, 190);
    expect(told(180, 181)).toEqual({ window: 'there', around: false });
    miss(215, 220);
    expect(told(220, 240).around).toBe(false);
  });
});

describe('nobody says anything', () => {
  test('of segments that are there and cannot be read', () => {
    remove(120);
    mkdirSync(rig.pathOf(rig.runId, 120));
    expect(told(70, 170)).toEqual({ window: 'unknown', around: true });
    // Negative control: it is nobody's.
    expect(told(10, 40).window).toBe('there');
  });

  test('of a run whose folder is away, until it is back', () => {
    const folder = join(rig.spool, rig.runId);
    renameSync(folder, `${folder}-away`);
    expect(told(70, 170)).toEqual({ window: 'unknown', around: true });
    renameSync(`${folder}-away`, folder);
    expect(told(70, 170).window).toBe('there');
  });

  test('of one that was removed on purpose it is said that it is gone', () => {
    const { runId } = rig;
    rig.beginRun();
    rig.play(5);
    rig.disk = { freeBytes: 1e6, diskBytes: 2e12 };
    rig.sweep();
    expect(existsSync(join(rig.spool, runId))).toBe(false);
    rig.runId = runId;
    expect(told(70, 170)).toEqual({ window: 'gone', around: false });
  });

  test('of what went on in a second folder that is away', () => {
    const second = rig.moveFirst(rig.runId);
    const [take] = unfiledTakes(rig.db, rig.spool, LACKS).takes;
    expect(take).toBeUndefined();
    rig.take(rig.runId, 10, 30);
    const [late] = unfiledTakes(rig.db, rig.spool, LACKS).takes;
    if (!late) throw new Error('it is not asked for');
    expect(lateSound(rig.db, rig.spool, late.take)).toBe('there');
    renameSync(second, `${second}-away`);
    expect(lateSound(rig.db, rig.spool, late.take)).toBe('unknown');
  });
});
