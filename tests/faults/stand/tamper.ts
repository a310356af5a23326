/** Breaks what FlowZone wrote, for the judge to find. */
import { closeSync, openSync, readdirSync, readSync, writeSync } from 'node:fs';
import { join } from 'node:path';

const HEADER_BYTES = 58;
const CHANNELS_AT = 22;
const SAMPLE_BYTES = 4;
/** The first frames of a counter may be silent by themselves. */
const FRAME = 1000;

/** A run's folder: one frame of its first segment becomes silent. */
export const silenceFirstFrame = (folder: string): void => {
  const [name = ''] = readdirSync(folder)
    .filter((each) => each.endsWith('.wav'))
    .toSorted();
  const file = openSync(join(folder, name), 'r+');
  try {
    const header = Buffer.alloc(HEADER_BYTES);
    readSync(file, header, 0, HEADER_BYTES, 0);
    const frame = new Uint8Array(header.readUInt16LE(CHANNELS_AT) * SAMPLE_BYTES);
    writeSync(file, frame, 0, frame.length, HEADER_BYTES + FRAME * frame.length);
  } finally {
    closeSync(file);
  }
};
