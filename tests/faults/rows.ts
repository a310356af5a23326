/**
 * The thirty faults FlowZone has to live through, what it promises in each, and the rig that tries it.
 *
 * A row without a rig is listed all the same: what was not tried was not proved.
 */
import { DISK_ROWS } from './disk-rows.ts';
import { HOSTILE_ROWS } from './hostile-rows.ts';
import { control, promised, type Row, trials } from './row.ts';
import { crashLoop } from './rigs/crash-loop.ts';
import {
  cutAllFiles,
  cutFiles,
  damaged,
  flipBits,
  flipSpool,
  rotDatabase,
  zeroPage,
} from './rigs/damage.ts';
import { day } from './rigs/day.ts';
import { frozenKill } from './rigs/frozen-kill.ts';
import { kill } from './rigs/kill.ts';
import { manyRiffs } from './rigs/many-riffs.ts';
import { oneFault } from './rigs/op-n.ts';
import { pastMemory } from './rigs/past-memory.ts';
import { pluginHosts } from './rigs/plugin-hosts.ts';
import { powerCut } from './rigs/power-cut.ts';
import { removal } from './rigs/removal.ts';
import { saved } from './rigs/saved.ts';
import { simulation } from './rigs/simulation.ts';
import { startCrash } from './rigs/start-crash.ts';
import { workCut } from './rigs/work-cut.ts';
import { workFault } from './rigs/work-fault.ts';

/** No alert ever begins. */
const MUTE = {
  file: 'server/session/state/alerts.ts',
  from: "t: 'alert',",
  to: "t: 'alertGone',",
};

const GONE = 'what is needed was removed';

export const ROWS: readonly Row[] = [
  ...DISK_ROWS,
  promised(
    '15',
    'power cut at a random moment',
    'no loop that was called saved is lost; of sound nobody pressed for at most 1 s',
    {
      short: 4,
      full: 200,
      rig: powerCut(),
      asked: [...trials(500), { size: 50_000, of: 'acks' }],
    },
  ),
  control(
    '16 file',
    'power cut, audio files are not synced',
    'a take without its sound',
    powerCut({ lazy: 'file' }),
  ),
  control(
    '16 folder',
    'power cut, folders are not synced',
    'a named file that is not there',
    powerCut({ lazy: 'folder' }),
  ),
  control(
    '16 wal',
    'power cut, commits are not synced',
    'a take without its row',
    powerCut({ lazy: 'wal' }),
  ),
  promised(
    '16 none',
    'power cut, commits synced without what ext4 adds',
    'as row 15: what the controls change is not what they find',
    { short: 0, full: 20, rig: powerCut({ lazy: 'none' }) },
  ),
  promised(
    '17',
    'power cut while the last one is recovered',
    'no loop that was called saved is lost; of sound nobody pressed for at most 1 s',
    {
      short: 0,
      full: 100,
      rig: powerCut({ isTwice: true }),
      asked: trials(100),
    },
  ),
  promised('17 migration', 'power cut while a session file is brought up to date', 'old or new', {
    short: 1,
    full: 100,
    rig: workCut({ work: 'migration' }),
    asked: trials(100),
  }),
  promised('17 backup', 'power cut during a backup', 'the older one is whole', {
    short: 1,
    full: 100,
    rig: workCut({ work: 'backup' }),
    asked: trials(100),
  }),
  promised(
    '17 removal',
    'power cut while what nobody needs is removed',
    'what is needed is there',
    {
      short: 1,
      full: 100,
      rig: workCut({ work: 'removal' }),
      asked: trials(100),
    },
  ),
  control(
    '17 unsynced',
    'power cut during a backup, folders are not synced',
    'done, and it did not last',
    workCut({ work: 'backup', lazy: 'folder' }),
  ),
  promised(
    '18',
    'kill -9 of the engine at a random moment',
    'no capture is lost, the look-back goes on, the loops come back at their place',
    { short: 3, full: 200, rig: kill(), asked: trials(500) },
  ),
  promised(
    '18 frozen',
    'kill -9 of the engine while the disk stands still and 200 captures wait for it',
    'each that was answered is saved after the thaw',
    { short: 0, full: 10, rig: frozenKill({ presses: 200, seconds: 20 }) },
  ),
  promised('19 flips', 'a bit flips in some or all of the files', 'plays as it was, or says so', {
    short: 1,
    full: 200,
    rig: damaged(flipBits),
    asked: trials(10_000),
  }),
  promised(
    '19 spool',
    'a bit flips in the recording of a loop that has no file',
    'plays as it was, or says so',
    { short: 0, full: 20, rig: damaged(flipSpool) },
  ),
  promised('19 cuts', 'some or all of the files are cut short', 'plays as it was, or says so', {
    short: 1,
    full: 200,
    rig: damaged(cutFiles),
    asked: trials(1000),
  }),
  control(
    '19 mute',
    'all files are cut short, and nothing is said of it',
    'a loop is gone, unsaid',
    damaged(cutAllFiles, MUTE),
  ),
  promised(
    '20',
    'a page of the database is zeros, its log is cut or gone',
    'plays as it was, or says so',
    { short: 0, full: 100, rig: damaged(rotDatabase) },
  ),
  control(
    '20 mute',
    'a page of the database is zeros, nothing comes back out of the journal, and nothing is said of it',
    'a loop is gone, unsaid',
    damaged(zeroPage, MUTE, {
      file: 'server/session/store/mend.ts',
      from: 'return replayLines(db, dataFolder, owed);',
      to: 'return { replayedCount: 0, missingCount: 0 };',
    }),
  ),
  promised(
    '21',
    'an error in the N-th operation of a commit, for all N',
    'done or not done, never between; done soon after',
    {
      short: 1,
      full: 200,
      rig: oneFault({
        fault: 'operationErrorIn',
        counted: 'failedOperations',
        operations: 200,
        presses: 2,
      }),
    },
  ),
  promised(
    '21 migration',
    'an error in one operation while a session file is brought up to date',
    'old or new; done when it is tried again',
    { short: 1, full: 100, rig: workFault('migration') },
  ),
  promised(
    '21 removal',
    'an error in one operation while what nobody needs is removed',
    'what is needed is there; done when it is tried again',
    { short: 1, full: 100, rig: workFault('removal') },
  ),
  promised(
    '22',
    'what nobody needs is removed, at random moments, and cut off anywhere',
    'what is needed is never removed, and no take without consent',
    { short: 1, full: 40, rig: removal(), asked: [{ size: 10_000, of: 'lives' }] },
  ),
  control(
    '22 exports',
    'removing, what an export reads is not asked for',
    GONE,
    removal('exports'),
  ),
  control('22 takes', 'removing, takes without files are not asked for', GONE, removal('takes')),
  control('22 windows', 'removing, files of takes are not asked for', GONE, removal('windows')),
  control(
    '22 riffs',
    'removing, what other sessions play is not asked for',
    GONE,
    removal('riffs'),
  ),
  control(
    '22 recipes',
    'removing, what is made of takes is not asked for',
    GONE,
    removal('recipes'),
  ),
  control(
    '22 rolls',
    'removing, files of what is around takes are not asked for',
    GONE,
    removal('rolls'),
  ),
  promised(
    '23',
    'simulated hours: writes and syncs fail, stalls, kills, power cuts, all from a seed',
    'nothing that the core calls durable is lost, every frame is in the books; the same seed leaves the same trace',
    { short: 0, full: 100, rig: simulation(), asked: [{ size: 1000, of: 'hours' }] },
  ),
  // In short among the Swift tests, which need no build of their own.
  {
    ...control(
      '23 dice',
      'simulated hours, not all is decided by the seed',
      'two traces of one seed',
      simulation('dice'),
    ),
    short: 0,
  },
  {
    ...control(
      '23 unsynced',
      'simulated hours, the disk says that it has synced, and has not',
      'safe sound is lost',
      simulation('lazySync'),
    ),
    short: 0,
  },
  promised(
    '24',
    'disk frozen 30 s, 9 sources, a ring of 4 s; no memory for more than 3 blocks of overflow',
    'told earlier and once, no crash, one gap, declared to the frame',
    {
      short: 0,
      full: 3,
      rig: pastMemory({ freezeSeconds: 30, pairs: 8, ringSeconds: 4, blocks: 3, isRefused: true }),
    },
  ),
  promised(
    '25',
    'the process of a plug-in is killed, stopped, ends by itself or hangs in a block',
    'the loop beside it is heard frame by frame as without a plug-in; what hangs is ended within 1.5 s, what died is heard again within 0.5 s',
    { short: 3, full: 200, rig: pluginHosts(), asked: trials(200) },
  ),
  control(
    '25 near',
    'as row 25, and the plug-in is heard where the judge listens',
    'the loop beside it is another',
    pluginHosts({ isAside: false }),
  ),
  promised(
    '26',
    'three crashes of a start, in a minute or over an hour, and power cuts between them',
    'Safe Mode with the third in a minute, and only then; the count outlives the cut',
    { short: 4, full: 100, rig: crashLoop(), asked: trials(100) },
  ),
  control(
    '26 file',
    'crashes and power cuts, the count is not synced',
    'a crash was not counted',
    crashLoop('file'),
  ),
  promised(
    '26 start',
    'kill -9 of the engine in three starts in a row, then a power cut',
    'Safe Mode, also after the cut',
    { short: 1, full: 20, rig: startCrash },
  ),
  ...HOSTILE_ROWS,
  promised(
    '31',
    'a day of sound of one source at 22,050 Hz, a capture every 30 s',
    'no gap, every loop as it was heard',
    {
      short: 1,
      full: 24,
      rig: day,
    },
  ),
  promised('31 riffs', 'none, a session of 50,000 riffs', 'opens whole; what that takes is told', {
    short: 0,
    full: 3,
    rig: manyRiffs,
  }),
  promised('32', 'none, an idle disk', 'saved as soon as the disk can', {
    short: 0,
    full: 1,
    rig: saved,
  }),
];

/** Rows whose number or name it is: `16` means all of 16. */
export const rowsNamed = (name: string): Row[] =>
  ROWS.filter(({ id }) => id === name || id.split(' ')[0] === name);
