import { expect, test } from 'bun:test';
import { EVENT_FLAGS, EVENT_KIND, GAP_REASON } from '../../../protocol/abi.ts';
import { makeDiskLog } from '../../../server/engine/disk-log.ts';
import { makeEvent } from '../session/core-event.ts';

const rig = () => {
  const lines: unknown[][] = [];
  return {
    lines,
    disk: makeDiskLog((level, event, details) => lines.push([level, event, details])),
  };
};

test('each gap is a line with its frames, each change of the disk one with its state', () => {
  const { lines, disk } = rig();
  const events = [
    makeEvent({ kind: EVENT_KIND.disk, detail: 1 }),
    makeEvent({ kind: EVENT_KIND.disk, detail: 2, value: 1 }),
    makeEvent({ kind: EVENT_KIND.gap, fromFrame: 100, toFrame: 350, detail: 2 }),
    makeEvent({ kind: EVENT_KIND.captured }),
    makeEvent({ kind: EVENT_KIND.notice, code: 1017, id: [0, 0, 0, 9] }),
    makeEvent({ kind: EVENT_KIND.notice, code: 1002, id: [0, 0, 0, 9] }),
    makeEvent({ kind: EVENT_KIND.notice, code: 2024, fromFrame: 5, toFrame: 90, value: 70 }),
    makeEvent({ kind: EVENT_KIND.disk }),
  ];
  expect(disk.reading(events)).toBe(events);
  expect(lines).toEqual([
    ['warn', 'disk', { state: 'slow', isSpaceLow: false, isSecondFolder: false }],
    ['warn', 'disk', { state: 'critical', isSpaceLow: true, isSecondFolder: false }],
    [
      'error',
      'recording gap',
      { fromFrame: 100, toFrame: 350, frames: 250, why: 'the disk refused' },
    ],
    [
      'error',
      'the recording of a take has rotted',
      { takeId: '00000000-0000-0000-0000-000000000009' },
    ],
    ['error', 'output gap', { fromFrame: 5, toFrame: 90, frames: 70 }],
    ['info', 'disk', { state: 'ok', isSpaceLow: false, isSecondFolder: false }],
  ]);
});

test('a gap that an engine before told is no error of this one', () => {
  const { lines, disk } = rig();
  const gap = { kind: EVENT_KIND.gap, fromFrame: 100, toFrame: 350 } as const;
  disk.reading([
    makeEvent({ ...gap, detail: GAP_REASON.diskStalled, flags: EVENT_FLAGS.recovered }),
    makeEvent({ ...gap, detail: GAP_REASON.diskStalled }),
    makeEvent({ ...gap, detail: GAP_REASON.engineRestart }),
  ]);
  expect(lines.map(([level]) => level)).toEqual(['info', 'error', 'warn']);
});

test('books that do not add up are told once, and again when it happens again', () => {
  const { lines, disk } = rig();
  const right = {
    framesIn: 100,
    framesDurable: 40,
    framesWritten: 30,
    framesQueued: 20,
    framesGap: 10,
  };
  const wrong = { ...right, framesQueued: 19 };
  for (const books of [right, wrong, wrong, right, wrong]) disk.onStatus(books);
  const line = [
    'error',
    'frames of the recording are not accounted for',
    { difference: 1, framesIn: 100 },
  ];
  expect(lines).toEqual([line, line]);
});
