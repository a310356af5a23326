/**
 * (state, event) → state. Pure; a value that did not change makes no patch.
 *
 * Derived members (`state`, `audible`) are computed here and nowhere else:
 * RECORDING > MUTED > PLAYING > EMPTY.
 */
import { current, type Draft, enablePatches, isDraft, type Patch, produceWithPatches } from 'immer';
import type { AppState, SlotOf } from '../../../protocol/state.ts';
import type { EventOf, SessionEvent, SessionEventName } from './events.ts';

enablePatches();

type State = Draft<AppState>;
type Reducers = { [N in SessionEventName]: (state: State, event: EventOf<N>) => void };

const EMPTY = {
  takeId: null,
  bars: 0,
  lengthBeats: 0,
  originBeat: 0,
  saved: false,
  tainted: false,
  acrossChange: false,
  damaged: false,
  layerCount: 0,
  tempoMode: 'repitch',
  tail: false,
} as const;

const withSlot = (state: State, slot: number, act: (slot: Draft<SlotOf>) => void): void => {
  const target = state.slots[slot];
  if (target) act(target);
};

const plain = (value: unknown): unknown => (isDraft(value) ? current(value) : value);

/** Assigns only what differs, so that equal objects make no patch. */
const assign = <T extends object>(target: T, values: Partial<T>): void => {
  for (const key of Object.keys(values) as (keyof T)[]) {
    const value = values[key];
    if (value !== undefined && !Bun.deepEquals(plain(target[key]), value)) target[key] = value;
  }
};

const slotState = (slot: SlotOf): SlotOf['state'] => {
  if (slot.pending?.kind === 'capture') return 'RECORDING';
  if (slot.takeId === null) return 'EMPTY';
  return slot.muted ? 'MUTED' : 'PLAYING';
};

/** Events after which `state` or `audible` may be another. */
const DERIVING = new Set<SessionEventName>(['slotMute', 'slotSolo', 'slotContent', 'slotPending']);

/** Touches the event's own slot, and the others only when solo begins or ends somewhere. */
const derive = (state: State, before: AppState, slot: number): void => {
  const target = state.slots[slot];
  if (!target) return;
  const isOtherSoloed = before.slots.some((other, index) => index !== slot && other.soloed);
  const anySolo = isOtherSoloed || target.soloed;
  assign(target, { state: slotState(target), audible: isAudible(target, anySolo) });
  if (isOtherSoloed || target.soloed === before.slots[slot]?.soloed) return;
  for (const other of state.slots) assign(other, { audible: isAudible(other, anySolo) });
};

export const isAudible = (slot: Pick<SlotOf, 'muted' | 'soloed'>, anySolo: boolean): boolean =>
  !slot.muted && (!anySolo || slot.soloed);

const mixer = {
  slotGain: (state, { slot, val }) => withSlot(state, slot, (target) => (target.volume = val)),
  slotPan: (state, { slot, val }) => withSlot(state, slot, (target) => (target.pan = val)),
  slotMute: (state, { slot, muted }) =>
    withSlot(state, slot, (target) => {
      target.muted = muted;
      if (target.pending?.kind === 'mute') target.pending = null;
    }),
  slotSolo: (state, { slot, soloed }) =>
    withSlot(state, slot, (target) => {
      target.soloed = soloed;
      if (target.pending?.kind === 'solo') target.pending = null;
    }),
  slotName: (state, { slot, name }) => withSlot(state, slot, (target) => (target.name = name)),
} satisfies Partial<Reducers>;

const content = {
  slotContent: (state, event) =>
    withSlot(state, event.slot, (slot) => assign(slot, event.content ?? EMPTY)),
  slotRendering: (state, { slot, rendering }) =>
    withSlot(state, slot, (target) => (target.rendering = rendering)),
  slotPending: (state, { slot, pending }) =>
    withSlot(state, slot, (target) => {
      if (pending === null) target.pending = null;
      else assign(target, { pending });
    }),
  saved(state, { takeId }) {
    for (const slot of state.slots) if (slot.takeId === takeId) slot.saved = true;
  },
  plugin(state, { id, plugin }) {
    const known = state.plugins[id];
    if (!plugin) delete state.plugins[id];
    else if (known) assign(known, plugin);
    else state.plugins[id] = plugin;
  },
  chain(state, { chain, place }) {
    if (place === 'input') assign(state, { inputChain: [...chain] });
    else withSlot(state, place, (slot) => assign(slot, { pluginChain: [...chain] }));
  },
  history: (state, { history }) => assign(state.history, history),
} satisfies Partial<Reducers>;

const transport = {
  tempo: (state, { bpm, bpmEffective }) => assign(state.transport, { bpm, bpmEffective }),
  meter: (state, { beats, unit }) => assign(state.transport, { meter: { beats, unit } }),
  metronome: (state, { metronome }) => assign(state.transport, { metronome }),
  loopBars: (state, { bars }) => assign(state.transport, { loopBars: bars }),
  playing: (state, { isPlaying, barPhase }) => assign(state.transport, { isPlaying, barPhase }),
  input(state, { source, gainDb, monitor }) {
    const target = state.sources[source];
    if (target) assign(target, { gainDb, monitor });
  },
  sessionName: (state, { name }) => assign(state.meta, { sessionName: name }),
  session(state, { history, loopBars, name, sessionId, slots }) {
    assign(state.meta, { sessionId, sessionName: name });
    assign(state.transport, { loopBars });
    assign(state.history, history);
    for (const [index, slot] of slots.entries()) {
      withSlot(state, index, (target) => assign(target, slot));
    }
  },
} satisfies Partial<Reducers>;

const surroundings = {
  hosts(state, { hosts }) {
    for (const id of Object.keys(state.hosts)) if (!hosts[id]) delete state.hosts[id];
    for (const [id, host] of Object.entries(hosts)) {
      const known = state.hosts[id];
      if (known) assign(known, host);
      else state.hosts[id] = host;
    }
  },
  alert(state, { id, code, atMs, slot, instanceId }) {
    const known = state.alerts[id];
    if (known) known.count += 1;
    else {
      state.alerts[id] = {
        code,
        sinceMs: atMs,
        count: 1,
        ...(slot !== undefined && { slot }),
        ...(instanceId !== undefined && { instanceId }),
      };
    }
  },
  alertGone(state, { id }) {
    delete state.alerts[id];
  },
  pluginList: (state, { pluginList }) => assign(state.pluginList, pluginList),
  job(state, { id, job }) {
    const known = state.jobs[id];
    if (known) assign(known, job);
    else state.jobs[id] = job;
  },
  jobGone(state, { id }) {
    delete state.jobs[id];
  },
  system: (state, { system }) => assign(state.system, system),
  storage: (state, { storage }) => assign(state.storage, storage),
  devices: (state, { devices }) => assign(state.devices, devices),
  clientJoined(state, { clientId, address, atMs }) {
    // Clients name themselves; this name cannot be a key that travels in JSON.
    if (clientId === '__proto__') return;
    state.clients[clientId] = { sinceMs: atMs, address };
  },
  clientLeft(state, { clientId }) {
    delete state.clients[clientId];
  },
  clientsGone(state) {
    for (const clientId of Object.keys(state.clients)) delete state.clients[clientId];
  },
} satisfies Partial<Reducers>;

const REDUCERS: Reducers = { ...mixer, ...content, ...transport, ...surroundings };

/** The next state and what changed, in immer's own patches. */
export const reduceWithPatches = (
  state: AppState,
  event: SessionEvent,
): { state: AppState; patches: Patch[] } => {
  const [next, patches] = produceWithPatches(state, (draft) => {
    (REDUCERS[event.t] as (state: State, event: SessionEvent) => void)(draft, event);
    if (DERIVING.has(event.t) && 'slot' in event) derive(draft, state, event.slot ?? -1);
  });
  return { state: next, patches };
};

export const reduce = (state: AppState, event: SessionEvent): AppState =>
  reduceWithPatches(state, event).state;
