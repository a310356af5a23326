/**
 * What the engine process is about that may take it down, or the whole computer: on disk, synced,
 * before it is begun, so that whoever comes after can name it.
 */
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { WallClock } from '../clock.ts';
import { writeSynced } from '../synced-files.ts';

export interface Risk {
  /** In the player's words. */
  readonly what: string;
  readonly sinceMs: number;
}

const riskPath = (runFolder: string): string => join(runFolder, 'risk.json');

export class RiskNote {
  readonly #path: string;
  readonly #clock: WallClock;

  constructor(runFolder: string, clock: WallClock) {
    this.#path = riskPath(runFolder);
    this.#clock = clock;
  }

  /** A full disk must not keep the engine from starting. */
  begin(what: string): void {
    const risk: Risk = { what, sinceMs: this.#clock() };
    try {
      writeSynced(this.#path, JSON.stringify(risk));
    } catch {
      // Then nobody will be able to name it.
    }
  }

  over(): void {
    rmSync(this.#path, { force: true });
  }
}

/** What was begun and never over, once. */
export const takeRisk = (runFolder: string): Risk | null => {
  const path = riskPath(runFolder);
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Risk;
  } catch {
    // None: what ended did so at another time.
    return null;
  } finally {
    rmSync(path, { force: true });
  }
};
