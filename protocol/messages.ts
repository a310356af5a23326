/** Messages from the server to a client. Life: HELLO → WELCOME, (STATE_FULL), STATE_PATCH … */
import { type Static, Type } from '@sinclair/typebox';
import { AppState } from './state.ts';

const message = <const Name extends string, F extends Parameters<typeof Type.Object>[0]>(
  type: Name,
  fields: F,
) => Type.Object({ type: Type.Literal(type), ...fields }, { additionalProperties: false });

/** RFC 6902, as immer makes them: never move, copy or test, never an empty path. */
export const PatchOp = Type.Object({
  op: Type.Union([Type.Literal('add'), Type.Literal('replace'), Type.Literal('remove')]),
  path: Type.String({ minLength: 1 }),
  value: Type.Optional(Type.Unknown()),
});

export const MESSAGES = {
  WELCOME: message('WELCOME', {
    clientId: Type.String(),
    epoch: Type.String(),
    protocol: Type.String({ description: 'schema hash' }),
  }),
  STATE_FULL: message('STATE_FULL', { epoch: Type.String(), data: AppState }),
  STATE_PATCH: message('STATE_PATCH', {
    epoch: Type.String(),
    fromRev: Type.Integer(),
    revId: Type.Integer(),
    ops: Type.Array(PatchOp),
  }),
  OK: message('OK', {
    reqId: Type.String(),
    revId: Type.Integer({ description: 'first revision that contains the effect' }),
    result: Type.Optional(Type.Unknown()),
    dup: Type.Optional(
      Type.Boolean({ description: 'a repeated reqId: the stored answer, no new effect' }),
    ),
  }),
  ERROR: message('ERROR', {
    code: Type.Integer(),
    msg: Type.String(),
    reqId: Type.Optional(Type.String()),
    dup: Type.Optional(Type.Boolean()),
  }),
  NOTICE: message('NOTICE', {
    code: Type.Integer(),
    slot: Type.Optional(Type.Integer()),
    reqId: Type.Optional(Type.String()),
    detail: Type.Optional(Type.String()),
  }),
  PONG: message('PONG', {
    t0: Type.Number(),
    t1: Type.Number({ description: 'engine time in ms' }),
  }),
  METRICS_HISTORY: message('METRICS_HISTORY', {
    intervalMs: Type.Number(),
    newestMs: Type.Number({ description: 'wall clock of the newest second, Unix ms' }),
    series: Type.Record(Type.String(), Type.Array(Type.Union([Type.Number(), Type.Null()])), {
      description: 'by the names under metrics of /api/protocol, oldest first; null = not known',
    }),
  }),
  PARAMS: message('PARAMS', {
    instanceId: Type.String(),
    values: Type.Record(Type.String(), Type.Number(), {
      description:
        'what has changed, 0…1 by paramId; to those who watch, thirty times a second at most',
    }),
  }),
} as const;

export type MessageName = keyof typeof MESSAGES;
export type MessageOf<Name extends MessageName> = Static<(typeof MESSAGES)[Name]>;
export type Message = { [N in MessageName]: MessageOf<N> }[MessageName];
export type MetricsHistory = MessageOf<'METRICS_HISTORY'>;
export type PatchOp = Static<typeof PatchOp>;

/** `OK.result` of TRIGGER_SLOT. Frames are engine frames; the end is exclusive. */
export interface TriggerResult {
  slot: number;
  takeId: string;
  bars: number;
  fromFrame: number;
  toFrame: number;
  /** Engine frame of the press. */
  pressFrame: number;
}

/** `OK.result` of EXPORT: the job is in the state from now on. */
export interface ExportResult {
  jobId: string;
}

/** `OK.result` of RESCAN_PLUGINS: the job is in the state from now on. */
export interface RescanResult {
  jobId: string;
}

/** `OK.result` of LOAD_VST: it is in its chain. */
export interface LoadResult {
  instanceId: string;
}

/** `OK.result` of PAIR_START: one device may come in, by the token or by the code, once. */
export interface PairResult {
  /** Where a phone of this network finds FlowZone, the likeliest first: `http://HOST:PORT`. */
  addresses: string[];
  /** Belongs behind an address as `/#pair=TOKEN`; what stands there never leaves the phone's browser. */
  token: string;
  /** Six digits. */
  code: string;
  /** How long both are good for, ms. */
  expiresInMs: number;
}

/** A device that may come in without a code, as `GET /api/pair` lists it on this computer. */
const PairedDevice = Type.Object({
  clientId: Type.String(),
  name: Type.String(),
  pairedMs: Type.Number({ description: 'wall clock, Unix ms' }),
  pages: Type.Integer({ description: 'of it that are open' }),
});
export type PairedDevice = Static<typeof PairedDevice>;

/** `GET /api/pair` */
export const PairList = Type.Object({
  lan: Type.Boolean({ description: 'started with --lan: phones and tablets can reach FlowZone' }),
  devices: Type.Array(PairedDevice),
});
export type PairList = Static<typeof PairList>;

/** Close codes of the socket. */
export const CLOSE = {
  oldPage: 4001,
  noHello: 4002,
  tooMany: 4003,
  stale: 4004,
  notPaired: 4005,
  /** The same page is here again, on another line. */
  takenOver: 4006,
} as const;
