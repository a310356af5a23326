/**
 * What stands before every route: name and page first, then who asks, then how fast.
 *
 * A stranger of the network gets the page, which asks for the code, and the way to show it. Nothing
 * else is open unless it stands in this list.
 */
import type { Server } from 'bun';
import { ERRORS } from '../../../protocol/errors.ts';
import { LIMITS } from '../../../protocol/limits.ts';
import type { Room } from '../room.ts';
import { TokenBucket } from '../token-bucket.ts';
import { isLocalPeer, type Visitor, visitorOf } from './visitor.ts';

const OPEN_ROUTES: ReadonlySet<string> = new Set(['/*', '/api/pair']);
const STRANGERS = '';
const LOGGED_CHARS_MAX = 100;

interface Asking {
  readonly request: Request;
  readonly server: Pick<Server<unknown>, 'requestIP'> | null;
}

/** Strangers wrote it, and somebody reads it on a terminal. */
const printable = (text: string | null): string | null =>
  text?.slice(0, LOGGED_CHARS_MAX).replaceAll(/[^\x20-\x7e]/g, '?') ?? null;

/** '' when the peer has gone. */
const addressOf = ({ request, server }: Asking): string =>
  server?.requestIP(request)?.address ?? '';

export class Guard {
  readonly #room: Room;
  /** By device; all strangers share one. */
  readonly #buckets = new Map<string, TokenBucket>();

  constructor(room: Room) {
    this.#room = room;
  }

  /** Of its Host or its Origin: the code of the refusal, or null. */
  nameRefusal(asking: Asking): number | null {
    const { headers } = asking.request;
    const address = addressOf(asking);
    const [host, origin] = [headers.get('host'), headers.get('origin')];
    const code = this.#room.hosts.refusal(host, origin, isLocalPeer(address));
    if (code !== null) {
      const told = { address, host: printable(host), origin: printable(origin) };
      this.#room.log('warn', 'name refused', { code, ...told });
    }
    return code;
  }

  visitor(asking: Asking): Visitor & { readonly address: string } {
    const { devices, hosts, port } = this.#room;
    const address = addressOf(asking);
    const visitor = visitorOf({ devices, hosts, port }, asking.request.headers, address);
    return { address, ...visitor };
  }

  /** @param route As it was declared, not as it was asked for. */
  routeRefusal(asking: Asking, route: string): number | null {
    const { deviceId, loopback } = this.visitor(asking);
    if (loopback) return null;
    if (deviceId === null && !OPEN_ROUTES.has(route)) return ERRORS.ERR_NOT_PAIRED.code;
    const nowMs = this.#room.now();
    return this.#bucketOf(deviceId ?? STRANGERS, nowMs).take(nowMs)
      ? null
      : ERRORS.ERR_TOO_FAST.code;
  }

  #bucketOf(who: string, nowMs: number): TokenBucket {
    const known = this.#buckets.get(who);
    if (known !== undefined) return known;
    if (this.#buckets.size > LIMITS.pairedDevicesMax) this.#buckets.clear();
    const made = new TokenBucket(LIMITS.commandsPerSecond, LIMITS.commandBurst, nowMs);
    this.#buckets.set(who, made);
    return made;
  }
}
