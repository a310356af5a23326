/**
 * The only supervisor of engine process and gateway.
 *
 * Starts both, says once that they are ready, restarts what dies, ends both in order. Knows nothing of
 * what they do.
 */
import { EXIT } from '../../protocol/errors.ts';
import { LIMITS } from '../../protocol/limits.ts';
import { CONFIG_VARIABLE, type FlowZoneConfig } from '../config.ts';
import type { Log } from '../telemetry/log.ts';
import type { BlockCount } from './block-count.ts';
import { Child } from './child.ts';
import type { CrashGuard } from './crash-guard.ts';
import type { FromChild } from './ipc.ts';
import type { Risk } from './risk.ts';

export interface Pids {
  readonly enginePid: number | null;
  readonly gatewayPid: number | null;
}

export interface LauncherOptions {
  readonly config: FlowZoneConfig;
  readonly engineArgv: readonly string[];
  readonly gatewayArgv: readonly string[];
  readonly guard: CrashGuard;
  readonly blocks: BlockCount;
  /** What the engine that died was about. */
  takeRisk(): Risk | null;
  readonly log: Log;
  /** Resolves when FlowZone answers at this address. */
  isAnswering(url: string): Promise<void>;
  onReady(url: string, pids: Pids): void;
  /** After every start of a child. */
  onPids(url: string | null, pids: Pids): void;
  /** Why FlowZone cannot run, or a part of it not again, in one sentence. */
  onFailed(says: string): void;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Tests shorten these. */
  readonly frozenMs?: number;
  readonly killMs?: number;
}

/** A counter that moved this recently moves. */
const MOVING_MS = 5000;
/** The engine owes audio and store, 2 s each. */
const ENGINE_END_MS = 3 * LIMITS.shutdownMs;
const HURRY_MS = 200;
/** Without the crash guard what lived for a moment was killed on purpose, and is replaced at once. */
const UNGUARDED_HEALTHY_MS = 50;

/** It could not be started as it was asked to, and says why. */
const isRefusal = (code: number): boolean => code >= EXIT.usage && code <= EXIT.setUpFailed;

/** Of what it was asked for some may be there in the next step, a device; a disk or a build is not. */
const isHelpedByStep = (code: number | null): boolean =>
  code === null || (code !== EXIT.ended && (!isRefusal(code) || code === EXIT.usage));

export class Launcher {
  readonly #options: LauncherOptions;
  readonly #engine: Child;
  readonly #gateway: Child;
  readonly #exit = Promise.withResolvers<number>();
  #port: number | null = null;
  #isEngineReady = false;
  #isReady = false;
  #isFrozen = false;
  /** Why one could not be started, when it was last told: each reason is told once. */
  #said = '';
  #endings = 0;

  constructor(options: LauncherOptions) {
    this.#options = options;
    this.#engine = this.#makeEngine();
    this.#gateway = this.#makeGateway();
  }

  /** Resolves with the exit code when both children are dead. */
  run(): Promise<number> {
    this.#gateway.start();
    this.#engine.start();
    return this.#exit.promise;
  }

  /** In order the first time; the second time without waiting for the disk. */
  end(code: number = EXIT.ended): void {
    this.#endings += 1;
    if (this.#endings === 1) void this.#end(code);
    if (this.#endings === 2) {
      void this.#engine.end(true, HURRY_MS);
      void this.#gateway.end(true, HURRY_MS);
    }
  }

  get #pids(): Pids {
    return { enginePid: this.#engine.pid, gatewayPid: this.#gateway.pid };
  }

  get #url(): string | null {
    return this.#port === null ? null : `http://${this.#options.config.host}:${this.#port}`;
  }

  async #end(code: number): Promise<void> {
    // The gateway is last: the clients see the last patches.
    await this.#engine.end(false, ENGINE_END_MS);
    await this.#gateway.end(false, LIMITS.shutdownMs);
    this.#exit.resolve(code);
  }

  get #healthyMs(): number | undefined {
    return this.#options.guard.isOff ? UNGUARDED_HEALTHY_MS : undefined;
  }

  /** The port that was found stays: the clients come back to it. */
  #env() {
    const { config, env, guard } = this.#options;
    const now: FlowZoneConfig = {
      ...config,
      port: this.#port ?? config.port,
      isRestart: this.#isReady,
      safe: guard.safe,
    };
    return { ...env, [CONFIG_VARIABLE]: JSON.stringify(now) };
  }

  #makeEngine(): Child {
    const { blocks, engineArgv, guard, log } = this.#options;
    const frozenMs = this.#options.frozenMs ?? LIMITS.engineFrozenMs;
    const killMs = this.#options.killMs ?? LIMITS.engineKillMs;
    return new Child({
      argv: engineArgv,
      env: () => this.#env(),
      healthyMs: this.#healthyMs,
      onSpawn: () => this.#tellPids(),
      onError: (error) => log('error', 'supervision', { error: String(error) }),
      onMessage: (message) => this.#onMessage('engine', message),
      onSilent: (silentMs) => {
        const now = performance.now();
        const isMoving = blocks.isMoving(now, Math.min(MOVING_MS, killMs));
        if (silentMs > frozenMs) this.#setFrozen(true);
        if (silentMs <= killMs || isMoving) return false;
        log('error', 'engine process is stuck; killed', { silentMs });
        return true;
      },
      onBeatAgain: () => this.#setFrozen(false),
      onDeath: (how) => {
        this.#setFrozen(false);
        if (this.#isHopeless(how.code)) return false;
        const risk = this.#options.takeRisk();
        const hasStepped = isHelpedByStep(how.code) && guard.onDeath(risk);
        log('error', 'engine process died', { ...how, safeMode: hasStepped, about: risk?.what });
        return true;
      },
    });
  }

  #makeGateway(): Child {
    const { gatewayArgv, log } = this.#options;
    return new Child({
      argv: gatewayArgv,
      env: () => this.#env(),
      healthyMs: this.#healthyMs,
      onSpawn: () => this.#tellPids(),
      onError: (error) => log('error', 'supervision', { error: String(error) }),
      onMessage: (message) => this.#onMessage('gateway', message),
      onSilent: (silentMs) => {
        if (silentMs <= LIMITS.gatewayHangMs) return false;
        log('warn', 'gateway hangs; killed', { silentMs });
        return true;
      },
      onDeath: (how) => {
        if (this.#isHopeless(how.code)) return false;
        log('warn', 'gateway died', { ...how });
        return true;
      },
    });
  }

  #onMessage(from: 'engine' | 'gateway', message: FromChild): void {
    if (message.t === 'failed') this.#onFailed(from, message);
    if (message.t === 'leaveSafe') this.#options.guard.leave();
    if (message.t !== 'ready') return;
    this.#said = '';
    if (from === 'engine') this.#isEngineReady = true;
    else {
      this.#port = message.port ?? this.#options.config.port;
      if (this.#isFrozen) this.#gateway.send({ t: 'controlFrozen', frozen: true });
      this.#tellPids();
    }
    const url = this.#url;
    if (this.#isReady || !this.#isEngineReady || url === null) return;
    this.#isReady = true;
    void this.#tellReady(url);
  }

  /** Children are watched also when nobody can write down who they are. */
  #tellPids(): void {
    try {
      this.#options.onPids(this.#url, this.#pids);
    } catch (error) {
      this.#options.log('error', 'who runs here is not on disk', { error: String(error) });
    }
  }

  async #tellReady(url: string): Promise<void> {
    await this.#options.isAnswering(url);
    if (this.#endings === 0) this.#options.onReady(url, this.#pids);
  }

  /** Before `ready` it is the player's to mend; later it is a crash like others. */
  #onFailed(from: 'engine' | 'gateway', { exit, says }: Extract<FromChild, { t: 'failed' }>): void {
    if (this.#isReady) this.#options.log('error', `${from} failed`, { says });
    if (says !== this.#said) this.#options.onFailed(says);
    this.#said = says;
    if (this.#isReady && from === 'engine') this.#gateway.send({ t: 'engineRefused', says });
    if (!this.#isReady && this.#endings === 0) this.end(exit);
  }

  /** Not to be started again: all is ending, or it cannot be started at all. */
  #isHopeless(code: number | null): boolean {
    if (this.#endings > 0) return true;
    if (this.#isReady || code === null) return false;
    if (!isRefusal(code)) return false;
    this.end(code);
    return true;
  }

  #setFrozen(isFrozen: boolean): void {
    if (this.#isFrozen === isFrozen) return;
    this.#isFrozen = isFrozen;
    this.#options.log('warn', isFrozen ? 'control frozen' : 'control answers again');
    this.#gateway.send({ t: 'controlFrozen', frozen: isFrozen });
  }
}
