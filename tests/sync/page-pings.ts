/** The page's own clock, fed as the page feeds it: a few pings at once, then one a second. */
import { makeClock } from '../../web/sync/make-clock.ts';
import type { Follower } from './follower.ts';

const FIRST_PINGS_MS = [0, 40, 90, 150, 230, 340, 500];
const PING_MS = 1000;

export class PagePings {
  readonly #client: Follower;
  readonly #clock = makeClock();
  readonly #timers: NodeJS.Timeout[] = [];

  constructor(client: Follower) {
    this.#client = client;
    client.onPong = (sentMs, serverMs) => this.#clock.addPong(sentMs, serverMs, performance.now());
  }

  begin(): void {
    const ping = () => this.#client.send({ cmd: 'PING', t0: performance.now() });
    for (const ms of FIRST_PINGS_MS) this.#timers.push(setTimeout(ping, ms));
    this.#timers.push(setInterval(ping, PING_MS));
  }

  end(): void {
    for (const timer of this.#timers) clearInterval(timer);
  }

  toServer(localMs: number): number {
    const serverMs = this.#clock.toServer(localMs);
    if (serverMs === undefined) throw new Error('no ping was answered');
    return serverMs;
  }

  roundTripMs(): number {
    return this.#clock.roundTripMs() ?? Number.NaN;
  }
}
