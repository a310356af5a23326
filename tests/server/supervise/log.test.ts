import { describe, expect, test } from 'bun:test';
import { makeLog } from '../../../server/telemetry/log.ts';

const makeStage = (isTerminal: boolean) => {
  const lines: string[] = [];
  const time = { ms: 0 };
  const log = makeLog({
    name: 'engine',
    write: (line) => lines.push(line),
    isTerminal,
    clock: () => 1_700_000_000_000,
    monotonicMs: () => time.ms,
  });
  return { lines, time, log };
};

describe('the log', () => {
  test('is one JSON object a line, with time, level, process and event', () => {
    const { lines, log } = makeStage(false);
    log('warn', 'gateway died', { code: 1, says: 'a\nb' });
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? '')).toEqual({
      ts: '2023-11-14T22:13:20.000Z',
      monoMs: 0,
      level: 'warn',
      name: 'engine',
      pid: process.pid,
      event: 'gateway died',
      code: 1,
      says: 'a\nb',
    });
  });

  test('is readable on a terminal', () => {
    const { lines, log } = makeStage(true);
    log('info', 'engine started', { device: 'jack', riffs: 3 });
    log('error', 'crash');
    expect(lines).toEqual(['engine: engine started (device=jack riffs=3)', 'engine: error: crash']);
  });

  test('the same event comes ten times a second at most, and the rest is counted', () => {
    const { lines, log, time } = makeStage(true);
    for (let count = 0; count < 25; count += 1) log('warn', 'link');
    log('warn', 'other');
    expect(lines).toHaveLength(11);
    time.ms = 1000;
    log('warn', 'link');
    expect(lines.at(-1)).toBe('engine: warn: link (suppressed=15)');
  });
});
