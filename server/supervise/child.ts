/**
 * One child process: spawn, beats, kill, back-off.
 *
 * Restarted at once, then after 0.25, 1, 4, 4 … s when it dies young again and again. The next one is
 * started only when the old one is dead: two engines would write one spool.
 */
import type { Subprocess } from 'bun';
import { LIMITS } from '../../protocol/limits.ts';
import { Heartbeat } from './heartbeat.ts';
import type { FromChild, ToChild } from './ipc.ts';

export interface Death {
  readonly code: number | null;
  readonly signal: string | null;
  readonly wasKilled: boolean;
}

export interface ChildOptions {
  readonly argv: readonly string[];
  /** Of the next start. */
  env(): Record<string, string | undefined>;
  onSpawn(pid: number): void;
  onMessage(message: FromChild): void;
  /** While it is silent; return true to have it killed. */
  onSilent(silentMs: number): boolean;
  /** It beats again after silence was reported. */
  onBeatAgain?(): void;
  /** It died; return false to leave it dead. */
  onDeath(how: Death): boolean;
  /** `onDeath` threw; it is started again. */
  onError(error: unknown): void;
  readonly backoffMs?: readonly number[];
  readonly startMs?: number;
}

/** A life this long after `ready` shows that it can live: what killed it came from outside. */
const YOUNG_MS = 50;
/** The first beat may take so long on a busy machine. */
const START_MS = 10_000;

export class Child {
  readonly #options: ChildOptions;
  #process: Subprocess | null = null;
  #heartbeat = new Heartbeat(0, 0);
  #timer: NodeJS.Timeout | null = null;
  #respawn: NodeJS.Timeout | null = null;
  #readyMs: number | null = null;
  #youngDeaths = 0;
  #isSilent = false;
  #wasKilled = false;
  #isEnding = false;
  #gone = Promise.resolve();

  constructor(options: ChildOptions) {
    this.#options = options;
  }

  get pid(): number | null {
    return this.#process?.pid ?? null;
  }

  start(): void {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#gone = promise;
    this.#readyMs = null;
    this.#isSilent = false;
    this.#wasKilled = false;
    this.#heartbeat = new Heartbeat(performance.now(), this.#options.startMs ?? START_MS);
    const child = Bun.spawn([...this.#options.argv], {
      env: this.#options.env(),
      stdin: 'ignore',
      // stdout belongs to the ready line.
      stdout: 2,
      stderr: 2,
      ipc: (message) => this.#onMessage(message as FromChild),
      onExit: (_, code, signal) => {
        resolve();
        this.#onExit(code, signal === null ? null : String(signal));
      },
    });
    this.#process = child;
    this.#timer = setInterval(() => this.#check(), LIMITS.heartbeatMs);
    this.#options.onSpawn(child.pid);
  }

  send(message: ToChild): void {
    try {
      this.#process?.send(message);
    } catch {
      // It died just now; its exit is reported by itself.
    }
  }

  /** Asks it to end, kills it when it has not after `ms`; it is not started again. */
  async end(hurry: boolean, ms: number): Promise<void> {
    this.#isEnding = true;
    if (this.#respawn) clearTimeout(this.#respawn);
    if (!this.#process) return;
    this.send({ t: 'end', hurry });
    const late = setTimeout(() => this.kill(), ms);
    await this.#gone;
    clearTimeout(late);
  }

  /** SIGKILL: also a stopped process dies of it. */
  kill(): void {
    this.#wasKilled = true;
    this.#process?.kill('SIGKILL');
  }

  #onMessage(message: FromChild): void {
    if (message.t === 'beat') {
      this.#heartbeat.beat(performance.now());
      if (this.#isSilent) this.#options.onBeatAgain?.();
      this.#isSilent = false;
    }
    if (message.t === 'ready') this.#readyMs = performance.now();
    this.#options.onMessage(message);
  }

  #check(): void {
    const silentMs = this.#heartbeat.silentMs(performance.now());
    if (this.#wasKilled || this.#isEnding || silentMs <= LIMITS.heartbeatMs) return;
    this.#isSilent = true;
    if (this.#options.onSilent(silentMs)) this.kill();
  }

  #isWanted(how: Death): boolean {
    try {
      return this.#options.onDeath(how);
    } catch (error) {
      this.#options.onError(error);
      return true;
    }
  }

  #onExit(code: number | null, signal: string | null): void {
    if (this.#timer) clearInterval(this.#timer);
    this.#process = null;
    const wasKilled = this.#wasKilled;
    if (this.#isEnding || !this.#isWanted({ code, signal, wasKilled })) return;
    const lived = this.#readyMs === null ? 0 : performance.now() - this.#readyMs;
    this.#youngDeaths = lived >= YOUNG_MS ? 0 : this.#youngDeaths + 1;
    const waits = this.#options.backoffMs ?? LIMITS.gatewayBackoffMs;
    const index = Math.min(Math.max(0, this.#youngDeaths - 1), waits.length - 1);
    this.#respawn = setTimeout(
      () => {
        this.#respawn = null;
        if (!this.#isEnding) this.start();
      },
      this.#youngDeaths === 0 ? 0 : waits[index],
    );
  }
}
