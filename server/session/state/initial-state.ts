/** The state before anything happened in this epoch: what the store remembers, nothing playing yet. */
import { createHash } from 'node:crypto';
import { emptySlot, emptyState } from '../../../protocol/empty-state.ts';
import { LIMITS } from '../../../protocol/limits.ts';
import type { AppState } from '../../../protocol/state.ts';
import { idOfWords, wordsOfId } from '../core/ids.ts';
import { isAudible } from './reduce.ts';
import type { MixDocument } from '../store/write-requests.ts';

export interface InitialState {
  readonly version: string;
  readonly mode: AppState['meta']['mode'];
  readonly safe: AppState['meta']['safe'];
  readonly sessionId: string;
  readonly sessionName: string;
  readonly slotCount: number;
  readonly bpm: number;
  readonly isPlaying: boolean;
  readonly history: AppState['history'];
  readonly devices: AppState['devices'];
  readonly sources: readonly { readonly name: string; readonly monitor: boolean }[];
  readonly mix: MixDocument | null;
}

/** The same for the life of the session, without being stored. */
export const slotId = (sessionId: string, slot: number): string => {
  const hex = createHash('sha256').update(`${sessionId}/${slot}`).digest('hex');
  return idOfWords(wordsOfId(hex.slice(0, 32)));
};

const slotsOf = (from: InitialState): AppState['slots'] => {
  const mixes = Array.from({ length: from.slotCount }, (_, index) => from.mix?.slots[index]);
  const anySolo = mixes.some((mix) => mix?.soloed);
  return mixes.map((mix, index) => {
    const [muted, soloed] = [mix?.muted ?? false, mix?.soloed ?? false];
    return {
      ...emptySlot(slotId(from.sessionId, index)),
      name: mix?.name ?? '',
      volume: mix?.gain ?? 1,
      pan: mix?.pan ?? 0,
      muted,
      soloed,
      audible: isAudible({ muted, soloed }, anySolo),
    };
  });
};

const sourcesOf = (from: InitialState): AppState['sources'] =>
  from.sources.map(({ name, monitor }, index) => {
    const mix = from.mix?.inputs?.[from.devices.name]?.[index];
    return { name, gainDb: mix?.gainDb ?? 0, monitor: mix?.monitor ?? monitor };
  });

export const initialState = (from: InitialState): AppState => {
  const empty = emptyState();
  const { metronome, meter, loopBars } = empty.transport;
  return {
    ...empty,
    meta: {
      ...empty.meta,
      revisionId: 1,
      mode: from.mode,
      version: from.version,
      sessionId: from.sessionId,
      sessionName: from.sessionName,
      safe: from.safe,
    },
    transport: {
      ...empty.transport,
      bpm: from.bpm,
      bpmEffective: from.bpm,
      isPlaying: from.isPlaying,
      meter: from.mix?.meter ?? meter,
      metronome: { ...metronome, ...from.mix?.metronome },
      loopBars: from.mix?.loopBars ?? loopBars,
    },
    slots: slotsOf(from),
    history: from.history,
    devices: from.devices,
    sources: sourcesOf(from),
  };
};

/** What is written behind: mixer and settings as they are now. */
export const mixOf = (state: AppState): MixDocument => ({
  slots: state.slots.map(({ volume, pan, muted, soloed, name }) => ({
    gain: volume,
    pan,
    muted,
    soloed,
    name,
  })),
  bpm: state.transport.bpm,
  meter: state.transport.meter,
  metronome: state.transport.metronome,
  loopBars: state.transport.loopBars,
  inputs: {
    [state.devices.name]: state.sources.map(({ gainDb, monitor }) => ({ gainDb, monitor })),
  },
});

export const bpmOf = (given: number | null, mix: MixDocument | null): number =>
  mix?.bpm ?? given ?? LIMITS.bpmDefault;
