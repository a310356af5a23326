/** The log of one process: on stderr, and in a file below the data folder. */
import { join } from 'node:path';
import { LineWriter } from './line-writer.ts';
import { type Log, type LogFields, makeLog } from './log.ts';
import { LogFile } from './log-file.ts';

export const logsFolder = (dataFolder: string): string => join(dataFolder, 'logs');

export interface ProcessLog {
  readonly log: Log;
  /** The last words: what was said is on disk when this returns, as far as it can be. */
  flushNow(): void;
}

export const openProcessLog = (
  name: string,
  dataFolder: string,
  about: () => LogFields = () => ({}),
): ProcessLog => {
  const file = new LogFile({ folder: logsFolder(dataFolder), name });
  return {
    log: makeLog({ name, about, file: new LineWriter(file.sink) }),
    flushNow: () => file.flushNow(),
  };
};
