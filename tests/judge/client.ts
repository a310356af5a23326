/** A client on the socket, written from the protocol's description; imports nothing of the product. */
import { until } from './product.ts';

/** JSON as it comes off the wire: the judges read what the protocol promises and fail where it is not so. */
export type Json = ReturnType<typeof JSON.parse>;

export interface Client {
  readonly messages: Json[];
  readonly frames: ArrayBuffer[];
  readonly clientId: () => string;
  /** The state this client holds: its full state with every patch applied. */
  readonly state: () => Json;
  readonly fullStates: () => number;
  readonly resyncs: () => number;
  /**
   * Smallest (arrival − engine frame as time) in ms of the feature frames since the last call: where
   * the engine's timeline stands beside this process's clock.
   */
  readonly timelineOffsetMs: () => number;
  /** Sends a command and waits for its answer. */
  readonly ask: (command: Json) => Promise<Json>;
  readonly send: (command: Json) => void;
  readonly raw: WebSocket;
  readonly closed: Promise<{ code: number }>;
  readonly close: () => void;
}

const parts = (path: string): string[] =>
  path
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));

/** Applies one RFC 6902 operation (add, replace, remove) in place. */
export const applyOp = (target: Json, op: Json): void => {
  const path = parts(op['path']);
  const last = path.pop() ?? '';
  let holder: Json = target;
  for (const part of path) holder = holder[part];
  if (Array.isArray(holder)) {
    const index = last === '-' ? holder.length : Number(last);
    if (op['op'] === 'add') holder.splice(index, 0, op['value']);
    else if (op['op'] === 'replace') holder[index] = op['value'];
    else holder.splice(index, 1);
  } else if (op['op'] === 'remove') delete holder[last];
  else holder[last] = op['value'];
};

export const connect = async (url: string, hello: Json = {}): Promise<Client> => {
  const raw = new WebSocket(`${url.replace('http', 'ws').replace(/\/$/, '')}/ws`);
  raw.binaryType = 'arraybuffer';
  const messages: Json[] = [];
  const frames: ArrayBuffer[] = [];
  const waiting = new Map<string, (answer: Json) => void>();
  let state: Json = {};
  let fulls = 0;
  let resyncs = 0;
  let clientId = '';
  let requests = 0;
  let acked = 0;
  let offsetMs = Number.POSITIVE_INFINITY;

  const onPatch = (message: Json) => {
    if (state['meta']?.revisionId !== message['fromRev']) {
      resyncs += 1;
      raw.send(JSON.stringify({ cmd: 'GET_FULL_STATE' }));
      return;
    }
    const values = structuredClone(message['ops']);
    for (const op of values) applyOp(state, op);
    state['meta'].revisionId = message['revId'];
  };

  raw.addEventListener('message', ({ data }) => {
    if (data instanceof ArrayBuffer) {
      frames.push(data);
      if (frames.length > 600) frames.splice(0, 300);
      const view = new DataView(data);
      const isFrame = view.getUint32(0, true) === 0x015a4601;
      const seq = view.getUint32(4, true);
      if (isFrame) {
        const frame = view.getUint32(8, true) + 4_294_967_296 * view.getUint32(12, true);
        offsetMs = Math.min(
          offsetMs,
          performance.now() - (1000 * frame) / view.getFloat32(16, true),
        );
      }
      if (isFrame && (seq >= acked + 2 || seq < acked)) {
        acked = seq;
        raw.send(JSON.stringify({ cmd: 'ACK', seq }));
      }
      return;
    }
    const message = JSON.parse(data as string) as Json;
    messages.push(message);
    if (message['type'] === 'WELCOME') clientId = message['clientId'];
    if (message['type'] === 'STATE_FULL') {
      fulls += 1;
      state = message['data'];
    }
    if (message['type'] === 'STATE_PATCH') onPatch(message);
    const reqId = message['reqId'];
    if (reqId !== undefined && message['type'] !== 'NOTICE') {
      waiting.get(reqId)?.(message);
      waiting.delete(reqId);
    }
  });
  const closed = new Promise<{ code: number }>((done) =>
    raw.addEventListener('close', (event) => done({ code: event.code })),
  );
  await new Promise<void>((done, fail) => {
    raw.addEventListener('open', () => done());
    raw.addEventListener('error', () => fail(new Error(`no socket at ${url}`)));
  });
  raw.send(JSON.stringify({ cmd: 'HELLO', ...hello }));
  await until('the first full state', () => fulls > 0);

  return {
    messages,
    frames,
    clientId: () => clientId,
    state: () => state,
    fullStates: () => fulls,
    resyncs: () => resyncs,
    timelineOffsetMs: () => {
      const least = offsetMs;
      offsetMs = Number.POSITIVE_INFINITY;
      return least;
    },
    raw,
    closed,
    send: (command) => raw.send(JSON.stringify(command)),
    ask: (command) =>
      new Promise((done, fail) => {
        requests += 1;
        const reqId = `${clientId}-${requests}`;
        const timer = setTimeout(
          () => fail(new Error(`no answer to ${JSON.stringify(command)}`)),
          15_000,
        );
        waiting.set(reqId, (answer) => {
          clearTimeout(timer);
          done(answer);
        });
        raw.send(JSON.stringify({ ...command, reqId }));
      }),
    close: () => raw.close(),
  };
};
