/** What goes of a spool on disk, and what never does. */
import { describe, expect, test } from 'bun:test';
import { existsSync, readFileSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { LIMITS } from '../../../protocol/limits.ts';
import { write } from '../../../server/session/store/write.ts';
import { FULL, HOUR, ROOMY, SEGMENT_FRAMES, withRig } from './retention-rig.ts';

describe('a spool', () => {
  test(
    'keeps a day; rows and folders go with their files, and the core is told that it was meant',
    withRig((rig) => {
      rig.play(3);
      const first = rig.runId;
      rig.nowMs += 20 * 3_600_000;
      rig.beginRun();
      rig.play(10);
      rig.sweep();
      expect(rig.left(first)).toHaveLength(3);
      // By the clock for the first run, by its frames for the one that goes on.
      rig.nowMs += 5 * 3_600_000;
      rig.sweep();
      expect(rig.hasFolder(first)).toBeFalse();
      expect(rig.left()).toHaveLength(10);
      expect(rig.db.query('SELECT count(*) AS n FROM spool').get()).toEqual({ n: 10 });
      rig.newestFrame += LIMITS.pastSecondsMax - 8 * SEGMENT_FRAMES + 1;
      rig.sweep();
      expect(rig.left()[0]).toBe(2 * SEGMENT_FRAMES);
      const note = readFileSync(join(rig.spool, rig.runId, 'forgotten.jsonl'), 'utf8');
      expect(note).toBe('{"first":0,"frames":60,"crc":0}\n{"first":60,"frames":60,"crc":0}\n');
    }),
  );

  test(
    'of a full disk all goes but the newest minutes and what is needed',
    withRig((rig) => {
      rig.play(20);
      const loose = rig.take(rig.runId, 70, 100);
      const filed = rig.take(rig.runId, 320, 330);
      rig.file(loose, 'window');
      rig.file(filed, 'window');
      rig.file(filed, 'rolls');
      rig.pins = [{ runId: rig.runId, fromFrame: 500, toFrame: 501 }];
      rig.disk = FULL;
      const newest = [900, 960, 1020, 1080, 1140];
      rig.sweep();
      // 60…110 with the bar around it; 500; and five minutes.
      expect(rig.left()).toEqual([60, 480, ...newest]);
      rig.file(loose, 'rolls');
      rig.pins = [];
      rig.sweep();
      expect(rig.left()).toEqual(newest);
    }),
  );

  test(
    'the newest minutes of the run before stay, too, until this one is as long; not those of another day',
    withRig((rig) => {
      const before = rig.runId;
      rig.play(20);
      rig.disk = FULL;
      rig.beginRun();
      rig.sweep();
      expect(rig.left(before)).toEqual([900, 960, 1020, 1080, 1140]);
      rig.play(2);
      rig.sweep();
      expect(rig.left(before)).toEqual([1020, 1080, 1140]);
      rig.beginRun();
      rig.play(1);
      rig.sweep();
      expect(rig.left(before)).toEqual([1080, 1140]);
      rig.play(5);
      rig.sweep();
      expect(rig.left(before)).toEqual([]);
      const { runId } = rig;
      rig.nowMs += 25 * HOUR * 1000;
      rig.beginRun();
      rig.sweep();
      expect(rig.left(runId)).toEqual([]);
    }),
  );

  test(
    'while files that can be made again would give the room, none goes for lack of it',
    withRig((rig) => {
      rig.play(20);
      rig.disk = { freeBytes: LIMITS.pastFreeBytesMin - 700, diskBytes: 2e10 };
      const cache = (bytes: number) =>
        write(rig.db, {
          kind: 'cache',
          sound: { soundId: 'a', rateHz: 48_000, version: '1', sha256: 'b', bytes },
        });
      cache(700);
      expect(rig.look().doomed).toEqual([]);
      cache(699);
      expect(rig.look().doomed).toHaveLength(1);
    }),
  );

  test(
    'tells how much there is, how old it is, and how full the disk is',
    withRig((rig) => {
      rig.play(4);
      const take = rig.take(rig.runId, 70, 100);
      rig.file(take, 'window');
      rig.nowMs += 30_000;
      rig.newestFrame += 30;
      expect(rig.look().storage).toEqual({
        pastBytes: 4 * (58 + 480),
        pastSeconds: 240,
        pastSinceMs: rig.nowMs - 270_000,
        takesBytes: 7,
        ...rig.disk,
      });
      rig.disk = { freeBytes: 0, diskBytes: 0 };
      expect(rig.look().doomed).toEqual([]);
    }),
  );

  test(
    'a take that came to need a segment since it was chosen keeps it',
    withRig((rig) => {
      rig.play(20);
      rig.disk = FULL;
      const { doomed } = rig.look();
      rig.take(rig.runId, 70, 100);
      rig.forget(doomed);
      expect(rig.left()).toContain(60);
      expect(rig.left()).not.toContain(120);
    }),
  );

  test(
    'a clock that may be wrong lets nothing of earlier runs go; the size and the disk do',
    withRig((rig) => {
      rig.play(20);
      const { runId } = rig;
      rig.beginRun();
      rig.play(1);
      rig.nowMs += 1e12;
      rig.isClockTrusted = false;
      rig.sweep();
      expect(rig.left(runId)).toHaveLength(20);
      rig.disk = FULL;
      expect(rig.look().doomed[0]).toMatchObject({ runId, fromFrame: 0 });
      rig.disk = ROOMY;
      rig.isClockTrusted = true;
      rig.sweep();
      expect(rig.left(runId)).toEqual([]);
    }),
  );

  test(
    'a file that cannot be removed holds nothing up and is tried again',
    withRig((rig) => {
      rig.play(20);
      rig.disk = FULL;
      const { doomed } = rig.look();
      const remove = (path: string) => {
        if (path === rig.pathOf(rig.runId, 0)) throw new Error('EACCES');
        unlinkSync(path);
      };
      rig.forget(doomed, { append: () => undefined, remove });
      expect(rig.left()).toEqual([0, 900, 960, 1020, 1080, 1140]);
      rig.sweep();
      expect(existsSync(rig.pathOf(rig.runId, 0))).toBeFalse();
    }),
  );
});
