/** Which audio files the player would miss, and where he would look for them. */
import { TRASH_MS } from '../../../server/session/store/trash-time.ts';

/** The session that stays, and the one that is given away and taken back. */
export const STAYS = 's';
export const GIVEN = 'given';

interface Take {
  readonly sessionId: string;
  /** A step or a take of the session that stays is made of it. */
  isShared: boolean;
}

export type Place = 'audio' | 'audio or trash' | 'anywhere';

export class KeptFiles {
  readonly #takes = new Map<string, Take>();
  /** File → the takes that name it; none = it is whole, and nobody's. */
  readonly #files = new Map<string, Set<string>>();
  #givenMs: number | null = null;
  #wasGiven = false;

  get isGiven(): boolean {
    return this.#givenMs !== null;
  }

  addTake(takeId: string, sessionId: string): void {
    this.#takes.set(takeId, { sessionId, isShared: false });
  }

  /** Takes of the session that may be given away. */
  lendable(): string[] {
    return [...this.#takes].flatMap(([id, { sessionId }]) => (sessionId === GIVEN ? [id] : []));
  }

  share(takeId: string): void {
    const take = this.#takes.get(takeId);
    if (take) take.isShared = true;
  }

  /** @param takeId Null = it is whole, and belongs to nobody yet. */
  add(sha256: string, takeId: string | null): void {
    const takes = this.#files.get(sha256) ?? new Set();
    if (takeId !== null) takes.add(takeId);
    this.#files.set(sha256, takes);
  }

  has(sha256: string): boolean {
    return this.#files.has(sha256);
  }

  all(): string[] {
    return [...this.#files.keys()];
  }

  named(): string[] {
    return [...this.#files].flatMap(([sha256, takes]) => (takes.size > 0 ? [sha256] : []));
  }

  /** With the player's consent. */
  give(nowMs: number): void {
    this.#givenMs = nowMs;
    this.#wasGiven = true;
  }

  mayComeBack(nowMs: number): boolean {
    return this.#givenMs !== null && nowMs - this.#givenMs < TRASH_MS;
  }

  comeBack(): void {
    this.#givenMs = null;
  }

  placeOf(sha256: string, nowMs: number): Place {
    const takes = [...(this.#files.get(sha256) ?? [])].map((id) => this.#takes.get(id));
    const isOfGiven = takes.some((take) => take?.sessionId === GIVEN);
    const isHeld = takes.some((take) => take?.sessionId === STAYS || take?.isShared);
    if (isHeld || !isOfGiven || !this.#wasGiven) return 'audio';
    return this.#givenMs === null || this.mayComeBack(nowMs) ? 'audio or trash' : 'anywhere';
  }
}
