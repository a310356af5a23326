/**
 * One child process: spawn, beats, kill, back-off.
 *
 * Restarted at once, then after 0.25, 1, 4, 4 … s while no life of it lasts; one that cannot even be
 * spawned waits like one that died. The next one is started only when the old one is dead: two engines
 * would write one spool.
 */
import type { Subprocess } from 'bun';
import { LIMITS } from '../../protocol/limits.ts';
import { Backoff } from './backoff.ts';
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
  /** `onDeath` threw, or it could not be spawned; it is started again. */
  onError(error: unknown): void;
  /** After a life this long its next death is the first one again. */
  readonly healthyMs?: number | undefined;
  readonly startMs?: number;
}

/** The first beat may take so long on a busy machine. */
const START_MS = 10_000;

export class Child {
  readonly #options: ChildOptions;
  readonly #backoff: Backoff;
  #process: Subprocess | null = null;
  #heartbeat = new Heartbeat(0, 0);
  #timer: NodeJS.Timeout | null = null;
  #respawn: NodeJS.Timeout | null = null;
  #readyMs: number | null = null;
  #isSilent = false;
  #wasKilled = false;
  #isEnding = false;
  #late: { timer: NodeJS.Timeout; ms: number } | null = null;
  #gone = Promise.resolve();

  constructor(options: ChildOptions) {
    this.#options = options;
    this.#backoff = new Backoff(LIMITS.gatewayBackoffMs, options.healthyMs);
  }

  get pid(): number | null {
    return this.#process?.pid ?? null;
  }

  start(): void {
    this.#readyMs = null;
    this.#isSilent = false;
    this.#wasKilled = false;
    this.#heartbeat = new Heartbeat(performance.now(), this.#options.startMs ?? START_MS);
    try {
      this.#process = this.#spawn();
    } catch (error) {
      // No memory, no files left, no such program: none of that is for ever.
      this.#options.onError(error);
      this.#startAgain(0);
      return;
    }
    this.#timer = setInterval(() => this.#check(), LIMITS.heartbeatMs);
    this.#options.onSpawn(this.#process.pid);
  }

  #spawn(): Subprocess {
    const { promise, resolve } = Promise.withResolvers<void>();
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
    this.#gone = promise;
    return child;
  }

  send(message: ToChild): void {
    try {
      this.#process?.send(message);
    } catch {
      // It died just now; its exit is reported by itself.
    }
  }

  /** Asks it to end, kills it when it has not `ms` after it last was busy; it is not started again. */
  async end(hurry: boolean, ms: number): Promise<void> {
    this.#isEnding = true;
    if (this.#respawn) clearTimeout(this.#respawn);
    if (!this.#process) return;
    this.send({ t: 'end', hurry });
    this.#killAfter(ms);
    await this.#gone;
    this.#stopWaiting();
  }

  #killAfter(ms: number): void {
    this.#stopWaiting();
    this.#late = { ms, timer: setTimeout(() => this.kill(), ms) };
  }

  #stopWaiting(): void {
    if (this.#late) clearTimeout(this.#late.timer);
    this.#late = null;
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
    if (message.t === 'draining' && this.#late) this.#killAfter(this.#late.ms);
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
    this.#startAgain(this.#readyMs === null ? 0 : performance.now() - this.#readyMs);
  }

  #startAgain(livedMs: number): void {
    this.#respawn = setTimeout(() => {
      this.#respawn = null;
      if (!this.#isEnding) this.start();
    }, this.#backoff.nextMs(livedMs));
  }
}
