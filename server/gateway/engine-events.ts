/** What the engine says, and that it is gone: handed on to those whom it concerns. */
import { ERRORS } from '../../protocol/errors.ts';
import type { ToGateway } from '../../protocol/link.ts';
import { PROTOCOL_HASH } from '../../protocol/version.ts';
import type { Clients } from './clients.ts';
import type { EngineLink } from './engine-link.ts';
import type { FanOut } from './fan-out.ts';
import type { FeatureStream } from './feature-stream.ts';
import type { Listeners } from './listeners.ts';
import type { Log } from '../telemetry/log.ts';
import { errorMessage, okMessage } from './messages.ts';
import type { PendingCommands } from './pending-commands.ts';
import type { Replica } from './replica.ts';

export interface EngineEventsParts {
  readonly clients: Clients;
  readonly replica: Replica;
  readonly features: FeatureStream;
  readonly listeners: Listeners;
  readonly fanOut: FanOut;
  readonly pending: PendingCommands;
  readonly log: Log;
  now(): number;
}

type Said<T extends ToGateway['t']> = Extract<ToGateway, { t: T }>;

const ASK_AGAIN_MS = 1000;

export class EngineEvents {
  readonly #parts: EngineEventsParts;
  #engine: EngineLink | null = null;
  #askedMs = 0;

  constructor(parts: EngineEventsParts) {
    this.#parts = parts;
  }

  /** The link and its listener need each other. */
  attach(engine: EngineLink): void {
    this.#engine = engine;
  }

  take(message: ToGateway): void {
    const { fanOut } = this.#parts;
    switch (message.t) {
      case 'hello':
        return this.#hello(message);
      case 'full':
        return fanOut.full(message.epoch, message.data);
      case 'patch':
        return this.#patch(message);
      case 'answer':
        return this.#answer(message);
      case 'notice':
        return fanOut.broadcast(message.message);
      case 'pong':
        return this.#pong(message);
      default:
        return undefined;
    }
  }

  frame(frame: Uint8Array): void {
    const { clients, features, listeners, log, now } = this.#parts;
    const nowMs = now();
    if (listeners.offer(frame, nowMs)) return;
    if (features.offer(frame, clients.joined(), nowMs)) return;
    log('warn', 'neither a feature frame nor sound', { bytes: frame.length });
  }

  /** Clients stay; those who wait for an answer are told that none will come. */
  down(): void {
    const { code } = ERRORS.ERR_ENGINE_RESTARTING;
    const { fanOut, pending, replica } = this.#parts;
    replica.goBlind();
    pending.settleAll((reqId) => errorMessage(code, reqId));
    fanOut.tellTrouble(code);
  }

  setFrozen(frozen: boolean): void {
    const engine = this.#engine;
    if (engine === null) return;
    engine.isFrozen = frozen;
    if (frozen) this.#parts.fanOut.tellTrouble(ERRORS.ERR_CONTROL_FROZEN.code);
    else this.#parts.fanOut.endTrouble();
  }

  /** What the player can mend; an engine that is there is not meant. */
  setRefused(says: string): void {
    if (this.#engine?.isUp) return;
    this.#parts.fanOut.tellTrouble(ERRORS.ERR_ENGINE_RESTARTING.code, says);
  }

  /** Between messages: an engine that never came, a full state that did not come. */
  sweep(): void {
    const { fanOut, listeners, now, replica } = this.#parts;
    if (this.#engine) listeners.tell(this.#engine);
    if (this.#engine?.isMissed) fanOut.tellTrouble(ERRORS.ERR_ENGINE_RESTARTING.code);
    const isBlind = this.#engine?.isUp === true && !replica.isCurrent;
    if (isBlind && now() - this.#askedMs >= ASK_AGAIN_MS) this.#resync();
  }

  #hello({ epoch, protocol }: Said<'hello'>): void {
    const { clients, features, listeners, log, now, replica } = this.#parts;
    if (protocol !== PROTOCOL_HASH) {
      log('warn', 'the engine speaks another protocol', { protocol, expected: PROTOCOL_HASH });
    }
    if (epoch !== replica.epoch) features.reset(clients.joined());
    replica.goBlind();
    // Its full state follows at once.
    this.#askedMs = now();
    for (const { id: clientId, address } of clients.joined()) {
      this.#engine?.send({ t: 'client', clientId, joined: true, address });
    }
    if (this.#engine) listeners.greet(this.#engine);
  }

  #patch(patch: Said<'patch'>): void {
    const { fanOut, log, replica } = this.#parts;
    if (!replica.isCurrent) return;
    const { revId } = replica;
    if (fanOut.patch(patch)) return;
    log('warn', 'a patch does not follow', { revId, fromRev: patch.fromRev, epoch: patch.epoch });
    this.#resync();
  }

  #resync(): void {
    this.#askedMs = this.#parts.now();
    this.#engine?.send({ t: 'resync' });
  }

  #answer({ clientId, message }: Said<'answer'>): void {
    const reqId = 'reqId' in message ? message.reqId : undefined;
    const { clients, pending } = this.#parts;
    if (reqId !== undefined && pending.settle(clientId, reqId, message)) return;
    clients.get(clientId)?.sendMessage(message);
  }

  #pong({ clientId, t0, t1, reqId }: Said<'pong'>): void {
    const client = this.#parts.clients.get(clientId);
    client?.sendMessage({ type: 'PONG', t0, t1 });
    if (reqId !== undefined) client?.sendMessage(okMessage(reqId, this.#parts.replica.revId));
  }
}
