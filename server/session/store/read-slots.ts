/** What the slots of stored riffs hold. */
import { EMPTY_SLOT, type RiffSlot, waysOfText, withChain } from '../riffs/riff.ts';
import { chainOfText } from './texts.ts';

export interface SlotColumns {
  riff_id: string;
  slot: number;
  take_id: string | null;
  origin_beat: number;
  length_beats: number;
  offset_frames: number;
  bars: number;
  mode: string;
  gain: number;
  pan: number;
  muted: number;
  soloed: number;
  chain: string;
}

const slotOf = (row: SlotColumns): RiffSlot => ({
  loop:
    row.take_id === null
      ? null
      : {
          takeId: row.take_id,
          bars: row.bars,
          lengthBeats: row.length_beats,
          originBeat: row.origin_beat,
          offsetFrames: row.offset_frames,
          ...waysOfText(row.mode),
        },
  gain: row.gain,
  pan: row.pan,
  muted: row.muted !== 0,
  soloed: row.soloed !== 0,
  ...withChain('chain', chainOfText(row.chain)),
});

const isSame = (a: SlotColumns, b: SlotColumns): boolean =>
  a.take_id === b.take_id &&
  a.origin_beat === b.origin_beat &&
  a.length_beats === b.length_beats &&
  a.offset_frames === b.offset_frames &&
  a.bars === b.bars &&
  a.mode === b.mode &&
  a.gain === b.gain &&
  a.pan === b.pan &&
  a.muted === b.muted &&
  a.soloed === b.soloed &&
  a.chain === b.chain;

/**
 * A step changes one slot or two: what a slot holds as in the riff before is the same object. A page
 * with few objects is quickly handed over, and takes little memory.
 */
export const makeSlotReader = () => {
  const lastOf: ({ row: SlotColumns; slot: RiffSlot } | undefined)[] = [];
  return (row: SlotColumns): RiffSlot => {
    const last = lastOf[row.slot];
    if (last && isSame(last.row, row)) return last.slot;
    const slot = slotOf(row);
    lastOf[row.slot] = { row, slot };
    return slot;
  };
};

export const slotsOf = (
  rows: readonly SlotColumns[],
  slotOfRow: ReturnType<typeof makeSlotReader>,
): RiffSlot[] => {
  const count = Math.max(0, ...rows.map((row) => row.slot + 1));
  const slots = Array.from({ length: count }, () => EMPTY_SLOT);
  for (const row of rows) slots[row.slot] = slotOfRow(row);
  return slots;
};
