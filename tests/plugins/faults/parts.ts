/** The parts of the fault rigs by name, in the order in which they are run. */
import { matesPart } from './mates-part.ts';
import type { Part } from './part.ts';
import { randomPart } from './random-part.ts';
import { realPart } from './real-part.ts';
import { signalsPart } from './signals-part.ts';
import { soakPart } from './soak-part.ts';
import { tablePart } from './table-part.ts';

export const PARTS: Readonly<Record<string, Part>> = {
  table: tablePart,
  random: randomPart,
  real: realPart,
  signals: signalsPart,
  mates: matesPart,
  soak: soakPart,
};
