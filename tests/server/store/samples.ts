/** Rows for tests of the store. */
import type { StoredPlugin } from '../../../server/session/chains/stored-plugin.ts';
import { rootRiff } from '../../../server/session/load-session.ts';
import { EMPTY_SLOT, type Riff } from '../../../server/session/riffs/riff.ts';
import type { Take } from '../../../server/session/takes/takes.ts';

export const RUN_ID = 'ab'.repeat(16);

export const makeTake = (id: string): Take => ({
  id,
  runId: RUN_ID,
  source: 0,
  fromFrame: 96_000,
  toFrame: 480_000,
  rateHz: 48_000,
  framesPerBeat: 24_000,
  bpm: 120,
  bars: 4,
  originBeat: 4,
  lengthBeats: 16,
  offsetFrames: 0,
  pressFrame: 481_000,
  tainted: false,
  acrossChange: true,
  recovered: false,
  loose: false,
  createdMs: 1234,
});

/** @param takes Slot → take id. */
export const makeRiff = (
  id: string,
  parentId: string | null,
  seq: number,
  takes: Readonly<Record<number, string>> = {},
): Riff => {
  const count = Math.max(0, ...Object.keys(takes).map((slot) => Number(slot) + 1));
  return {
    ...rootRiff(id, 1000 + seq, 120),
    parentId,
    seq,
    cause: parentId === null ? 'ROOT' : 'CAPTURE',
    slots: Array.from({ length: count }, (_, slot) => {
      const takeId = takes[slot];
      if (takeId === undefined) return EMPTY_SLOT;
      const loop = { takeId, bars: 4, lengthBeats: 16, originBeat: -4, offsetFrames: 11 };
      return { ...EMPTY_SLOT, loop, gain: 0.5, pan: -0.25, muted: true };
    }),
  };
};

export const makePlugin = (id: string): StoredPlugin => ({
  id,
  pluginId: `vst3:${'a'.repeat(32)}`,
  name: 'Room',
  vendor: 'Maker & Son',
  group: 'maker',
  bundle: '/usr/lib/vst3/Room.vst3',
  isInstrument: false,
  bypassed: false,
  state: null,
  earlierState: null,
});
