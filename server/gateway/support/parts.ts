/**
 * What goes into a support bundle: text that FlowZone wrote about itself, never sound.
 *
 * Only names that are listed here are read, so that nothing else of a folder can come along.
 */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { logsFolder } from '../../telemetry/process-log.ts';
import { LOG_FILES_MAX, logFileName } from '../../telemetry/log-file.ts';
import { textTail } from './text-tail.ts';

export interface TextFile {
  readonly name: string;
  readonly text: string;
}

const PROCESSES = ['launcher', 'engine', 'gateway'] as const;
/** The newest of each process. */
const LOG_BYTES_MAX = 4_000_000;
/** A longer log of a run would be torn, and could not be repeated. */
const REPLAY_BYTES_MAX = 16_000_000;
const REPLAYS_MAX = 2;
const REPLAY_NAME = 'log.jsonl';

const present = (files: readonly TextFile[]): TextFile[] => files.filter(({ text }) => text !== '');

/** Newest files first, as long as there is room. */
const logsOf = async (folder: string, name: string): Promise<TextFile[]> => {
  const found: TextFile[] = [];
  let room = LOG_BYTES_MAX;
  for (let index = 0; index < LOG_FILES_MAX && room > 0; index += 1) {
    const file = logFileName(name, index);
    const text = await textTail(join(folder, file), room);
    room -= text.length;
    found.push({ name: `logs/${file}`, text });
  }
  return present(found);
};

export const logParts = async (dataFolder: string): Promise<TextFile[]> => {
  const folder = logsFolder(dataFolder);
  return (await Promise.all(PROCESSES.map((name) => logsOf(folder, name)))).flat();
};

/** Of the newest runs what was done, without what was heard: `bun run replay` needs no more of the demo player. */
export const replayParts = async (logFolder: string | null): Promise<TextFile[]> => {
  if (logFolder === null) return [];
  const runs = (await readdir(logFolder).catch(() => [])).toSorted().slice(-REPLAYS_MAX);
  const read = async (run: string): Promise<TextFile> => {
    const path = join(logFolder, run, REPLAY_NAME);
    const isWhole = Bun.file(path).size <= REPLAY_BYTES_MAX;
    const text = isWhole ? await textTail(path, REPLAY_BYTES_MAX) : '';
    return { name: `replay/${run}/${REPLAY_NAME}`, text };
  };
  return present(await Promise.all(runs.map(read)));
};

export const crashParts = async (dataFolder: string): Promise<TextFile[]> =>
  present([
    { name: 'crashes.json', text: await textTail(join(dataFolder, 'crashes.json'), 65_536) },
  ]);
