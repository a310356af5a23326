/**
 * Counts engine deaths and says how carefully the next engine starts.
 *
 * The third within 60 s leads to Safe Mode without plug-ins; three more there to any device and no
 * loop loaded by itself. The count is on disk, synced, before the next start: what takes the whole
 * computer down counts too.
 */
import { closeSync, fsyncSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { LIMITS } from '../../protocol/limits.ts';
import type { WallClock } from '../clock.ts';
import type { SafeMode } from '../config.ts';

export interface CrashGuardOptions {
  readonly path: string;
  readonly clock: WallClock;
  /** For kill tests: nothing is counted. */
  readonly isOff: boolean;
  /** `--safe`. */
  readonly firstStep: number;
  /** The count could not be kept on disk; it goes on in memory. */
  onUnkept(error: unknown): void;
}

interface Counted {
  readonly step: number;
  /** Those that count towards the next step. */
  readonly crashesMs: readonly number[];
  readonly lastMs: number;
}

const STEP_MAX = 2;
/** One crash is forgiven for so much time without one. */
const FORGIVE_MS = 600_000;

export class CrashGuard {
  readonly #options: CrashGuardOptions;
  #counted: Counted;

  constructor(options: CrashGuardOptions) {
    this.#options = options;
    const kept = options.isOff ? null : read(options.path);
    const isFresh = kept !== null && options.clock() - kept.lastMs < FORGIVE_MS;
    this.#counted = isFresh ? kept : { step: 0, crashesMs: [], lastMs: 0 };
    if (this.#counted.step < options.firstStep) {
      this.#counted = { ...this.#counted, step: options.firstStep };
    }
  }

  /** How the next engine starts. */
  get safe(): SafeMode | null {
    const { step, lastMs } = this.#counted;
    if (step === 0) return null;
    const reason =
      lastMs === 0 && step === this.#options.firstStep
        ? 'Started with --safe.'
        : 'The engine stopped three times within a minute.';
    return { step, reason };
  }

  /** Returns true when it led to the next step. */
  onDeath(): boolean {
    if (this.#options.isOff) return false;
    const now = this.#options.clock();
    const crashesMs = [...this.#remaining(now), now];
    const isOver = crashesMs.length >= LIMITS.crashCountMax;
    const step = isOver ? Math.min(this.#counted.step + 1, STEP_MAX) : this.#counted.step;
    const hasStepped = step > this.#counted.step;
    // In the next step the count begins anew.
    const counting = hasStepped ? [] : crashesMs.slice(-LIMITS.crashCountMax);
    this.#counted = { step, crashesMs: counting, lastMs: now };
    this.#keep(() => this.#write());
    return hasStepped;
  }

  /** An ordered end: nothing is held against the next start. */
  clear(): void {
    if (this.#options.isOff) return;
    this.#keep(() => rmSync(this.#options.path, { force: true }));
  }

  #remaining(now: number): readonly number[] {
    const { crashesMs, lastMs, step } = this.#counted;
    if (step === 0) return crashesMs.filter((at) => now - at < LIMITS.crashWindowMs);
    return crashesMs.slice(Math.floor((now - lastMs) / FORGIVE_MS));
  }

  /** A full disk must not keep the engine from being started again. */
  #keep(change: () => void): void {
    try {
      change();
    } catch (error) {
      this.#options.onUnkept(error);
    }
  }

  #write(): void {
    const file = openSync(this.#options.path, 'w', 0o600);
    try {
      writeSync(file, JSON.stringify(this.#counted));
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
  }
}

const read = (path: string): Counted | null => {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Counted;
  } catch {
    // None, or torn: nothing is known of crashes.
    return null;
  }
};
