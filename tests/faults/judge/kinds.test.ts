/** Kinds of fault: what a judge told is of its kind, and of no other. */
import { expect, test } from 'bun:test';
import { ROWS } from '../rows.ts';
import { ROWS as OUTAGES } from '../../outages/rows.ts';
import { syncRows } from '../../sync/rows.ts';
import { FAULT_KINDS, type FaultKind, isOfKind } from './kinds.ts';

/** As the judges told them. */
const TOLD: Readonly<Record<string, FaultKind | null>> = {
  'lost: 6fb1f70c-fd1c-4867: no sound, or not what was played': 'a take without its sound',
  'lost: 9c68e569-bc0d-461c: no row': 'a take without its row',
  'lost: 9c68e569-bc0d-461c: in no riff': 'a take without its row',
  'the rolls file 672d3e78 is named and not there': 'a named file that is not there',
  'what was said to be done did not last': 'done, and it did not last',
  'page: the loop is gone and nothing is said': 'a loop is gone, unsaid',
  'life 20261128005: 52543a52 is gone': 'what is needed was removed',
  'traces 9990773845641504876 and 119791936366028594': 'two traces of one seed',
  'turn 51: frame 812 would be lost': 'safe sound is lost',
  'turn 51: take 3 was called safe and would be lost': 'safe sound is lost',
  'SIGKILL: 57409 frames beside it are not the loop': 'the loop beside it is another',
  'steps 0, 0, 0, 1 instead of 0, 0, 1, 1': 'a crash was not counted',
  'the seventeenth was told null': 'one too many was let in',
  'ws: Host vm.local:1, Origin http://evil.example, undefined: let in': 'a stranger was let in',
  'vm.local:1: 1ASdmo2OS86 a second time: {}': 'a token was good twice',
  '25 messages were not refused': 'a message was not refused',
  'it answers no more when the disk of its log is full': 'nothing answers',
  '128 frames are missing after frame 7, and not declared: nothing is':
    'a gap that nothing declares',
  'the port was not back within 5642 ms': 'the port is not back',
  '14208 frames lack, of those the clock asks for': 'frames lack',
  'orphans: 23986 S sleep 600': 'a process is left',
  'nobody was told that nothing is obeyed': 'nobody was told',
  'revision 57: client 1 holds another state than direct': 'clients differ',
  'a repeat was done again: {}': 'a repeat had an effect',
  '24 of 59 presses took another bar': 'another bar was taken',
  'Error: not within 20000 ms: all are answered': null,
  '200 messages got 165 answers': null,
  'the seventeenth was told 5001': null,
  'a gap of 128 frames': null,
};

test('each sentence is of one kind', () => {
  const kinds = Object.keys(TOLD).map((fault) =>
    FAULT_KINDS.filter((kind) => isOfKind(fault, [kind])),
  );
  expect(kinds).toEqual(Object.values(TOLD).map((kind) => (kind === null ? [] : [kind])));
  expect(new Set(Object.values(TOLD))).toEqual(new Set([...FAULT_KINDS, null]));
});

test('each control names what it is found by, and no promise does', () => {
  for (const { finds, id, kind } of [...ROWS, ...OUTAGES, ...syncRows()]) {
    expect([id, (finds?.length ?? 0) > 0]).toEqual([id, kind === 'control']);
  }
});
