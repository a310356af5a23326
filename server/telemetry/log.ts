/**
 * Log lines on stderr: JSON, or readable on a terminal.
 *
 * The same event is written at most ten times a second; how many were left out is in the next line.
 */
import type { WallClock } from '../clock.ts';
import { wallClock } from '../clock.ts';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';
export type LogFields = Readonly<Record<string, unknown>>;
export type Log = (level: LogLevel, event: string, fields?: LogFields) => void;

export interface LogOptions {
  /** Which process speaks. */
  readonly name: string;
  readonly write?: (line: string) => void;
  readonly isTerminal?: boolean;
  readonly clock?: WallClock;
  readonly monotonicMs?: () => number;
}

const SAME_EVENT_MAX = 10;
const WINDOW_MS = 1000;

const readable = (level: LogLevel, name: string, event: string, fields: LogFields): string => {
  const rest = Object.entries(fields)
    .map(([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(' ');
  const mark = level === 'info' || level === 'debug' ? '' : `${level}: `;
  return `${name}: ${mark}${event}${rest === '' ? '' : ` (${rest})`}`;
};

export const makeLog = (options: LogOptions): Log => {
  const clock = options.clock ?? wallClock;
  const monotonicMs = options.monotonicMs ?? (() => performance.now());
  const write = options.write ?? ((line: string) => process.stderr.write(`${line}\n`));
  const isTerminal = options.isTerminal ?? process.stderr.isTTY;
  const seen = new Map<string, { sinceMs: number; count: number }>();

  return (level, event, fields = {}) => {
    const mono = monotonicMs();
    const known = seen.get(event);
    const isFresh = !known || mono - known.sinceMs >= WINDOW_MS;
    const suppressed = isFresh ? Math.max(0, (known?.count ?? 0) - SAME_EVENT_MAX) : 0;
    const count = isFresh ? 1 : known.count + 1;
    seen.set(event, { sinceMs: isFresh ? mono : known.sinceMs, count });
    if (count > SAME_EVENT_MAX) return;
    const all = suppressed > 0 ? { ...fields, suppressed } : fields;
    if (isTerminal) {
      write(readable(level, options.name, event, all));
      return;
    }
    const ts = new Date(clock()).toISOString();
    write(
      JSON.stringify({
        ts,
        monoMs: mono,
        level,
        name: options.name,
        pid: process.pid,
        event,
        ...all,
      }),
    );
  };
};
