/** Bars that an engine before this one heard. */
import { describe, expect, test } from 'bun:test';
import { wordsOfId } from '../../../server/session/core/ids.ts';
import { write } from '../../../server/session/store/write.ts';
import type { Rig } from './rig.ts';
import { withRig } from './session-rig.ts';
import { FIRST, type makeStore } from './session-store.ts';

const EARLIER = 'e'.repeat(32);
const RATE_HZ = 44_100;
/** 140 bpm, then 70, each on a line. */
const FAST = 18_900;
const CHANGE = 10 * 4 * FAST;
const undo = { cmd: 'UNDO', scope: 'SESSION' } as const;

const reach = (fromBar: number, runId = EARLIER, source = 0) =>
  ({ cmd: 'REACH_BACK', slot: 1, fromBar, bars: 2, runId, source }) as const;

/** A run at another rate. */
const withEarlierRun = ({ db }: ReturnType<typeof makeStore>): void => {
  const run = { kind: 'beginRun', runId: EARLIER, sessionId: FIRST } as const;
  write(db, { ...run, rateHz: RATE_HZ, atMs: 1000, gridShift: 0 });
  const line = { lineBeat: 0, lineBar: 0, beatsPerBar: 4, lineFrame: 0, fromFrame: 0 };
  write(db, { kind: 'epoch', runId: EARLIER, epoch: { ...line, framesPerBeat: FAST } });
  const slow = { lineFrame: CHANGE, fromFrame: CHANGE, lineBeat: 40, lineBar: 10 };
  const epoch = { ...slow, beatsPerBar: 4, framesPerBeat: 2 * FAST };
  write(db, { kind: 'epoch', runId: EARLIER, epoch });
};

const withRun = (run: (rig: Rig) => Promise<void>) =>
  withRig(async (rig, store) => {
    withEarlierRun(store);
    await run(rig);
  });

describe('REACH_BACK in an earlier run', () => {
  test(
    'asks for its frames at its rate, in its spool; a step that UNDO takes back',
    withRun(async (rig) => {
      const answer = await rig.ask(reach(3));
      const takeId = rig.content[1] ?? '';
      const range = { fromFrame: 3 * 4 * FAST, toFrame: 5 * 4 * FAST };
      expect(answer).toMatchObject({ type: 'OK', result: { slot: 1, takeId, bars: 2, ...range } });
      expect(rig.core.kept).toMatchObject([
        {
          id: wordsOfId(takeId),
          ...range,
          framesPerBeat: FAST,
          sampleRateHz: RATE_HZ,
          spoolPath: `/data/spool/${EARLIER}`,
        },
      ]);
      expect(rig.takes.get(takeId)).toMatchObject({ runId: EARLIER, bpm: 140, rateHz: RATE_HZ });
      expect((rig.state.slots[1]?.originBeat ?? 1) % 4).toBe(0);
      await rig.ask(undo);
      expect(rig.content[1]).toBeNull();
    }),
  );

  test(
    'bars after a change of tempo lie where they were played',
    withRun(async (rig) => {
      expect(await rig.ask(reach(12))).toMatchObject({
        result: { fromFrame: CHANGE + 2 * 8 * FAST, toFrame: CHANGE + 4 * 8 * FAST },
      });
    }),
  );

  test(
    'what was damaged then marks what is made of it, of that source alone; a gap marks all',
    withRig(async (rig, store) => {
      withEarlierRun(store);
      const hurt = { source: 0, fromFrame: 4 * 4 * FAST, toFrame: 4 * 4 * FAST + 1 };
      write(store.db, { kind: 'hurt', runId: EARLIER, hurt });
      const gap = { fromFrame: 8 * 4 * FAST - 1, toFrame: 8 * 4 * FAST, reason: 3 };
      write(store.db, { kind: 'gap', runId: EARLIER, ...gap });
      const tainted = [];
      for (const [bar, source] of [
        [3, 0],
        [3, 1],
        [5, 0],
        [6, 1],
      ] as const) {
        expect(await rig.ask(reach(bar, EARLIER, source))).toMatchObject({ type: 'OK' });
        tainted.push(rig.state.slots[1]?.tainted);
      }
      expect(tainted).toEqual([true, false, false, true]);
    }),
  );

  test(
    'a mark that may have a cause nobody listed stays, whatever else is left behind',
    withRig(async (rig, store) => {
      withEarlierRun(store);
      const gap = { fromFrame: 8 * 4 * FAST - 1, toFrame: 8 * 4 * FAST, reason: 3 };
      write(store.db, { kind: 'gap', runId: EARLIER, ...gap });
      const shiftOff = { cmd: 'ADJUST_LOOP', slot: 1, shiftBeats: -8 } as const;
      const marks = async () => {
        const tainted = [];
        for (const command of [reach(6), shiftOff]) {
          expect(await rig.ask(command)).toMatchObject({ type: 'OK' });
          tainted.push(rig.state.slots[1]?.tainted);
        }
        return tainted;
      };
      const hurt = { source: 0, fromFrame: 1, toFrame: 2 };
      write(store.db, { kind: 'hurt', runId: EARLIER, hurt });
      expect(await marks()).toEqual([true, true]);
      for (const [listedFrom, isLeft] of [
        [6 * 4 * FAST + 1, true],
        [6 * 4 * FAST, false],
        [0, false],
      ] as const) {
        store.db.query('UPDATE run SET listed_from = ? WHERE id = ?').run(listedFrom, EARLIER);
        expect(await marks()).toEqual([true, isLeft]);
      }
    }),
  );

  test(
    'a run that is not known, or a part that is not kept: 4011, and nothing has changed',
    withRun(async (rig) => {
      const before = rig.state;
      expect(await rig.ask(reach(3, 'd'.repeat(32)))).toMatchObject({ code: 4011 });
      const { keepTake } = rig.core;
      rig.core.keepTake = (range) => {
        rig.core.unreadable.add(range.id.join());
        return keepTake.call(rig.core, range);
      };
      expect(await rig.ask(reach(3))).toMatchObject({ code: 4011 });
      expect(rig.state).toEqual(before);
    }),
  );

  test(
    'a source this engine has not is for the files of that run to say',
    withRun(async (rig) => {
      expect(await rig.ask(reach(3, EARLIER, 5))).toMatchObject({ type: 'OK' });
      expect(rig.core.kept[0]?.sourceIndex).toBe(5);
      const here = { cmd: 'REACH_BACK', slot: 1, fromBar: 3, bars: 2, source: 5 } as const;
      expect(await rig.ask(here)).toMatchObject({ code: 4009 });
    }),
  );
});
