/** What of the past is kept for takes without files, and how those are told. */
import { describe, expect, test } from 'bun:test';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { LIMITS } from '../../../protocol/limits.ts';
import { unfiledTakes } from '../../../server/session/retention/unfiled.ts';
import { write } from '../../../server/session/store/write.ts';
import { FULL, withRig } from './retention-rig.ts';

describe('takes without files', () => {
  test(
    'nothing is kept for what was never recorded here, nor for what cannot be had around a window',
    withRig((rig) => {
      rig.play(20);
      rig.disk = FULL;
      const takeId = rig.take(rig.runId, 70, 100);
      rig.file(takeId, 'window');
      rig.take(rig.runId, 130, 150, { source: LIMITS.drySource });
      rig.sweep();
      expect(rig.left()).toContain(60);
      expect(rig.left()).not.toContain(120);
      write(rig.db, { kind: 'settled', takeId });
      rig.sweep();
      expect(rig.left()).not.toContain(60);
    }),
  );

  test(
    'of a window that has rotted the recording stays until the player removes its session',
    withRig((rig) => {
      rig.play(20);
      rig.disk = FULL;
      const takeId = rig.take(rig.runId, 70, 100);
      write(rig.db, { kind: 'settled', takeId });
      rig.sweep();
      expect(rig.left()).toContain(60);
      write(rig.db, { kind: 'removeSession', sessionId: 's', atMs: rig.nowMs });
      rig.sweep();
      expect(rig.left()).not.toContain(60);
    }),
  );

  test(
    'takes without files are told in pages, with the files they have; not those of a disk that is away',
    withRig((rig) => {
      rig.play(2);
      const ids = Array.from({ length: 20 }, (_, at) => rig.take(rig.runId, at, at + 2));
      rig.file(ids[0] ?? '', 'window');
      rig.file(ids[1] ?? '', 'window');
      rig.file(ids[1] ?? '', 'rolls');
      const ask = (lacks: 'window' | 'rolls', afterRow: number | null) => {
        const { lastRow, takes } = unfiledTakes(rig.db, rig.spool, {
          lacks,
          afterRow: afterRow ?? 0,
        });
        return { lastRow, ids: takes.map(({ take }) => take.id) };
      };
      const first = ask('window', 0);
      const second = ask('window', first.lastRow);
      // Those whose sound is in the recording alone come first.
      expect([...first.ids, ...second.ids]).toEqual(ids.slice(2));
      expect(ask('window', second.lastRow)).toEqual({ lastRow: null, ids: [] });
      const rolls = unfiledTakes(rig.db, rig.spool, { lacks: 'rolls', afterRow: 0 });
      expect(rolls.takes.map(({ take }) => take.id)).toEqual(ids.slice(0, 1));
      expect(rolls.takes[0]?.files.map(({ part }) => part)).toEqual(['window']);
      symlinkSync(join(rig.folder, 'away'), join(rig.spool, rig.runId, 'second'));
      expect(ask('window', 0)).toEqual({ lastRow: first.lastRow, ids: [] });
    }),
  );
});
