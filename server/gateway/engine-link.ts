/**
 * The engine as the gateway sees it: there or away, its health, and questions to it.
 *
 * Nothing here outlives the gateway; a new connection brings epoch and state with it.
 */
import { ERRORS } from '../../protocol/errors.ts';
import { LIMITS } from '../../protocol/limits.ts';
import type {
  EngineHealth,
  LinkQuery,
  LinkQueryResult,
  ToEngine,
  ToGateway,
} from '../../protocol/link.ts';
import { type LinkServer, listenLink } from '../link/link-server.ts';
import type { Log } from '../telemetry/log.ts';
import { errorText } from './messages.ts';

export type QueryAnswer = LinkQueryResult | { kind: 'error'; code: number };

export interface EngineLinkOptions {
  readonly path: string;
  readonly log: Log;
  now(): number;
  onMessage(message: ToGateway): void;
  onFrame(frame: Uint8Array): void;
  onDown(): void;
}

/** The run folder holds no socket: it will not at the next try either. */
export class LinkPathError extends Error {
  override readonly name = 'LinkPathError';
}

const QUERY_MS = 5000;
/** An engine that starts beside the gateway needs a second; it is not missed before. */
const START_GRACE_MS = 2000;

export class EngineLink {
  readonly #options: EngineLinkOptions;
  readonly #server: LinkServer;
  readonly #queries = new Map<number, (answer: QueryAnswer) => void>();
  #queryCount = 0;
  #health: EngineHealth | null = null;
  #healthMs = 0;
  /** Since when its blocks stand still. */
  #standingSinceMs: number | null = null;
  /** For the session, since the gateway began. */
  commandCount = 0;
  /** Engines that said hello. */
  startCount = 0;
  #isUp = false;
  /** Until when the first engine is waited for without a word. */
  #graceEndMs: number;
  #isFrozen = false;

  constructor(options: EngineLinkOptions) {
    this.#options = options;
    this.#graceEndMs = options.now() + START_GRACE_MS;
    this.#server = this.#listen();
  }

  /**
   * The launcher says so: the engine's JavaScript answers no heartbeat. A gateway that begins meanwhile
   * hears nothing of an engine that is there and plays.
   */
  get isFrozen(): boolean {
    return this.#isFrozen;
  }

  set isFrozen(isFrozen: boolean) {
    // It connects as soon as it gets to it.
    if (this.#isFrozen && !isFrozen) this.#graceEndMs = this.#options.now() + START_GRACE_MS;
    this.#isFrozen = isFrozen;
  }

  /** True from the engine's first words on. */
  get isUp(): boolean {
    return this.#isUp;
  }

  /** True from the moment on when it should be there and is not. */
  get isMissed(): boolean {
    return !this.#isUp && !this.#isFrozen && this.#options.now() >= this.#graceEndMs;
  }

  /** What is wrong with the engine, as a code; null when it answers. */
  get trouble(): number | null {
    if (this.#isFrozen) return ERRORS.ERR_CONTROL_FROZEN.code;
    if (!this.#isUp || this.#health === null) return ERRORS.ERR_ENGINE_RESTARTING.code;
    const isSilent = this.#options.now() - this.#healthMs > LIMITS.engineFrozenMs;
    return isSilent ? ERRORS.ERR_CONTROL_FROZEN.code : null;
  }

  get health(): EngineHealth | null {
    return this.#health;
  }

  /** For how long it has told the same count of blocks; 0 while they come. */
  get standingMs(): number {
    return this.#standingSinceMs === null ? 0 : this.#healthMs - this.#standingSinceMs;
  }

  /** The code of the refusal when the message could not go; null when it went. */
  send(message: ToEngine): number | null {
    if (!this.#isUp) return this.trouble;
    if (message.t === 'command') this.commandCount += 1;
    return this.#server.send(message) ? null : ERRORS.ERR_BUSY.code;
  }

  /** Always answers: with an error code when the engine does not. */
  query(query: LinkQuery): Promise<QueryAnswer> {
    const id = (this.#queryCount += 1);
    const refused = this.send({ t: 'query', id, query });
    if (refused !== null) return Promise.resolve({ kind: 'error', code: refused });
    return new Promise((resolve) => {
      const limit = setTimeout(
        () => this.#answer(id, { kind: 'error', code: ERRORS.ERR_CONTROL_FROZEN.code }),
        QUERY_MS,
      );
      this.#queries.set(id, (answer) => {
        clearTimeout(limit);
        resolve(answer);
      });
    });
  }

  close(): void {
    this.#server.close();
  }

  #listen(): LinkServer {
    const { log, onFrame, path } = this.#options;
    try {
      return listenLink({
        path,
        onMessage: (message) => this.#take(message),
        onBinary: onFrame,
        onUp: () => undefined,
        onDown: () => this.#down(),
        onError: (error) => log('error', 'link', { error: errorText(error) }),
      });
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new LinkPathError(`${path} cannot be a socket (${why}).`);
    }
  }

  #take(message: ToGateway): void {
    if (message.t === 'hello') {
      this.#isUp = true;
      this.#graceEndMs = 0;
      this.startCount += 1;
    }
    if (message.t === 'health') {
      this.#onHealth(message.health);
    } else if (message.t === 'result') {
      this.#answer(message.id, message.result);
    } else {
      this.#options.onMessage(message);
    }
  }

  #onHealth(health: EngineHealth): void {
    const isMoving = health.blocks !== this.#health?.blocks;
    if (isMoving) this.#standingSinceMs = null;
    else this.#standingSinceMs ??= this.#healthMs;
    this.#health = health;
    this.#healthMs = this.#options.now();
  }

  #answer(id: number, answer: QueryAnswer): void {
    const settle = this.#queries.get(id);
    this.#queries.delete(id);
    settle?.(answer);
  }

  #down(): void {
    if (!this.#isUp) return;
    this.#isUp = false;
    this.#health = null;
    this.#standingSinceMs = null;
    // What closes its end of the link stands still no more: it is dead, or was sent away.
    this.#isFrozen = false;
    for (const id of this.#queries.keys()) {
      this.#answer(id, { kind: 'error', code: ERRORS.ERR_ENGINE_RESTARTING.code });
    }
    this.#options.onDown();
  }
}
