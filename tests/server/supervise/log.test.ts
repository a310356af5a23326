import { describe, expect, test } from 'bun:test';
import { LineWriter } from '../../../server/telemetry/line-writer.ts';
import { makeLog } from '../../../server/telemetry/log.ts';
import { steppedTime } from '../../support/stepped-time.ts';

const makeStage = (isTerminal: boolean) => {
  const lines: string[] = [];
  const { later, monotonicMs, pass, time } = steppedTime();
  const disk = { isFull: false };
  const writer = new LineWriter((text, done) => {
    if (disk.isFull) done(new Error('ENOSPC'));
    else {
      lines.push(text.slice(0, -1));
      done();
    }
  });
  const log = makeLog({
    name: 'engine',
    writer,
    isTerminal,
    clock: () => 1_700_000_000_000,
    monotonicMs,
    later,
  });
  return { disk, lines, log, pass, time };
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
      severity: 13,
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

  test('the end of a storm is told also when nothing more comes of it, and only once', () => {
    const { lines, log, pass } = makeStage(true);
    for (let count = 0; count < 100_000; count += 1) log('warn', 'link');
    pass(1000);
    expect(lines).toHaveLength(11);
    expect(lines.at(-1)).toBe('engine: warn: link (suppressed=99990)');
    log('warn', 'link');
    pass(1000);
    expect(lines.slice(11)).toEqual(['engine: warn: link']);
  });

  test('a full disk loses lines, counts them, and is written to again when it has room', () => {
    const { disk, lines, log } = makeStage(true);
    disk.isFull = true;
    for (const event of ['a', 'b', 'c']) log('info', event);
    disk.isFull = false;
    log('info', 'd');
    log('info', 'e');
    // The disk may hold the beginning of a line: the next one begins on a line of its own.
    expect(lines).toEqual(['\nengine: d (lost=3)', 'engine: e']);
  });
});

describe('a writer of lines', () => {
  test('a reader that stands still costs a megabyte and then lines', () => {
    const done: (() => void)[] = [];
    const writer = new LineWriter((_, end) => done.push(end));
    const line = 'x'.repeat(1023);
    for (let count = 0; count < 2000; count += 1) writer.write(line);
    expect(done).toHaveLength(1025);
    expect(writer.lost).toBe(975);
    for (const end of done.splice(0)) end();
    writer.write(line);
    expect([done.length, writer.lost]).toEqual([1, 0]);
  });

  test('what a line told is lost again with it', () => {
    const done: ((error?: Error) => void)[] = [];
    const writer = new LineWriter((_, end) => done.push(end));
    writer.write('a');
    done.shift()?.(new Error('EPIPE'));
    expect(writer.lost).toBe(1);
    writer.write('b');
    expect(writer.lost).toBe(0);
    done.shift()?.(new Error('EPIPE'));
    expect(writer.lost).toBe(2);
  });
});
