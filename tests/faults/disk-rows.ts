/** Rows 1 to 14: a disk that is slow, full, broken or gone while the sound goes on. */
import { control, promised, type Row, trials } from './row.ts';
import { badWrites } from './rigs/bad-writes.ts';
import { deadDisk } from './rigs/dead-disk.ts';
import { freeze } from './rigs/freeze.ts';
import { diskPulled, diskReadOnly, folderRenamed, spoolDeleted } from './rigs/folder-away.ts';
import { fullDisk, LEVELS } from './rigs/full-disk.ts';
import { fullLong } from './rigs/full-long.ts';
import { fullStart } from './rigs/full-start.ts';
import { longFiles, manyFiles } from './rigs/limits.ts';
import { oneFault } from './rigs/op-n.ts';
import { pastMemory } from './rigs/past-memory.ts';
import { slowDisk } from './rigs/slow-disk.ts';
import { soak, SOAK_MINUTES } from './rigs/soak.ts';
import { troubled } from './rigs/trouble.ts';

export const DISK_ROWS: readonly Row[] = [
  promised(
    '1',
    `none, ${SOAK_MINUTES} minutes, 9 sources, a capture every 2 s`,
    'no gap; how memory grows in the second half is told beside the limit of a FlowZone that only listens',
    {
      short: 0,
      full: 1,
      rig: soak({ isPlayed: true }),
      asked: [{ size: 120, of: 'minutes' }],
    },
  ),
  promised(
    '1 quiet',
    `none, ${SOAK_MINUTES} minutes, 9 sources, nobody presses`,
    'no gap; less than 1 MB an hour is gained in the second half, which is shown when two deviations more are less, and broken when three fewer are more',
    {
      short: 0,
      full: 1,
      rig: soak({ isPlayed: false }),
      asked: [{ size: 120, of: 'minutes' }],
    },
  ),
  promised('2', 'disk frozen 2 s, 16 sources', 'no gap, never CRITICAL; presses are answered', {
    short: 1,
    full: 20,
    rig: freeze({ seconds: 2, pairs: 15 }),
    asked: trials(20),
  }),
  promised('2 long', 'disk frozen 30 s, 16 sources', 'no gap, written soon after the thaw', {
    short: 0,
    full: 2,
    rig: freeze({ seconds: 30, pairs: 15 }),
  }),
  promised('3', 'disk frozen 60 s, 9 sources', 'no gap, written soon after the thaw', {
    short: 0,
    full: 2,
    rig: freeze({ seconds: 60, pairs: 8 }),
    asked: [{ size: 60, of: 'frozenSeconds' }],
  }),
  promised(
    '4',
    'disk frozen 120 s, 9 sources, a ring of 256 MiB',
    'overflow is used and given back, no gap',
    {
      short: 0,
      full: 1,
      rig: freeze({ seconds: 120, pairs: 8, overflow: { ringSeconds: 77 } }),
      asked: [{ size: 120, of: 'frozenSeconds' }],
    },
  ),
  promised(
    '4 small',
    'disk frozen 12 s, 9 sources, a ring of 4 s',
    'overflow is used and given back, no gap',
    { short: 0, full: 5, rig: freeze({ seconds: 12, pairs: 8, overflow: { ringSeconds: 4 } }) },
  ),
  promised(
    '5',
    'disk frozen 240 s, 16 sources: beyond a ring of 256 MiB and all of the overflow',
    'told once, one gap, declared to the frame; well again by itself',
    {
      short: 0,
      full: 1,
      rig: pastMemory({ freezeSeconds: 240, pairs: 15, ringSeconds: 44, blocks: 64 }),
    },
  ),
  promised(
    '5 small',
    'disk frozen 36 s, 9 sources, a ring of 4 s and 4 blocks of overflow',
    'told once, one gap, declared to the frame; well again by itself',
    {
      short: 0,
      full: 3,
      rig: pastMemory({ freezeSeconds: 36, pairs: 8, ringSeconds: 4, blocks: 4 }),
    },
  ),
  ...[
    { percent: 25, seconds: 120, blocks: 16 },
    { percent: 50, seconds: 180, blocks: 16 },
    { percent: 90, seconds: 400, blocks: 10 },
    { percent: 110, seconds: 90, blocks: 16 },
  ].map((how) =>
    promised(
      `6 ${how.percent}`,
      `disk takes ${how.percent} % of 16 sources; a ring of 4 s and ${how.blocks} blocks of overflow`,
      'a gap only when memory is full, and after as long as it should take; declared to the frame',
      { short: 0, full: 1, rig: slowDisk(how), asked: [{ size: 300, of: 'seconds' }] },
    ),
  ),
  promised('7', 'each write takes 300 ms', 'no gap; a mute is answered within 250 ms', {
    short: 0,
    full: 3,
    rig: badWrites({
      fault: 'writeDelayMs',
      value: 300,
      counted: 'writes',
      seconds: 60,
      pressMs: 5000,
    }),
    asked: [{ size: 300, of: 'seconds', perTrial: 60 }],
  }),
  promised('8', 'one write in a hundred fails', 'written elsewhere: no gap', {
    short: 1,
    full: 20,
    rig: badWrites({
      fault: 'writeErrorsPerMille',
      value: 10,
      counted: 'failedWrites',
      seconds: 4,
      pressMs: 100,
    }),
  }),
  promised('9', 'writes are cut short', 'every sample as it was played', {
    short: 0,
    full: 20,
    rig: badWrites({
      fault: 'shortWrites',
      value: 1,
      counted: 'shortened',
      seconds: 3,
      pressMs: 100,
    }),
  }),
  promised(
    '10',
    'a sync fails once and loses what it should have kept; the next succeeds',
    'nothing on the bad file is called saved',
    {
      short: 1,
      full: 200,
      rig: oneFault({
        fault: 'syncErrorIn',
        counted: 'failedSyncs',
        operations: 12,
        presses: 4,
      }),
      asked: trials(200),
    },
  ),
  // Which sync it is decides what is lost: too much luck for a short run.
  {
    ...control(
      '10 trust',
      'a sync fails once, and FlowZone believes that it succeeded',
      ['a take without its row', 'a named file that is not there'],
      oneFault({
        fault: 'syncErrorIn',
        counted: 'failedSyncs',
        operations: 12,
        presses: 4,
        trusts: true,
      }),
    ),
    short: 0,
  },
  control(
    '10 sound',
    'each sync of sound fails, and FlowZone believes that it succeeded',
    'a take without its sound',
    oneFault({
      fault: 'soundSyncErrors',
      counted: 'failedSyncs',
      operations: 1,
      presses: 4,
      trusts: true,
    }),
  ),
  promised(
    '11',
    'the disk fails for good: EIO from the device',
    'told within 2 s, loops play on and can be captured; nothing that was called saved is lost',
    { short: 1, full: 50, rig: deadDisk() },
  ),
  promised(
    '11 second',
    'the disk fails for good, and there is a second folder',
    'the recording goes on there: no gap, not CRITICAL, told within 2 s',
    { short: 1, full: 20, rig: deadDisk({ hasSecond: true }) },
  ),
  promised(
    '12',
    'the disk is full, at 50 fill levels, and is free again',
    'the player is told, loops play on, nothing is missing, all is saved afterwards',
    { short: 1, full: LEVELS, rig: troubled(fullDisk), asked: trials(50) },
  ),
  promised(
    '12 long',
    'a disk with room fills up and is full for longer than memory lasts, 9 sources, a ring of 4 s and 3 blocks of overflow',
    'warned when ten minutes of room are left and not before, then told once, loops play on, a gap declared to the frame; all is well by itself',
    { short: 0, full: 5, rig: fullLong },
  ),
  promised(
    '12 start',
    'the disk is full when FlowZone ends, and at two starts; every other time no ballast is left',
    'it starts, plays what was saved, says so, ends in order, and recovers when there is room',
    { short: 2, full: 10, rig: fullStart },
  ),
  promised(
    '13 size',
    'files may grow no longer, for a while',
    'nobody dies, all is saved afterwards',
    {
      short: 0,
      full: 20,
      rig: troubled(longFiles),
    },
  ),
  promised(
    '13 open',
    'no more files can be opened, for a while',
    'nobody dies, all is saved afterwards',
    {
      short: 0,
      full: 20,
      rig: troubled(manyFiles),
    },
  ),
  promised(
    '14 renamed',
    'the data folder is renamed and comes back',
    'noticed within 2 s, nothing lost',
    {
      short: 0,
      full: 20,
      rig: troubled(folderRenamed),
    },
  ),
  promised(
    '14 deleted',
    'the folder of recordings is deleted',
    'noticed within 2 s, what is saved later is not lost',
    {
      short: 0,
      full: 20,
      rig: troubled(spoolDeleted),
    },
  ),
  promised(
    '14 read-only',
    'the disk becomes read-only for a while',
    'noticed within 2 s, nothing lost',
    {
      short: 0,
      full: 20,
      rig: troubled(diskReadOnly),
    },
  ),
  promised(
    '14 pulled',
    'the disk is pulled out and plugged in again',
    'noticed within 2 s, nothing lost',
    {
      short: 0,
      full: 20,
      rig: troubled(diskPulled),
    },
  ),
];
