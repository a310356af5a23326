/**
 * Commands a client may send: one schema each, the union last.
 *
 * The schema holds only commands that work. Units and ranges are in the schema; what a command does
 * to the session is in `server/session/handlers/`. Slots are 0-based on the wire.
 */
import { type Static, Type } from '@sinclair/typebox';
import { CLIENT_COMMANDS, PAIR_COMMANDS } from './client-commands.ts';
import { command } from './command.ts';
import { LIMITS, LOOP_BARS } from './limits.ts';

export { CLIENT_COMMANDS, PAIR_COMMANDS };

const Bars = Type.Union(LOOP_BARS.map((bars) => Type.Literal(bars)));
const Slot = Type.Integer({ minimum: 0, maximum: LIMITS.slotCountMax - 1, description: '0-based' });
const Uuid = Type.String({ pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' });
const Name = Type.String({ minLength: 0, maxLength: LIMITS.nameCharsMax });
/** Of a session: in UTF-8 it has as many bytes at most, and no control characters. */
const SessionName = Type.String({ minLength: 1, maxLength: LIMITS.sessionNameBytesMax });
const HalfBeats = (description: string) =>
  Type.Number({
    minimum: -LIMITS.adjustBeatsMax,
    maximum: LIMITS.adjustBeatsMax,
    multipleOf: 0.5,
    description,
  });
const RunId = Type.Optional(
  Type.String({ pattern: '^[0-9a-f]{32}$', description: 'absent = the run that is on' }),
);
/** Where a plug-in is heard: in a slot, or in what the player plays. */
const Place = Type.Union([Slot, Type.Literal('input')]);
const ChainIndex = Type.Integer({
  minimum: 0,
  maximum: LIMITS.chainPluginsMax - 1,
  description: 'place in the chain, 0 = the first that the sound goes through',
});
const Session = Type.Literal('SESSION');
const Frame = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });

/** Commands for the session: they reach the engine process and are answered by it. */
export const SESSION_COMMANDS = {
  TRIGGER_SLOT: command('TRIGGER_SLOT', {
    slot: Type.Union([Slot, Type.Literal('auto')]),
    quantized: Type.Boolean(),
    bars: Type.Optional(Bars),
    mode: Type.Optional(
      Type.Union([Type.Literal('replace'), Type.Literal('overdub')], {
        description: 'overdub: what plays goes on under the new take, 5 % lower',
      }),
    ),
    source: Type.Optional(Type.Integer({ minimum: 0, maximum: LIMITS.sourceCountMax - 1 })),
  }),
  SET_VOL: command('SET_VOL', {
    slot: Slot,
    val: Type.Number({ minimum: 0, maximum: LIMITS.gainMax, description: 'linear, 1 = 0 dB' }),
  }),
  SET_PAN: command('SET_PAN', { slot: Slot, val: Type.Number({ minimum: -1, maximum: 1 }) }),
  MUTE_SLOT: command('MUTE_SLOT', {
    slot: Slot,
    muted: Type.Boolean(),
    quantized: Type.Optional(Type.Boolean()),
  }),
  SOLO_SLOT: command('SOLO_SLOT', {
    slot: Slot,
    soloed: Type.Boolean(),
    quantized: Type.Optional(Type.Boolean()),
  }),
  RENAME_SLOT: command('RENAME_SLOT', { slot: Slot, name: Name }),
  CLEAR_SLOT: command('CLEAR_SLOT', { slot: Slot }),
  MERGE_SLOTS: command('MERGE_SLOTS', {
    from: Type.Array(Slot, { minItems: 1, maxItems: LIMITS.slotCountMax, uniqueItems: true }),
    to: Slot,
  }),
  SET_TAIL: command('SET_TAIL', { slot: Slot, on: Type.Boolean() }),
  SET_TEMPO_MODE: command('SET_TEMPO_MODE', {
    slot: Slot,
    mode: Type.Union([Type.Literal('repitch'), Type.Literal('stretch'), Type.Literal('free')]),
  }),
  ADJUST_LOOP: command('ADJUST_LOOP', {
    slot: Slot,
    bars: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: LIMITS.loopBarsMax,
        description: 'another length; the end stays',
      }),
    ),
    shiftBeats: Type.Optional(
      HalfBeats('moves the window over what was played; the sound stays on the grid'),
    ),
    rotateBeats: Type.Optional(HalfBeats('moves the loop on the grid')),
  }),
  REACH_BACK: command('REACH_BACK', {
    slot: Slot,
    fromBar: Type.Integer({
      minimum: 0,
      maximum: Number.MAX_SAFE_INTEGER,
      description: 'counted from 0, as in feature frames',
    }),
    bars: Bars,
    source: Type.Optional(Type.Integer({ minimum: 0, maximum: LIMITS.sourceCountMax - 1 })),
    runId: RunId,
  }),
  SET_MARK: command('SET_MARK', {
    riffId: Uuid,
    label: Type.Union([Name, Type.Null()], {
      description: 'what its star is called, empty = nothing; null takes the star off',
    }),
  }),
  RESTORE_TAKE: command('RESTORE_TAKE', {
    takeId: Uuid,
    slot: Slot,
    which: Type.Optional(
      Type.Union([Type.Literal('wet'), Type.Literal('dry')], {
        description: 'as it was heard, or before the plug-ins of the input; absent = wet',
      }),
    ),
  }),
  SET_TEMPO: command('SET_TEMPO', {
    bpm: Type.Number({ minimum: LIMITS.bpmMin, maximum: LIMITS.bpmMax }),
  }),
  SET_METER: command('SET_METER', {
    beats: Type.Integer({ minimum: LIMITS.meterBeatsMin, maximum: LIMITS.meterBeatsMax }),
    unit: Type.Union([Type.Literal(4), Type.Literal(8)]),
  }),
  ALIGN_GRID: command('ALIGN_GRID', {}),
  TAP_TEMPO: command('TAP_TEMPO', {}),
  CALIBRATE_LATENCY: command('CALIBRATE_LATENCY', {}),
  SET_LATENCY_TRIM: command('SET_LATENCY_TRIM', {
    trimMs: Type.Number({
      minimum: -LIMITS.latencyTrimMsMax,
      maximum: LIMITS.latencyTrimMsMax,
      description: 'windows are read so much later than the latency says, and loops come earlier',
    }),
  }),
  SET_METRONOME: command('SET_METRONOME', {
    on: Type.Boolean(),
    gainDb: Type.Optional(
      Type.Number({ minimum: LIMITS.metronomeGainDbMin, maximum: LIMITS.metronomeGainDbMax }),
    ),
    standby: Type.Optional(
      Type.Boolean({ description: 'it goes off by itself when a loop begins to sound' }),
    ),
  }),
  SET_LOOP_BARS: command('SET_LOOP_BARS', { bars: Bars }),
  SET_INPUT: command('SET_INPUT', {
    source: Type.Integer({ minimum: 0, maximum: LIMITS.sourceCountMax - 1 }),
    gainDb: Type.Optional(
      Type.Number({
        minimum: LIMITS.inputGainDbMin,
        maximum: LIMITS.inputGainDbMax,
        description:
          'of source 0: how loud it is heard; of a pair of several: how loud it is in source 0',
      }),
    ),
    monitor: Type.Optional(
      Type.Boolean({ description: 'heard; of a pair of several: part of source 0' }),
    ),
  }),
  PLAY: command('PLAY', {}),
  PAUSE: command('PAUSE', {}),
  UNDO: command('UNDO', { scope: Session, ifHead: Type.Optional(Uuid) }),
  REDO: command('REDO', { scope: Session, ifHead: Type.Optional(Uuid) }),
  RECALL_RIFF: command('RECALL_RIFF', {
    riffId: Uuid,
    when: Type.Union([Type.Literal('now'), Type.Literal('bar')]),
  }),
  PANIC: command('PANIC', { scope: Type.Union([Type.Literal('ALL'), Type.Literal('ENGINE')]) }),
  EXPORT: command('EXPORT', {
    what: Type.Union([
      Type.Object({ riffId: Uuid }, { additionalProperties: false }),
      Type.Object(
        {
          fromFrame: Frame,
          toFrame: Frame,
          runId: RunId,
        },
        { additionalProperties: false, description: 'widened to whole bars' },
      ),
      Type.Object(
        { bars: Type.Integer({ minimum: 1, maximum: LIMITS.exportPastBarsMax }) },
        {
          additionalProperties: false,
          description: 'the last so many whole bars that were played',
        },
      ),
    ]),
    format: Type.Union((['wav32f', 'wav24', 'flac'] as const).map((each) => Type.Literal(each))),
    stems: Type.Boolean({ description: 'also a file for each slot or source' }),
  }),
  LEAVE_SAFE_MODE: command('LEAVE_SAFE_MODE', {}),
  LOAD_VST: command('LOAD_VST', {
    slot: Place,
    pluginId: Type.String({
      pattern: '^(vst3|au):[0-9a-f]{32}$',
      description: 'as GET /api/plugins',
    }),
    index: Type.Optional(ChainIndex),
  }),
  UNLOAD_PLUGIN: command('UNLOAD_PLUGIN', { instanceId: Uuid }),
  MOVE_PLUGIN: command('MOVE_PLUGIN', { instanceId: Uuid, slot: Place, index: ChainIndex }),
  BYPASS_PLUGIN: command('BYPASS_PLUGIN', { instanceId: Uuid, bypassed: Type.Boolean() }),
  SET_PARAM: command('SET_PARAM', {
    instanceId: Uuid,
    paramId: Type.Integer({ minimum: 0, maximum: 0xff_ff_ff_ff }),
    val: Type.Number({ minimum: 0, maximum: 1 }),
  }),
  WATCH_PARAMS: command('WATCH_PARAMS', {
    instanceId: Type.Union([Uuid, Type.Null()], {
      description: 'whose PARAMS this client is told from now on; it watches one at most',
    }),
  }),
  RETRY_PLUGIN: command('RETRY_PLUGIN', { instanceId: Uuid }),
  NOTE: command('NOTE', {
    instanceId: Uuid,
    note: Type.Integer({ minimum: 0, maximum: 127 }),
    velocity: Type.Number({ minimum: 0, maximum: 1 }),
    on: Type.Boolean(),
  }),
  RESCAN_PLUGINS: command('RESCAN_PLUGINS', {}),
  CANCEL_JOB: command('CANCEL_JOB', { jobId: Uuid }),
  NEW_SESSION: command('NEW_SESSION', {
    name: Type.Optional(SessionName),
  }),
  OPEN_SESSION: command('OPEN_SESSION', { sessionId: Uuid }),
  REMOVE_SESSION: command('REMOVE_SESSION', {
    sessionId: Uuid,
    riffs: Type.Integer({
      minimum: 0,
      description: 'as many as the player was told that it holds; consent is given to no more',
    }),
  }),
  RESTORE_SESSION: command('RESTORE_SESSION', { sessionId: Uuid }),
  RENAME_SESSION: command('RENAME_SESSION', {
    name: SessionName,
    sessionId: Type.Optional(Uuid),
  }),
} as const;

export const COMMANDS = { ...SESSION_COMMANDS, ...CLIENT_COMMANDS, ...PAIR_COMMANDS } as const;

export type SessionCommandName = keyof typeof SESSION_COMMANDS;
export type PairCommandName = keyof typeof PAIR_COMMANDS;
export type CommandName = keyof typeof COMMANDS;
export type CommandOf<Name extends CommandName> = Static<(typeof COMMANDS)[Name]>;
export type PairCommand = { [N in PairCommandName]: CommandOf<N> }[PairCommandName];
export type SessionCommand = { [N in SessionCommandName]: CommandOf<N> }[SessionCommandName];
export type Command = { [N in CommandName]: CommandOf<N> }[CommandName];
