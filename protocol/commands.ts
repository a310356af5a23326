/**
 * Commands a client may send: one schema each, the union last.
 *
 * The schema holds only commands that work. Units and ranges are in the schema; what a command does
 * to the session is in `server/session/handlers/`. Slots are 0-based on the wire.
 */
import { type Static, Type } from '@sinclair/typebox';
import { LIMITS, LOOP_BARS } from './limits.ts';

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
const Session = Type.Literal('SESSION');
const Frame = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });

/** Fields every command may carry. */
const common = {
  reqId: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: LIMITS.reqIdCharsMax,
      description: 'asks for an answer; a repeat has no second effect',
    }),
  ),
  at: Type.Optional(Type.Number({ minimum: 0, description: 'server time of the press in ms' })),
  atFrame: Type.Optional(
    Type.Integer({
      minimum: 0,
      description: 'engine frame; from loopback only, for replay and tests',
    }),
  ),
};

const command = <const Name extends string, Fields extends Parameters<typeof Type.Object>[0]>(
  cmd: Name,
  fields: Fields,
) => Type.Object({ cmd: Type.Literal(cmd), ...fields, ...common }, { additionalProperties: false });

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
  RESTORE_TAKE: command('RESTORE_TAKE', { takeId: Uuid, slot: Slot }),
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

/** Commands about one connection: answered by the gateway, except PING. */
export const CLIENT_COMMANDS = {
  HELLO: command('HELLO', {
    protocol: Type.Optional(
      Type.String({ maxLength: 64, description: 'schema hash; scripts may leave it out' }),
    ),
    clientId: Type.Optional(Type.String({ maxLength: 64 })),
    epoch: Type.Optional(Type.String({ maxLength: 64 })),
    revId: Type.Optional(Type.Integer({ minimum: 0 })),
  }),
  GET_FULL_STATE: command('GET_FULL_STATE', {}),
  PING: command('PING', { t0: Type.Number() }),
  SET_VIS: command('SET_VIS', {
    fps: Type.Union([0, 8, 15, 30].map((fps) => Type.Literal(fps))),
  }),
  ACK: command('ACK', {
    seq: Type.Integer({ minimum: 0, description: 'newest feature frame received; never answered' }),
    fps: Type.Optional(Type.Number({ minimum: 0 })),
    lateMs: Type.Optional(Type.Number({ minimum: 0 })),
    visible: Type.Optional(Type.Boolean()),
  }),
} as const;

export const COMMANDS = { ...SESSION_COMMANDS, ...CLIENT_COMMANDS } as const;

export type SessionCommandName = keyof typeof SESSION_COMMANDS;
export type CommandName = keyof typeof COMMANDS;
export type CommandOf<Name extends CommandName> = Static<(typeof COMMANDS)[Name]>;
export type SessionCommand = { [N in SessionCommandName]: CommandOf<N> }[SessionCommandName];
export type Command = { [N in CommandName]: CommandOf<N> }[CommandName];
