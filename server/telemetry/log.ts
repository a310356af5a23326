/**
 * Log lines on stderr: JSON, or readable on a terminal.
 *
 * The same event is written at most ten times a second; how many were left out is in its next line, or
 * in one of its own when the second is over. A line that could not be written is counted as lost.
 */
import type { WallClock } from '../clock.ts';
import { wallClock } from '../clock.ts';
import { type LineWriter, stderrLines } from './line-writer.ts';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';
export type LogFields = Readonly<Record<string, unknown>>;
export type Log = (level: LogLevel, event: string, fields?: LogFields) => void;

export interface LogOptions {
  /** Which process speaks. */
  readonly name: string;
  readonly writer?: Pick<LineWriter, 'lost' | 'write'>;
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

const SAME_EVENT_MAX = 10;
const WINDOW_MS = 1000;

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

export const makeLog = (options: LogOptions): Log => {
  const { clock = wallClock, later = afterMs, name } = options;
  const monotonicMs = options.monotonicMs ?? (() => performance.now());
  const writer = options.writer ?? stderrLines();
  const isTerminal = options.isTerminal ?? process.stderr.isTTY;
  const seen = new Map<string, Seen>();

  const write = (level: LogLevel, event: string, fields: LogFields, suppressed: number) => {
    const all = withCounts(fields, suppressed, writer.lost);
    if (isTerminal) {
      writer.write(readable(level, name, event, all));
      return;
    }
    const ts = new Date(clock()).toISOString();
    const head = { ts, monoMs: monotonicMs(), level, name, pid: process.pid, event };
    writer.write(JSON.stringify({ ...head, ...all }));
  };

  const suppressedOf = ({ count }: Seen) => Math.max(0, count - SAME_EVENT_MAX);

  /** The storm may be over with the second, and nothing more come of it. */
  const tellLater = (level: LogLevel, event: string, window: Seen) => {
    later(window.sinceMs + WINDOW_MS - monotonicMs(), () => {
      if (seen.get(event) !== window) return;
      seen.delete(event);
      write(level, event, {}, suppressedOf(window));
    });
  };

  return (level, event, fields = {}) => {
    const mono = monotonicMs();
    const known = seen.get(event);
    if (known && mono - known.sinceMs < WINDOW_MS) {
      known.count += 1;
      if (known.count <= SAME_EVENT_MAX) write(level, event, fields, 0);
      else if (known.count === SAME_EVENT_MAX + 1) tellLater(level, event, known);
      return;
    }
    seen.set(event, { sinceMs: mono, count: 1 });
    write(level, event, fields, known ? suppressedOf(known) : 0);
  };
};
