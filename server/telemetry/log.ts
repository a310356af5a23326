/**
 * Log lines: JSON in a file of the process and on stderr, readable there when it is a terminal. What is
 * of level `debug` is in the file only.
 *
 * The same event with the same code is written at most ten times a second; how many were left out is in
 * its next line, or in one of its own when the second is over. A line that could not be written is
 * counted as lost, for each place.
 */
import type { WallClock } from '../clock.ts';
import { wallClock } from '../clock.ts';
import { type LineWriter, stderrLines } from './line-writer.ts';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';
export type LogFields = Readonly<Record<string, unknown>>;
export type Log = (level: LogLevel, event: string, fields?: LogFields) => void;

type Lines = Pick<LineWriter, 'lost' | 'write'>;

export interface LogOptions {
  /** Which process speaks. */
  readonly name: string;
  readonly writer?: Lines;
  /** Beside the writer: always JSON. */
  readonly file?: Lines;
  /** Where the process stands, for every line of the file. */
  readonly about?: () => LogFields;
  readonly isTerminal?: boolean;
  readonly clock?: WallClock;
  readonly monotonicMs?: () => number;
  /** Calls once after so many ms; keeps no process alive. */
  readonly later?: (ms: number, act: () => void) => void;
}

interface Seen {
  sinceMs: number;
  count: number;
}

/** As OpenTelemetry numbers them. */
const SEVERITY: Readonly<Record<LogLevel, number>> = { debug: 5, info: 9, warn: 13, error: 17 };

const SAME_EVENT_MAX = 10;
const WINDOW_MS = 1000;
/** Events are few; codes that come from outside may not be. */
const SEEN_MAX = 512;

const afterMs = (ms: number, act: () => void) => void setTimeout(act, ms).unref();

const readable = (level: LogLevel, name: string, event: string, fields: LogFields): string => {
  const rest = Object.entries(fields)
    .map(([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(' ');
  const mark = level === 'info' || level === 'debug' ? '' : `${level}: `;
  return `${name}: ${mark}${event}${rest === '' ? '' : ` (${rest})`}`;
};

/** Fields with how much was left out before them, when anything was. */
const withCounts = (fields: LogFields, suppressed: number, lost: number): LogFields => ({
  ...fields,
  ...(suppressed > 0 && { suppressed }),
  ...(lost > 0 && { lost }),
});

const keyOf = (event: string, code: object): string => `${event} ${JSON.stringify(code)}`;

export const makeLog = (options: LogOptions): Log => {
  const { clock = wallClock, later = afterMs, name } = options;
  const monotonicMs = options.monotonicMs ?? (() => performance.now());
  const writer = options.writer ?? stderrLines();
  const isTerminal = options.isTerminal ?? process.stderr.isTTY;
  const seen = new Map<string, Seen>();

  const json = (level: LogLevel, event: string, fields: LogFields): string => {
    const ts = new Date(clock()).toISOString();
    const head = { ts, monoMs: monotonicMs(), level, severity: SEVERITY[level], name };
    return JSON.stringify({ ...head, pid: process.pid, event, ...options.about?.(), ...fields });
  };

  const write = (level: LogLevel, event: string, fields: LogFields, suppressed: number) => {
    const { file } = options;
    file?.write(json(level, event, withCounts(fields, suppressed, file.lost)));
    if (level === 'debug') return;
    const told = withCounts(fields, suppressed, writer.lost);
    writer.write(isTerminal ? readable(level, name, event, told) : json(level, event, told));
  };

  const suppressedOf = ({ count }: Seen) => Math.max(0, count - SAME_EVENT_MAX);

  /** The storm may be over with the second, and nothing more come of it. */
  const tellLater = (level: LogLevel, event: string, code: object, window: Seen) => {
    const key = keyOf(event, code);
    later(window.sinceMs + WINDOW_MS - monotonicMs(), () => {
      if (seen.get(key) !== window) return;
      seen.delete(key);
      write(level, event, { ...code }, suppressedOf(window));
    });
  };

  const forget = (mono: number) => {
    for (const [key, { sinceMs }] of seen) if (mono - sinceMs >= WINDOW_MS) seen.delete(key);
  };

  return (level, event, fields = {}) => {
    const mono = monotonicMs();
    const code = 'code' in fields ? { code: fields['code'] } : {};
    const key = keyOf(event, code);
    const known = seen.get(key);
    if (known && mono - known.sinceMs < WINDOW_MS) {
      known.count += 1;
      if (known.count <= SAME_EVENT_MAX) write(level, event, fields, 0);
      else if (known.count === SAME_EVENT_MAX + 1) tellLater(level, event, code, known);
      return;
    }
    if (seen.size >= SEEN_MAX) forget(mono);
    seen.set(key, { sinceMs: mono, count: 1 });
    write(level, event, fields, known ? suppressedOf(known) : 0);
  };
};
