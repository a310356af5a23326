/**
 * A line between a client and FlowZone that is as bad as it is told: late, standing still, cut.
 *
 * Bytes keep their order, as TCP keeps it. The name of the line's own port is put right in the first
 * bytes, because FlowZone answers to its own names only.
 */
import { connect, createServer, type Server, type Socket } from 'node:net';

export interface LineManners {
  /** Of bytes in one direction, each time anew. */
  delayMs(): number;
  /** What befalls the line next, in how long; null = nothing ever. */
  mishap?(): { readonly inMs: number; readonly stallMs: number | 'cut' } | null;
}

export interface BadLine {
  /** For clients, in place of FlowZone's own address. */
  readonly url: string;
  /** Nothing goes through, in either direction, until `resume`; nobody is told. */
  stall(): void;
  resume(): void;
  /** Nothing befalls it any more. */
  mend(): void;
  readonly cuts: number;
  readonly stalls: number;
  close(): void;
}

interface Direction {
  stall(isOn: boolean): void;
}

/** Hands on what `from` says, late and in order. */
const carry = (from: Socket, to: Socket, manners: LineManners, first: (data: Buffer) => Buffer) => {
  let lastMs = 0;
  let isStalled = false;
  let isFirst = true;
  const waiting: { bytes: Buffer; dueMs: number }[] = [];
  const flush = () => {
    const nowMs = performance.now();
    if (isStalled) return;
    while ((waiting[0]?.dueMs ?? Number.POSITIVE_INFINITY) <= nowMs) {
      to.write(waiting.shift()?.bytes ?? '');
    }
  };
  from.on('data', (data: Buffer) => {
    const bytes = isFirst ? first(data) : data;
    isFirst = false;
    lastMs = Math.max(lastMs, performance.now() + manners.delayMs());
    waiting.push({ bytes, dueMs: lastMs });
    // Timers may come a millisecond early, and whole ones only.
    setTimeout(flush, Math.max(0, Math.ceil(lastMs - performance.now())) + 1);
  });
  return {
    stall(isOn: boolean) {
      isStalled = isOn;
      // The sender's own buffers fill, as behind a radio that is gone.
      if (isOn) from.pause();
      else from.resume();
      flush();
    },
  } satisfies Direction;
};

class Line implements BadLine {
  readonly #server: Server;
  readonly #manners: LineManners;
  readonly #target: URL;
  readonly #open = new Set<{ directions: Direction[]; cut(): void }>();
  #isStalled = false;
  #timer: NodeJS.Timeout | null = null;
  url = '';
  cuts = 0;
  stalls = 0;

  constructor(url: string, manners: LineManners) {
    this.#target = new URL(url);
    this.#manners = manners;
    this.#server = createServer((socket) => this.#take(socket));
  }

  async listen(): Promise<this> {
    await new Promise<void>((done) => this.#server.listen(0, '127.0.0.1', done));
    const address = this.#server.address();
    this.url = `http://127.0.0.1:${typeof address === 'object' ? (address?.port ?? 0) : 0}`;
    this.#next();
    return this;
  }

  stall(): void {
    this.#isStalled = true;
    for (const { directions } of this.#open) for (const each of directions) each.stall(true);
  }

  resume(): void {
    this.#isStalled = false;
    for (const { directions } of this.#open) for (const each of directions) each.stall(false);
  }

  mend(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.resume();
  }

  close(): void {
    if (this.#timer) clearTimeout(this.#timer);
    for (const { cut } of this.#open) cut();
    this.#server.close();
  }

  #take(client: Socket): void {
    const { host, hostname, port } = this.#target;
    const server = connect(Number(port), hostname);
    const own = new URL(this.url).host;
    const named = (data: Buffer) =>
      Buffer.from(data.toString('latin1').replace(`Host: ${own}`, `Host: ${host}`), 'latin1');
    const directions = [
      carry(client, server, this.#manners, named),
      carry(server, client, this.#manners, (data) => data),
    ];
    const cut = () => {
      client.destroy();
      server.destroy();
      this.#open.delete(entry);
    };
    const entry = { directions, cut };
    this.#open.add(entry);
    for (const socket of [client, server]) {
      socket.on('close', cut);
      socket.on('error', cut);
    }
    if (this.#isStalled) for (const each of directions) each.stall(true);
  }

  #next(): void {
    const mishap = this.#manners.mishap?.() ?? null;
    if (mishap === null) return;
    this.#timer = setTimeout(() => this.#befall(mishap.stallMs), mishap.inMs);
  }

  #befall(what: number | 'cut'): void {
    if (what === 'cut') {
      this.cuts += 1;
      for (const { cut } of this.#open) cut();
      this.#next();
      return;
    }
    this.stalls += 1;
    this.stall();
    this.#timer = setTimeout(() => {
      this.resume();
      this.#next();
    }, what);
  }
}

export const openBadLine = (url: string, manners: LineManners): Promise<BadLine> =>
  new Line(url, manners).listen();
