/**
 * AppState: what every client sees, the same at the same revision.
 *
 * Lists keep their order for ever (slots) or are keyed by id, so that patches stay small. Nothing in
 * it moves thirty times a second: levels and phases travel in feature frames.
 */
import { type Static, Type } from '@sinclair/typebox';

const Nullable = <T extends Parameters<typeof Type.Union>[0][number]>(schema: T) =>
  Type.Union([schema, Type.Null()]);
const object = <F extends Parameters<typeof Type.Object>[0]>(fields: F) =>
  Type.Object(fields, { additionalProperties: false });

export const Meta = object({
  revisionId: Type.Integer(),
  serverTime: Type.Number({ description: 'ms since engine start' }),
  mode: Type.Union([Type.Literal('NORMAL'), Type.Literal('SAFE')]),
  version: Type.String(),
  sessionId: Type.String(),
  sessionName: Type.String(),
  safe: Nullable(
    object({
      step: Type.Integer(),
      reason: Type.String(),
      suspects: Type.Array(Type.String(), {
        description: 'what the engine was about when it stopped',
      }),
      sinceMs: Type.Number({ description: 'wall clock, Unix ms' }),
    }),
  ),
});

export const Transport = object({
  bpm: Type.Number({ description: 'as asked for' }),
  bpmEffective: Type.Number({ description: 'as played: a beat is an even number of frames' }),
  isPlaying: Type.Boolean(),
  barPhase: Type.Number({
    description: 'at the last transport change; the live one is in the frames',
  }),
  meter: object({ beats: Type.Integer(), unit: Type.Integer() }),
  metronome: object({ on: Type.Boolean(), gainDb: Type.Number(), standby: Type.Boolean() }),
  loopBars: Type.Integer({ description: 'length of a press that names none' }),
});

export const SlotState = Type.Union(
  ['EMPTY', 'RECORDING', 'PLAYING', 'MUTED'].map((s) => Type.Literal(s)),
);

export const Slot = object({
  id: Type.String(),
  state: Type.Unsafe<'EMPTY' | 'RECORDING' | 'PLAYING' | 'MUTED'>(SlotState),
  name: Type.String(),
  volume: Type.Number({ description: 'linear, 1 = 0 dB' }),
  pan: Type.Number(),
  muted: Type.Boolean(),
  soloed: Type.Boolean(),
  audible: Type.Boolean({ description: 'not muted and (no solo anywhere, or soloed)' }),
  takeId: Nullable(Type.String()),
  bars: Type.Number(),
  lengthBeats: Type.Integer(),
  originBeat: Type.Integer(),
  saved: Type.Boolean({ description: 'true only when the take survives a power cut' }),
  tempoMode: Type.Unsafe<'repitch' | 'stretch' | 'free'>(
    Type.Union(['repitch', 'stretch', 'free'].map((mode) => Type.Literal(mode))),
  ),
  tail: Type.Boolean({ description: 'what was played after the loop sounds over its start' }),
  tainted: Type.Boolean(),
  acrossChange: Type.Boolean({
    description: 'recorded over a change of tempo or meter: its bars are those of the later grid',
  }),
  damaged: Type.Boolean({ description: 'its file is missing or is not what was written' }),
  rendering: Nullable(
    Type.Number({ description: '0…1 of a sound that is made for it while the old one plays on' }),
  ),
  layerCount: Type.Integer({ description: 'takes heard in it; 0 = empty, 1 = as it was played' }),
  pluginChain: Type.Array(Type.String(), {
    description: 'plug-ins its sound goes through, in that order; keys of plugins',
  }),
  pending: Nullable(
    object({
      kind: Type.Unsafe<'capture' | 'mute' | 'solo' | 'recall'>(Type.String()),
      atFrame: Type.Number(),
      takeId: Nullable(Type.String()),
      bars: Type.Number(),
    }),
  ),
});

export const RiffRow = object({
  id: Type.String(),
  parentId: Nullable(Type.String()),
  seq: Type.Integer({ description: 'order of making, from 0 = the empty root' }),
  tsMs: Type.Number({ description: 'wall clock, Unix ms' }),
  cause: Type.Unsafe<RiffCause>(Type.String()),
  slot: Nullable(Type.Integer()),
  bars: Type.Number(),
  label: Type.String(),
  slots: Type.Array(
    object({
      slot: Type.Integer(),
      takeId: Type.String(),
      bars: Type.Number(),
      dryTakeId: Type.Optional(
        Type.String({ description: 'it without the plug-ins of the input; see RESTORE_TAKE' }),
      ),
    }),
  ),
  marked: Type.Boolean({ description: 'it has a star; see SET_MARK' }),
  mark: Type.Optional(Type.String({ description: 'what its star is called' })),
});
export type RiffCause =
  | 'ROOT'
  | 'CAPTURE'
  | 'CLEAR'
  | 'TEMPO'
  | 'PANIC'
  | 'MIX'
  | 'OVERDUB'
  | 'MERGE'
  | 'TAIL'
  | 'TEMPO_MODE'
  | 'ADJUST'
  | 'REACH_BACK'
  | 'RESTORE'
  | 'PLUGIN_LOAD'
  | 'PLUGIN_UNLOAD'
  | 'PLUGIN_MOVE';

export const History = object({
  head: Type.String(),
  count: Type.Integer(),
  canUndo: Type.Boolean(),
  undoLabel: Nullable(Type.String()),
  undoSlot: Nullable(Type.Integer()),
  canRedo: Type.Boolean(),
  redoLabel: Nullable(Type.String()),
  redoSlot: Nullable(Type.Integer()),
  redoIds: Type.Array(Type.String(), {
    description: 'what REDO would walk through, nearest first',
  }),
  newest: Type.Array(RiffRow),
});

export const Job = object({
  kind: Type.Unsafe<'export' | 'rescan' | 'merge'>(Type.String()),
  label: Type.String(),
  state: Type.Unsafe<JobState>(Type.String()),
  progress: Type.Number({ description: '0…1' }),
  code: Type.Integer({ description: 'why it failed; 0 = it did not' }),
  folder: Type.String({ description: 'below exports/; empty until the export is whole' }),
  files: Type.Array(Type.String(), { description: 'when it is done; the JSON last' }),
});
export type JobState = 'running' | 'done' | 'failed' | 'cancelled';

/**
 * loading: not yet heard; on; dry: its sound comes too late or not at all at the moment;
 * restarting: its process ended and is started again; slow: dry until it is tried again; off: until
 * RETRY_PLUGIN, or in Safe Mode.
 */
export type PluginStatus = 'loading' | 'on' | 'dry' | 'restarting' | 'slow' | 'off';

export const Plugin = object({
  pluginId: Type.String(),
  where: Type.Unsafe<number | 'input'>(
    Type.Union([Type.Integer(), Type.Literal('input')], {
      description: 'slot or input; while it is first loaded it is in no chain yet',
    }),
  ),
  name: Type.String(),
  vendor: Type.String(),
  hostId: Nullable(Type.String({ description: 'key of hosts' })),
  status: Type.Unsafe<PluginStatus>(Type.String()),
  retries: Type.Integer({ description: 'how often its process was started again, of three' }),
  latencyFrames: Type.Integer(),
  isInstrument: Type.Boolean(),
  paramCount: Type.Integer(),
  bypassed: Type.Boolean(),
  touched: Type.Record(Type.String(), Type.Number(), {
    description: 'what was last set by SET_PARAM, by paramId; the newest few',
  }),
});

export type HostStatus = 'starting' | 'running' | 'restarting' | 'off';

export const Host = object({
  name: Type.String({ description: 'whose plug-ins it runs' }),
  status: Type.Unsafe<HostStatus>(Type.String()),
  pid: Type.Integer({ description: '0 = none runs' }),
  memoryMB: Type.Number(),
  load: Type.Number({ description: '0…1 of one core' }),
  plugins: Type.Integer(),
  retries: Type.Integer(),
  missedBlocks: Type.Integer({ description: 'that came too late to be heard, since it began' }),
  isQuarantine: Type.Boolean({ description: 'it runs alone what failed again and again' }),
});

export const AppState = object({
  meta: Meta,
  transport: Transport,
  slots: Type.Array(Slot),
  history: History,
  system: object({
    cpuLoad: Type.Number({ description: '0…1 of all cores, engine process' }),
    audioLoad: Type.Number({ description: '0…1 of a block' }),
    diskBufferUsage: Type.Number({
      description: '0…1 of ring and overflow: what is not durable yet',
    }),
    memoryUsageMB: Type.Number(),
    xruns: Type.Integer(),
    gapFrames: Type.Number(),
    isSecondFolder: Type.Boolean({ description: 'the recording goes on there' }),
  }),
  storage: object({
    pastBytes: Type.Number({ description: 'of what was recorded without a press' }),
    pastSeconds: Type.Number({ description: 'so much of it is on disk' }),
    pastSinceMs: Type.Number({ description: 'wall clock of its oldest frame; 0 = none is kept' }),
    takesBytes: Type.Number({ description: 'of the files of all takes of all sessions' }),
    freeBytes: Type.Number(),
    diskBytes: Type.Number({ description: '0 = not known' }),
  }),
  devices: object({
    kind: Type.String(),
    name: Type.String(),
    rateHz: Type.Integer(),
    blockFrames: Type.Integer(),
    hasRealTime: Type.Boolean(),
    latencyMs: Type.Number({
      description: 'sound reaches the engine so much later than it belongs',
    }),
    isMeasured: Type.Boolean({
      description: 'the latencies were heard by clicks; until then the device is believed',
    }),
    outputLatencyMs: Type.Number({ description: 'the player hears the engine so much later' }),
    trimMs: Type.Number({ description: 'the player’s own correction, added to latencyMs' }),
  }),
  sources: Type.Array(
    object({ name: Type.String(), gainDb: Type.Number(), monitor: Type.Boolean() }),
  ),
  inputChain: Type.Array(Type.String(), {
    description: 'plug-ins that what the player plays goes through before it is heard and captured',
  }),
  plugins: Type.Record(Type.String(), Plugin),
  pluginList: object({
    revision: Type.Integer({
      description: 'GET /api/plugins tells another list when it has changed',
    }),
    count: Type.Integer({ description: 'plug-ins that are offered' }),
    refused: Type.Integer({ description: 'bundles of which nothing is offered' }),
    waiting: Type.Integer({ description: 'bundles that are still to be looked at' }),
  }),
  hosts: Type.Record(Type.String(), Host),
  clients: Type.Record(Type.String(), object({ sinceMs: Type.Number(), address: Type.String() })),
  settings: Type.Record(Type.String(), Type.Union([Type.String(), Type.Number(), Type.Boolean()])),
  alerts: Type.Record(
    Type.String(),
    object({
      code: Type.Integer(),
      sinceMs: Type.Number(),
      count: Type.Integer(),
      slot: Type.Optional(Type.Integer()),
      hostId: Type.Optional(Type.String()),
      instanceId: Type.Optional(Type.String({ description: 'the plug-in it is about' })),
    }),
  ),
  jobs: Type.Record(Type.String(), Job),
});

export type AppState = Static<typeof AppState>;
export type JobOf = Static<typeof Job>;
export type SlotOf = AppState['slots'][number];
export type PluginOf = Static<typeof Plugin>;
export type HostOf = Static<typeof Host>;
/** Slot number, or what the player plays. */
export type Place = PluginOf['where'];
export type RiffRow = Static<typeof RiffRow>;
