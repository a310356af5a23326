/**
 * Counts engine deaths and says how carefully the next engine starts.
 *
 * The third within 60 s leads to Safe Mode without plug-ins; three more there to any device and no
 * loop loaded by itself. The count is on disk, synced, before the next start. What took the whole
 * computer down counts too: the risk it was about lies there still.
 */
import { readFileSync, rmSync } from 'node:fs';
import { LIMITS } from '../../protocol/limits.ts';
import type { WallClock } from '../clock.ts';
import type { SafeMode } from '../config.ts';
import { writeSynced } from '../synced-files.ts';
import type { Risk } from './risk.ts';

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
  /** When this step was reached. */
  readonly sinceMs: number;
  /** What the engine was about when it died, each once, the newest last. */
  readonly suspects: readonly string[];
}

const NOTHING: Counted = { step: 0, crashesMs: [], lastMs: 0, sinceMs: 0, suspects: [] };

const REASONS = [
  '',
  'The engine stopped three times within a minute.',
  'The engine stopped three more times in Safe Mode.',
] as const;

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
    this.#counted = isFresh ? kept : NOTHING;
    if (this.#counted.step < options.firstStep) {
      this.#counted = { ...this.#counted, step: options.firstStep, sinceMs: options.clock() };
    }
  }

  /** Who kills on purpose looks at what comes next, not at how often. */
  get isOff(): boolean {
    return this.#options.isOff;
  }

  /** How the next engine starts. */
  get safe(): SafeMode | null {
    const { lastMs, sinceMs, step, suspects } = this.#counted;
    if (step === 0) return null;
    const isAsked = lastMs === 0 && step === this.#options.firstStep;
    const reason = isAsked ? 'Started with --safe.' : (REASONS[step] ?? '');
    return { step, reason, suspects, sinceMs };
  }

  /**
   * Returns true when it led to the next step.
   *
   * @param risk What it was about.
   * @param now When it happened.
   */
  onDeath(risk: Risk | null, now: number = this.#options.clock()): boolean {
    if (this.#options.isOff) return false;
    const crashesMs = [...this.#remaining(now), now];
    const isOver = crashesMs.length >= LIMITS.crashCountMax;
    const step = isOver ? Math.min(this.#counted.step + 1, STEP_MAX) : this.#counted.step;
    const hasStepped = step > this.#counted.step;
    // In the next step the count begins anew.
    const counting = hasStepped ? [] : crashesMs.slice(-LIMITS.crashCountMax);
    const sinceMs = hasStepped ? now : this.#counted.sinceMs;
    this.#counted = {
      step,
      crashesMs: counting,
      lastMs: now,
      sinceMs,
      suspects: this.#named(risk, now),
    };
    this.#write();
    return hasStepped;
  }

  /** The player wants all of it again: the next engine starts as ever, and the count begins anew. */
  leave(): void {
    this.#counted = NOTHING;
    this.clear();
  }

  /** An ordered end: nothing is held against the next start. */
  clear(): void {
    if (this.#options.isOff) return;
    this.#keep(() => rmSync(this.#options.path, { force: true }));
  }

  /** Those of deaths long ago are suspected no more. */
  #named(risk: Risk | null, now: number): readonly string[] {
    const { step, suspects } = this.#counted;
    const known = step === 0 && this.#remaining(now).length === 0 ? [] : suspects;
    return risk ? [...known.filter((each) => each !== risk.what), risk.what] : known;
  }

  #remaining(now: number): readonly number[] {
    const { crashesMs, lastMs, step } = this.#counted;
    if (step === 0) return crashesMs.filter((at) => now - at < LIMITS.crashWindowMs);
    // A clock that was set back forgives nothing.
    return crashesMs.slice(Math.max(0, Math.floor((now - lastMs) / FORGIVE_MS)));
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
    this.#keep(() => writeSynced(this.#options.path, JSON.stringify(this.#counted)));
  }
}

const read = (path: string): Counted | null => {
  try {
    return { ...NOTHING, ...(JSON.parse(readFileSync(path, 'utf8')) as Counted) };
  } catch {
    // None, or not ours: nothing is known of crashes.
    return null;
  }
};
