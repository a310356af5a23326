/** Log files: rotation, a storm whose books add up, a disk that is gone, the last words of a process. */
import { afterAll, describe, expect, test } from 'bun:test';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LineWriter } from '../../../server/telemetry/line-writer.ts';
import { LogFile, type LogFileOptions } from '../../../server/telemetry/log-file.ts';
import { type Log, makeLog } from '../../../server/telemetry/log.ts';
import { steppedTime } from '../../support/stepped-time.ts';

const root = mkdtempSync(join(tmpdir(), 'fz-log-'));
const files: LogFile[] = [];
afterAll(async () => {
  for (const file of files) await file.end();
  rmSync(root, { recursive: true, force: true });
});
let count = 0;

type Line = Record<string, unknown>;

const makeStage = (more: Partial<LogFileOptions> = {}) => {
  const folder = join(root, `${(count += 1)}`);
  const file = new LogFile({ folder, name: 'engine', ...more });
  files.push(file);
  const { later, monotonicMs, pass } = steppedTime();
  const log = makeLog({
    name: 'engine',
    writer: { lost: 0, write: () => undefined },
    file: new LineWriter(file.sink),
    about: () => ({ session: 's1', rev: 7, frame: 480 }),
    clock: () => 1_700_000_000_000,
    monotonicMs,
    later,
  });
  return { file, folder, log, pass };
};

/** Oldest file first. */
const filesOf = (folder: string): string[] =>
  readdirSync(folder)
    .toSorted()
    .toReversed()
    // NAME.jsonl sorts behind NAME.1.jsonl.
    .toSorted((a, b) => b.length - a.length)
    .map((name) => join(folder, name));

const linesOf = (folder: string): Line[] =>
  filesOf(folder)
    .flatMap((path) => readFileSync(path, 'utf8').split('\n'))
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line);

/** How many events the lines stand for: themselves, those suppressed, those lost. */
const told = (lines: readonly Line[], event: string): number =>
  lines
    .filter((line) => line['event'] === event)
    .reduce((sum, { lost = 0, suppressed = 0, wasTold }) => {
      return sum + Number(suppressed) + Number(lost) + (wasTold === undefined ? 0 : 1);
    }, 0);

const storm = (log: Log, events: number) => {
  for (let each = 0; each < events; each += 1) log('warn', 'storm', { wasTold: each });
};

describe('a log file', () => {
  test('has one JSON object a line, with severity and where session and sound stand', async () => {
    const { file, folder, log } = makeStage();
    log('error', 'recording gap', { code: 1005, frames: 12 });
    log('debug', 'for support only');
    await file.settle();
    expect(linesOf(folder)).toMatchObject([
      { level: 'error', severity: 17, code: 1005, session: 's1', rev: 7, frame: 480, frames: 12 },
      { level: 'debug', severity: 5, event: 'for support only' },
    ]);
    expect(statSync(join(folder, 'engine.jsonl')).mode & 0o777).toBe(0o600);
  });

  test('rotates: five files of a bound each, the newest lines kept, none torn', async () => {
    const bytesMax = 4000;
    const { file, folder } = makeStage({ bytesMax });
    const writer = new LineWriter(file.sink);
    for (let each = 0; each < 1000; each += 1) {
      writer.write(JSON.stringify({ each, text: 'x'.repeat(each % 90) }));
      if (each % 7 === 0) await file.settle();
    }
    await file.settle();
    const paths = filesOf(folder);
    expect(paths.map((path) => path.slice(folder.length + 1))).toEqual([
      'engine.4.jsonl',
      'engine.3.jsonl',
      'engine.2.jsonl',
      'engine.1.jsonl',
      'engine.jsonl',
    ]);
    for (const path of paths) expect(statSync(path).size).toBeLessThanOrEqual(bytesMax);
    const kept = linesOf(folder).map(({ each }) => Number(each));
    expect(kept.length).toBeGreaterThan(100);
    expect(kept).toEqual(Array.from({ length: kept.length }, (_, at) => 1000 - kept.length + at));
  });

  test('another process of that name goes on behind the lines of the one before', async () => {
    const first = makeStage();
    first.log('info', 'first');
    await first.file.settle();
    const next = new LogFile({ folder: first.folder, name: 'engine' });
    files.push(next);
    new LineWriter(next.sink).write('{"event":"second"}');
    await next.settle();
    expect(linesOf(first.folder).map(({ event }) => event)).toEqual(['first', 'second']);
  });

  test('a planted storm of 300,000 lines costs ten a second, and the books add up', async () => {
    const { file, folder, log, pass } = makeStage();
    for (let second = 0; second < 3; second += 1) {
      storm(log, 100_000);
      pass(1000);
    }
    await file.settle();
    const lines = linesOf(folder);
    expect(lines.length).toBeLessThanOrEqual(3 * 11);
    expect(told(lines, 'storm')).toBe(300_000);
    // The judge notices a single event that nobody counted.
    const forgetful = lines.map((line) =>
      'suppressed' in line ? { ...line, suppressed: Number(line['suppressed']) - 1 } : line,
    );
    expect(told(forgetful, 'storm')).toBeLessThan(300_000);
  });

  test('a storm that lasts turns the files over, and what is left out of it stays counted', async () => {
    const bytesMax = 20_000;
    const { file, folder, log, pass } = makeStage({ bytesMax });
    const seconds = 60;
    for (let second = 0; second < seconds; second += 1) {
      storm(log, 1000);
      pass(1000);
      await file.settle();
    }
    expect(filesOf(folder)).toHaveLength(5);
    const lines = linesOf(folder);
    // The oldest file that is left may begin within a second; all after it are whole.
    const whole = lines.slice(lines.findIndex(({ wasTold }) => wasTold === 0));
    const kept = whole.filter(({ wasTold }) => wasTold === 0).length;
    expect(kept).toBeWithin(10, seconds);
    expect(told(whole, 'storm')).toBe(1000 * kept);
  });

  test('a storm of one code hides no other code, and no other event', async () => {
    const { file, folder, log } = makeStage();
    for (let each = 0; each < 1000; each += 1) log('warn', 'refused', { code: 5003 });
    log('warn', 'refused', { code: 5007 });
    log('warn', 'gateway died', { code: 5003 });
    await file.settle();
    expect(linesOf(folder).filter(({ code }) => code === 5003)).toHaveLength(11);
    expect(linesOf(folder).slice(-2)).toMatchObject([
      { event: 'refused', code: 5007 },
      { event: 'gateway died' },
    ]);
  });

  test('a folder that cannot be written loses lines and counts them; later lines are there', async () => {
    const { file, folder, log } = makeStage();
    // A folder where the file belongs: as root no permission would refuse.
    mkdirSync(join(folder, 'engine.jsonl'), { recursive: true });
    log('info', 'a');
    log('info', 'b');
    await file.settle();
    rmSync(folder, { recursive: true });
    log('info', 'c');
    await file.settle();
    expect(linesOf(folder)).toMatchObject([{ event: 'c', lost: 2 }]);
  });

  test('a data folder that is gone does not come back with nothing but a log in it', async () => {
    const data = join(root, `${(count += 1)}`);
    const file = new LogFile({ folder: join(data, 'logs'), name: 'engine' });
    files.push(file);
    const writer = new LineWriter(file.sink);
    writer.write('{}');
    await file.settle();
    writer.write('{}');
    file.flushNow();
    expect(existsSync(data)).toBe(false);
    mkdirSync(data);
    await file.settle();
    writer.write('{"event":"later"}');
    await file.settle();
    expect(linesOf(join(data, 'logs'))).toMatchObject([{ event: 'later' }]);
  });

  test('the last words of a process are there when it asks for it, once', async () => {
    const { file, folder, log } = makeStage();
    log('info', 'before');
    await file.settle();
    log('error', 'crash', { error: 'why' });
    file.flushNow();
    expect(linesOf(folder).map(({ event }) => event)).toEqual(['before', 'crash']);
    await file.settle();
    expect(linesOf(folder)).toHaveLength(2);
  });
});
