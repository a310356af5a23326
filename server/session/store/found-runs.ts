/**
 * Recordings that no row names: the file was put together again and lacks them, or an older FlowZone that
 * may not write it recorded them. They are whole, and offered in bars of a tempo of our own.
 */
import type { Database } from 'bun:sqlite';
import { closeSync, openSync, readSync } from 'node:fs';
import { LIMITS } from '../../../protocol/limits.ts';
import { RATE_AT, WAV_HEADER_BYTES } from '../../wav-header.ts';
import { framesPerBeatOf } from '../riffs/grid-place.ts';
import { segmentsOf, spoolRuns } from '../runs/spool-files.ts';
import type { StoreWrite } from './write-requests.ts';

const BEATS_PER_BAR = 4;

/** 0 when the header cannot be read. */
const rateOf = (path: string): number => {
  const header = Buffer.alloc(WAV_HEADER_BYTES);
  try {
    const file = openSync(path, 'r');
    try {
      readSync(file, header, 0, WAV_HEADER_BYTES, 0);
    } finally {
      closeSync(file);
    }
  } catch {
    return 0;
  }
  return header.readUInt32LE(RATE_AT);
};

const isKnown = (db: Database, runId: string): boolean =>
  db.query('SELECT 1 FROM run WHERE id = ?').get(runId) !== null;

const rowsOf = (runId: string, sessionId: string, rateHz: number): StoreWrite[] => {
  const epoch = {
    fromFrame: 0,
    lineFrame: 0,
    lineBeat: 0,
    lineBar: 0,
    framesPerBeat: framesPerBeatOf(LIMITS.bpmDefault, rateHz),
    beatsPerBar: BEATS_PER_BAR,
  };
  return [
    { kind: 'foundRun', runId, sessionId, rateHz },
    { kind: 'epoch', runId, epoch },
  ];
};

/** The rows that they lack; of a run without sound there is nothing to be had. */
export const missingRuns = (db: Database, spoolFolder: string, sessionId: string): StoreWrite[] =>
  spoolRuns(spoolFolder)
    .filter((runId) => !isKnown(db, runId))
    .flatMap((runId) => {
      const [first] = segmentsOf(spoolFolder, runId);
      const rateHz = first ? rateOf(first.path) : 0;
      return rateHz > 0 ? rowsOf(runId, sessionId, rateHz) : [];
    });
