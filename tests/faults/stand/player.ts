/** Somebody who plays: presses for loops all the time, and notes what FlowZone answers. */
import type { AckLog, Captured } from '../judge/acks.ts';
import { type Client, connect, type Json } from '../../judge/client.ts';
import { type Product, until } from '../../judge/product.ts';

export const SLOTS = 16;

export interface Player {
  readonly client: Client;
  readonly captured: readonly Captured[];
  /** Of these, those that were called saved. */
  savedCount(): number;
  /** All that were called saved, also by earlier lives. */
  readonly savedIds: ReadonlySet<string>;
  /** When the take was called saved, by this process's clock; waits for it. */
  savedAtMs(takeId: string): Promise<number>;
  /** The last capture is between CAPTURED and DURABLE. */
  isUnderWay(): boolean;
  /** One press for the last bar; false when it was refused or not answered. */
  press(slot: number, extra?: Json): Promise<boolean>;
  /** The frame that is played now, as far as one outside can tell. */
  frameNow(): number;
  close(): void;
}

interface PlayerOptions {
  readonly acks: AckLog;
  readonly rateHz: number;
}

export const makePlayer = async (
  product: Product,
  { acks, rateHz }: PlayerOptions,
): Promise<Player> => {
  const client = await connect(product.url);
  const captured: Captured[] = [];
  const mine = new Set<string>();
  const savedIds = new Set<string>();
  const awaited = new Map<string, (atMs: number) => void>();
  const savedMs = new Map<string, number>();
  let clockMs = Number.POSITIVE_INFINITY;

  /** Told by a patch, so it is looked for after each message that the client has applied. */
  const noteSaved = () => {
    for (const { saved, takeId } of client.state().slots as Json[]) {
      if (!saved || takeId === null || savedIds.has(takeId)) continue;
      savedIds.add(takeId);
      const atMs = performance.now();
      acks.add({ t: 'saved', takeId, atMs });
      savedMs.set(takeId, atMs);
      awaited.get(takeId)?.(atMs);
    }
  };
  client.raw.addEventListener('message', ({ data }) => {
    if (!(data instanceof ArrayBuffer)) noteSaved();
  });

  return {
    client,
    captured,
    savedIds,
    savedAtMs(takeId) {
      const atMs = savedMs.get(takeId);
      if (atMs !== undefined) return Promise.resolve(atMs);
      return new Promise((resolve) => awaited.set(takeId, resolve));
    },
    isUnderWay() {
      const last = captured.at(-1);
      return last !== undefined && !savedIds.has(last.takeId);
    },
    savedCount: () => captured.filter(({ takeId }) => savedIds.has(takeId)).length,
    async press(slot, extra = {}) {
      const answer = await client
        .ask({ cmd: 'TRIGGER_SLOT', slot, quantized: false, bars: 1, ...extra })
        .catch(() => null);
      const { fromFrame, takeId, toFrame } = answer?.result ?? {};
      if (answer?.type !== 'OK' || takeId === undefined || mine.has(takeId)) return false;
      mine.add(takeId);
      const ack: Captured = {
        t: 'captured',
        takeId,
        slot,
        fromFrame,
        toFrame,
        atMs: performance.now(),
      };
      captured.push(ack);
      acks.add(ack);
      return true;
    },
    frameNow() {
      clockMs = Math.min(clockMs, client.timelineOffsetMs());
      return Math.round(((performance.now() - clockMs) / 1000) * rateHz);
    },
    close: () => client.close(),
  };
};

/** Waits until all that was captured is called saved; those that are not in time. */
export const unsavedOf = async (
  product: Product,
  { captured, savedIds }: Player,
  limitMs: number,
): Promise<string[]> => {
  const left = new Set(captured.map(({ takeId }) => takeId));
  const isSaved = async (takeId: string) => {
    if (savedIds.has(takeId)) return true;
    const answer = await product.get(`/api/takes/${takeId}`);
    return answer.ok && ((await answer.json()) as Json).saved === true;
  };
  const isEmpty = async () => {
    for (const id of left) if (await isSaved(id)) left.delete(id);
    return left.size === 0;
  };
  await until('all is saved', isEmpty, limitMs).catch(() => false);
  return [...left];
};
