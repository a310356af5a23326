/**
 * State and patches to every client: one string, in order, to those who follow.
 *
 * A client follows from its full state on. It gets exactly one at joining, and another only when
 * patches did not reach it: another engine, a gap on the link, or its own slowness.
 */
import type { MessageOf } from '../../protocol/messages.ts';
import type { AppState } from '../../protocol/state.ts';
import type { Log } from '../telemetry/log.ts';
import { logNotice } from '../telemetry/notice-log.ts';
import type { Client, Held } from './client.ts';
import type { Clients } from './clients.ts';
import type { FeatureStream } from './feature-stream.ts';
import { noticeMessage } from './messages.ts';
import type { Patch, Replica } from './replica.ts';

export interface FanOutParts {
  readonly clients: Clients;
  readonly replica: Replica;
  readonly features: FeatureStream;
  readonly log: Log;
  now(): number;
}

export class FanOut {
  readonly #parts: FanOutParts;
  /** What every client was told; a full state tells them that it is over. */
  #trouble: MessageOf<'NOTICE'> | null = null;

  constructor(parts: FanOutParts) {
    this.#parts = parts;
  }

  /** Follows from here on, with a full state unless it holds this very revision. */
  join(client: Client, held: Held): void {
    client.held = held;
    if (this.#trouble !== null) client.sendMessage(this.#trouble);
    if (this.#parts.replica.isCurrent) this.#follow(client);
  }

  full(epoch: string, state: AppState): void {
    const { clients, replica } = this.#parts;
    const isOver = this.#trouble !== null;
    const isNew = replica.replace(epoch, state) || isOver;
    this.#trouble = null;
    for (const client of clients.joined()) {
      if (client.isStale) continue;
      if (!client.isFollowing && !isOver) this.#follow(client);
      else if (isNew) this.sendFull(client);
    }
  }

  /** False when it does not follow: the engine must be asked for a full state. */
  patch(patch: Patch): boolean {
    const { clients, replica, now } = this.#parts;
    if (!replica.apply(patch)) return false;
    const { epoch, fromRev, revId, ops } = patch;
    const text = JSON.stringify({ type: 'STATE_PATCH', epoch, fromRev, revId, ops });
    for (const client of clients.joined()) {
      if (client.inspect(now())) this.sendFull(client);
      else if (client.isFollowing) client.send(text);
    }
    return true;
  }

  /** Whatever its state is: it asked, or it has caught up. */
  sendFull(client: Client): void {
    const { replica, features } = this.#parts;
    if (replica.state === null) return;
    client.send(replica.fullMessage(features.clock));
    // By itself a full state says that all is well.
    if (this.#trouble !== null) client.sendMessage(this.#trouble);
    if (!client.isStale) client.isFollowing = true;
    features.sendStrip(client);
  }

  /** Everybody is told, once, and everybody who joins until it is over. */
  tellTrouble(code: number, detail?: string): void {
    const told = this.#trouble;
    if (told?.code === code && (detail === undefined || told.detail === detail)) return;
    this.#trouble = noticeMessage(code, detail);
    logNotice(this.#parts.log, this.#trouble);
    this.broadcast(this.#trouble);
  }

  /** It passed without a new engine: one full state says so. */
  endTrouble(): void {
    const { replica } = this.#parts;
    if (this.#trouble === null) return;
    if (replica.isCurrent && replica.state !== null) this.full(replica.epoch, replica.state);
  }

  broadcast(message: object): void {
    const text = JSON.stringify(message);
    for (const client of this.#parts.clients.joined()) client.send(text);
  }

  /** Looks after one client between patches: has it caught up, or is it lost? */
  inspect(client: Client): void {
    if (client.hasJoined && client.inspect(this.#parts.now())) this.sendFull(client);
  }

  #follow(client: Client): void {
    const { replica, features } = this.#parts;
    if (!replica.matches(client.held.epoch, client.held.revId)) {
      this.sendFull(client);
      return;
    }
    client.isFollowing = true;
    features.sendStrip(client);
  }
}
