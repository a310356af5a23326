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
} as const;

export type MessageName = keyof typeof MESSAGES;
export type MessageOf<Name extends MessageName> = Static<(typeof MESSAGES)[Name]>;
export type Message = { [N in MessageName]: MessageOf<N> }[MessageName];
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

/** Close codes of the socket. */
export const CLOSE = { oldPage: 4001, noHello: 4002, tooMany: 4003, stale: 4004 } as const;
