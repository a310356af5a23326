/** Somebody who plays: presses for loops all the time, and notes what FlowZone answers. */
import type { AckLog, Captured } from '../judge/acks.ts';
import { type Client, connect, type Json } from '../../judge/client.ts';
import { type Product, until } from '../../judge/product.ts';
import { CalledSaved } from './called-saved.ts';

export const SLOTS = 16;

export interface Player {
  readonly client: Client;
  readonly captured: readonly Captured[];
  /** Of these, those that were called saved. */
  savedCount(): number;
  /** It was called saved, here or when it was asked for just now. */
  isSaved(takeId: string): Promise<boolean>;
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
  const saved = new CalledSaved(acks);
  let clockMs = Number.POSITIVE_INFINITY;

  // Told by a patch, so it is looked for after each message that the client has applied.
  client.raw.addEventListener('message', ({ data }) => {
    if (!(data instanceof ArrayBuffer)) saved.noteSlots(client.state().slots);
  });

  return {
    client,
    captured,
    isSaved: (takeId) => saved.ask(product, takeId),
    savedAtMs: (takeId) => saved.atMs(takeId),
    isUnderWay() {
      const last = captured.at(-1);
      return last !== undefined && !saved.has(last.takeId);
    },
    savedCount: () => captured.filter(({ takeId }) => saved.has(takeId)).length,
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
  { captured, isSaved }: Pick<Player, 'captured' | 'isSaved'>,
  limitMs: number,
): Promise<string[]> => {
  const left = new Set(captured.map(({ takeId }) => takeId));
  const isEmpty = async () => {
    for (const id of left) if (await isSaved(id)) left.delete(id);
    return left.size === 0;
  };
  await until('all is saved', isEmpty, limitMs).catch(() => false);
  return [...left];
};
