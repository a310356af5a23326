/**
 * The thirty faults FlowZone has to live through, what it promises in each, and the rig that tries it.
 *
 * A row without a rig is listed all the same: what was not tried was not proved.
 */
import type { Rig } from './rig.ts';
import { day } from './rigs/day.ts';
import { freeze } from './rigs/freeze.ts';
import { kill } from './rigs/kill.ts';
import { powerCut } from './rigs/power-cut.ts';

export interface Row {
  /** As the page names it; the number comes first. */
  readonly id: string;
  readonly fault: string;
  readonly promise: string;
  /** `control`: FlowZone is broken on purpose, and the judge must find it within the trials. */
  readonly kind: 'promise' | 'control';
  /** Trials in `npm test`, and in full. */
  readonly short: number;
  readonly full: number;
  readonly rig: Rig | null;
}

const promised = (
  id: string,
  fault: string,
  promise: string,
  trials: { short: number; full: number; rig: Rig } | null = null,
): Row => ({ id, fault, promise, kind: 'promise', short: 0, full: 0, rig: null, ...trials });

const control = (id: string, fault: string, rig: Rig): Row => ({
  id,
  fault,
  promise: 'the judge finds it within 20 cuts',
  kind: 'control',
  short: 5,
  full: 20,
  rig,
});

export const ROWS: readonly Row[] = [
  promised('1', 'none, two hours', 'no gap, memory does not grow'),
  promised('2', 'disk frozen 2 s, 16 sources', 'no gap, never CRITICAL; presses are answered', {
    short: 2,
    full: 20,
    rig: freeze({ seconds: 2, pairs: 15 }),
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
  }),
  promised('4', 'disk frozen 120 s', 'overflow is used and given back, no gap'),
  promised('5', 'disk frozen beyond all memory', 'one gap, declared to the frame'),
  promised('6', 'disk slower than the sound', 'a gap only when memory is full'),
  promised('7', 'each write takes 300 ms', 'no gap'),
  promised('8', 'one write in a hundred fails', 'no gap'),
  promised('9', 'writes are cut short', 'every sample as it was played'),
  promised('10', 'a sync fails once, the next succeeds', 'nothing on the bad file is called saved'),
  promised('11', 'the disk fails for good', 'the player is told within 2 s, loops play on'),
  promised('12', 'the disk is full', 'the session opens, nothing saved is lost'),
  promised('13', 'limits of file size and open files', 'nobody dies'),
  promised('14', 'the folder goes away', 'noticed within 2 s, nothing saved is lost'),
  promised(
    '15',
    'power cut at a random moment',
    'no loop that was called saved is lost; of sound nobody pressed for at most 1 s',
    { short: 5, full: 200, rig: powerCut() },
  ),
  control('16 file', 'power cut, audio files are not synced', powerCut('file')),
  control('16 folder', 'power cut, folders are not synced', powerCut('folder')),
  control('16 wal', 'power cut, commits are not synced', powerCut('wal')),
  promised(
    '16 none',
    'power cut, commits synced without what ext4 adds',
    'as row 15: what the controls change is not what they find',
    { short: 2, full: 20, rig: powerCut('none') },
  ),
  promised('17', 'power cut while the last one is recovered', 'nothing saved is lost'),
  promised(
    '18',
    'kill -9 of the engine at a random moment',
    'no capture is lost, the look-back goes on, the loops come back at their place',
    { short: 4, full: 200, rig: kill() },
  ),
  promised('19', 'files cut short, bits flipped', 'never played as if they were good'),
  promised('20', 'the database damaged', 'rebuilt from its copies and the files'),
  promised('21', 'an error in the N-th operation, for all N', 'done or not done, never between'),
  promised('22', 'removing what nobody needs, at random', 'what is needed is never removed'),
  promised('23', 'simulated hours with random faults', 'the same seed gives the same end'),
  promised('24', 'no memory', 'told earlier, no crash'),
  promised('25', 'plug-in hosts die and hang', 'the others are bit-identical'),
  promised('26', 'crashes again and again', 'the ladder of Safe Mode'),
  promised('27', 'slow clients', 'the others notice nothing'),
  promised('28', 'hostile handshakes', 'none is let in'),
  promised('29', 'hostile messages', 'no crash, no file outside the folder'),
  promised('30', 'log storms, clock jumps, suspend', 'the sound notices nothing'),
  promised('31', 'a day of sound, a capture every 30 s', 'no gap, every loop as it was heard', {
    short: 1,
    full: 24,
    rig: day,
  }),
];

/** Rows whose number or name it is: `16` means all of 16. */
export const rowsNamed = (name: string): Row[] =>
  ROWS.filter(({ id }) => id === name || id.split(' ')[0] === name);
