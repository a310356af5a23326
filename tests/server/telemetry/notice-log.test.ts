import { expect, test } from 'bun:test';
import type { Message } from '../../../protocol/messages.ts';
import { logNotice } from '../../../server/telemetry/notice-log.ts';

const linesOf = (...messages: Message[]): unknown[][] => {
  const lines: unknown[][] = [];
  const log = (...line: unknown[]) => void lines.push(line);
  for (const message of messages) logNotice(log, message);
  return lines;
};

test('what players are told of is a line, as bad as the code is', () => {
  const lines = linesOf(
    { type: 'NOTICE', code: 1004 },
    { type: 'NOTICE', code: 2001 },
    { type: 'NOTICE', code: 1010, detail: 'It waits for a device.' },
    { type: 'NOTICE', code: 9999 },
    { type: 'PONG', t0: 0, t1: 0 },
  );
  expect(lines).toEqual([
    ['info', 'notice', { code: 1004, codeName: 'ERR_DISK_SLOW' }],
    ['warn', 'notice', { code: 2001, codeName: 'ERR_AUDIO_DROPOUT' }],
    [
      'error',
      'notice',
      { code: 1010, codeName: 'ERR_ENGINE_RESTARTING', detail: 'It waits for a device.' },
    ],
    ['warn', 'notice', { code: 9999, codeName: undefined }],
  ]);
});
