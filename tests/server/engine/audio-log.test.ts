import { expect, test } from 'bun:test';
import { EVENT_KIND } from '../../../protocol/abi.ts';
import { ERRORS } from '../../../protocol/errors.ts';
import { makeAudioLog } from '../../../server/engine/audio-log.ts';
import { makeEvent } from '../session/core-event.ts';

test('each dropout is a line with its frames, and so is a device that goes and is back', () => {
  const lines: unknown[][] = [];
  const audio = makeAudioLog((level, event, details) => lines.push([level, event, details]));
  const { code } = ERRORS.ERR_DEVICE_LOST;
  const events = [
    makeEvent({ kind: EVENT_KIND.xrun, frame: 1000, value: 256 }),
    makeEvent({ kind: EVENT_KIND.device, code, detail: 0 }),
    makeEvent({ kind: EVENT_KIND.captured }),
    makeEvent({ kind: EVENT_KIND.device, code, detail: 1 }),
  ];
  expect(audio.reading(events)).toBe(events);
  const codeName = 'ERR_DEVICE_LOST';
  expect(lines).toEqual([
    ['warn', 'dropout', { fromFrame: 744, toFrame: 1000 }],
    ['warn', 'device', { code, codeName, isOver: false }],
    ['info', 'device', { code, codeName, isOver: true }],
  ]);
});
