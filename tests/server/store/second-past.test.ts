/** What goes of a recording that lies on two disks. */
import { expect, test } from 'bun:test';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  renameSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { SECOND } from '../../../server/segment-names.ts';
import { readDamage } from '../../../server/session/store/hurts.ts';
import { write } from '../../../server/session/store/write.ts';
import { FULL, HOUR, ROOMY, type SpoolRig, withRig } from './retention-rig.ts';

/** An ended run with its first minute, a damaged one, in the second folder; the first disk is full. */
const hurtInSecond = (rig: SpoolRig) => {
  rig.play(20);
  const { runId } = rig;
  const second = rig.moveFirst(runId);
  const hurt = { source: 0, fromFrame: 10, toFrame: 20 };
  write(rig.db, { kind: 'hurt', runId, hurt });
  rig.beginRun();
  rig.play(5);
  rig.disk = FULL;
  return { runId, second, hurt };
};

/** The second folder is back: its sound is there, and goes when its own disk is full. */
const expectWholeAgain = (rig: SpoolRig, runId: string, second: string) => {
  rig.sweep();
  expect(rig.left(runId)).toEqual([0]);
  rig.secondDisk = FULL;
  rig.sweep();
  expect([rig.hasFolder(runId), existsSync(second)]).toEqual([false, false]);
};

test(
  'what lies in the second folder goes like the rest, and that folder with the run',
  withRig((rig) => {
    rig.play(20);
    const { runId } = rig;
    const second = rig.moveFirst(runId);
    rig.forget(rig.look().doomed);
    expect(existsSync(second)).toBeTrue();
    rig.beginRun();
    rig.play(5);
    rig.disk = FULL;
    rig.secondDisk = FULL;
    rig.sweep();
    expect(existsSync(join(rig.spool, runId))).toBeFalse();
    expect(existsSync(second)).toBeFalse();
  }),
);

test(
  'for room on the disk of one folder nothing goes from the other, however often one looks',
  withRig((rig) => {
    rig.play(20);
    const { runId } = rig;
    rig.moveFirst(runId);
    rig.beginRun();
    rig.play(5);
    rig.secondDisk = FULL;
    rig.sweep();
    expect(rig.left(runId)).toEqual(rig.firstFrames(1, 20));
    rig.moveFirst(rig.runId);
    rig.play(5);
    rig.disk = FULL;
    rig.secondDisk = ROOMY;
    rig.sweep();
    // Of the first disk all but the newest minutes; of the second nothing.
    expect(rig.left(runId)).toEqual([]);
    expect(rig.left()).toEqual([0, ...rig.firstFrames(5, 10)]);
    expect(rig.look()).toMatchObject({ doomed: [], storage: FULL });
  }),
);

test(
  'a second folder loses what a recording left there and nothing else',
  withRig((rig) => {
    rig.play(20);
    const { runId } = rig;
    const second = rig.moveFirst(runId);
    const ours = ['seg-000000000000.crc', 'index.jsonl', 'probe.tmp'];
    for (const name of [...ours, 'song.aif']) writeFileSync(join(second, name), 'x');
    mkdirSync(join(second, 'mixes'));
    rig.beginRun();
    rig.nowMs += 25 * HOUR * 1000;
    rig.sweep();
    expect(rig.hasFolder(runId)).toBeFalse();
    expect(readdirSync(second).toSorted()).toEqual(['mixes', 'song.aif']);
  }),
);

test(
  'a link that leads to a folder which is not of the run is all that goes of it',
  withRig((rig) => {
    rig.play(20);
    const { runId } = rig;
    const second = rig.moveFirst(runId);
    const foreign = join(rig.folder, 'pictures');
    mkdirSync(foreign);
    for (const name of ['index.jsonl', 'me.jpg']) writeFileSync(join(foreign, name), 'x');
    const link = join(rig.spool, runId, 'second');
    unlinkSync(link);
    symlinkSync(foreign, link);
    rig.beginRun();
    rig.nowMs += 25 * HOUR * 1000;
    rig.sweep();
    expect(rig.hasFolder(runId)).toBeFalse();
    expect(readdirSync(foreign).toSorted()).toEqual(['index.jsonl', 'me.jpg']);
    expect(existsSync(second)).toBeTrue();
  }),
);

test(
  'while the disk of the second folder is away, the way to it stays, and what is known of its damage',
  withRig((rig) => {
    const { runId, second, hurt } = hurtInSecond(rig);
    const away = `${second}-away`;
    renameSync(second, away);
    rig.sweep();
    expect(rig.left(runId)).toEqual([]);
    expect(readlinkSync(join(rig.spool, runId, 'second'))).toBe(second);
    expect(existsSync(join(rig.spool, runId, 'forgotten.jsonl'))).toBeTrue();
    expect(readDamage(rig.db, runId).hurts).toEqual([hurt]);
    renameSync(away, second);
    expectWholeAgain(rig, runId, second);
  }),
);

test(
  'a second folder that cannot be listed is not taken for an empty one',
  withRig((rig) => {
    const { runId, second, hurt } = hurtInSecond(rig);
    const aside = `${second}-aside`;
    renameSync(second, aside);
    writeFileSync(second, 'no folder');
    rig.sweep();
    expect(rig.left(runId)).toEqual([]);
    expect(readlinkSync(join(rig.spool, runId, 'second'))).toBe(second);
    expect(existsSync(second)).toBeTrue();
    expect(readDamage(rig.db, runId).hurts).toEqual([hurt]);
    unlinkSync(second);
    renameSync(aside, second);
    expectWholeAgain(rig, runId, second);
  }),
);

/** Of an ended run the first segment lies in the second folder, and a later one of its name in the first. */
const hiddenInSecond = (rig: SpoolRig) => {
  rig.play(20);
  const { runId } = rig;
  const second = rig.moveFirst(runId);
  rig.writeAgain(0);
  const rows = 'SELECT first_frame AS firstFrame FROM spool WHERE run_id = ? ORDER BY firstFrame';
  const firstRow = () => rig.db.query(rows).get(runId);
  return { runId, second, firstRow };
};

test(
  'a file whose namesake counts goes without what is known of that',
  withRig((rig) => {
    const { firstRow, runId, second } = hiddenInSecond(rig);
    rig.secondDisk = FULL;
    rig.sweep();
    expect(readdirSync(second)).toEqual([]);
    expect(rig.left(runId)).toEqual(rig.firstFrames(0, 20));
    expect(firstRow()).toEqual({ firstFrame: 0 });
  }),
);

test(
  'with a file that counts those go that it hides, on whichever disk; it stays where they stay',
  withRig((rig) => {
    const { firstRow, runId, second } = hiddenInSecond(rig);
    rig.beginRun();
    rig.play(5);
    rig.disk = FULL;
    const { doomed } = rig.look();
    rig.forget(doomed, {
      append: () => undefined,
      remove(path) {
        if (path.startsWith(second) || path.includes(`/${SECOND}/`)) throw new Error('it refuses');
        unlinkSync(path);
      },
    });
    expect(rig.left(runId)).toEqual([0, 0]);
    expect(firstRow()).toEqual({ firstFrame: 0 });
    rig.sweep();
    expect([rig.hasFolder(runId), existsSync(second)]).toEqual([false, false]);
  }),
);
