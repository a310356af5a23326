/** Where the gateway's log lines go; given by `main.ts`, so that tests can read them. */
export type LogLevel = 'info' | 'warn' | 'error';
export type Log = (level: LogLevel, event: string, fields?: Record<string, unknown>) => void;
