/** A page that plays along: the line of the real one, with the times at which it was told what. */
import { makeConnection } from '../../../web/sync/make-connection.ts';
import { applyOp, type Json } from '../../judge/client.ts';

export interface Told {
  readonly atMs: number;
  readonly type: string;
  /** Of a notice. */
  readonly code: number | null;
  readonly epoch: string | null;
}

export interface Page {
  /** All but patches and pongs, the oldest first. */
  readonly told: readonly Told[];
  state(): Json;
  /** Connected and welcomed. */
  isLive(): boolean;
  /** When the newest feature frame came. */
  frameMs(): number;
  close(): void;
}

const MAGIC = 0x015a4601;

export const openPage = (url: string): Page => {
  const told: Told[] = [];
  let state: Json = {};
  let isLive = false;
  let frameMs = Number.NEGATIVE_INFINITY;
  let acked = 0;
  let epoch: string | undefined;
  const now = () => performance.now();

  const onPatch = (message: Json) => {
    const { meta } = state;
    if (message.epoch !== epoch || meta?.revisionId !== message.fromRev) {
      line.send({ cmd: 'GET_FULL_STATE' });
      return;
    }
    for (const op of structuredClone(message.ops)) applyOp(state, op);
    state.meta.revisionId = message.revId;
  };

  const line = makeConnection({
    openSocket: () => new WebSocket(`${url.replace('http', 'ws')}/ws`),
    hello: () =>
      epoch === undefined
        ? { cmd: 'HELLO' }
        : { cmd: 'HELLO', epoch, revId: state.meta.revisionId },
    onMessage(message: Json) {
      if (message.type === 'STATE_PATCH') return onPatch(message);
      if (message.type === 'STATE_FULL') ({ epoch, data: state } = message);
      if (message.type === 'PONG') return;
      const { code = null, type } = message;
      told.push({ atMs: now(), type, code, epoch: message.epoch ?? null });
    },
    onFrame(data) {
      const view = new DataView(data);
      if (view.getUint32(0, true) !== MAGIC) return;
      frameMs = now();
      const seq = view.getUint32(4, true);
      if (seq < acked + 2 && seq >= acked) return;
      acked = seq;
      line.send({ cmd: 'ACK', seq });
    },
    onStatus: (status) => {
      isLive = status === 'live';
    },
    onRefused: (code) => told.push({ atMs: now(), type: 'REFUSED', code, epoch: null }),
    nowMs: now,
  });

  return {
    told,
    state: () => state,
    isLive: () => isLive,
    frameMs: () => frameMs,
    close: () => line.close(),
  };
};
