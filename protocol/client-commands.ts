/** Commands that are not about music: of one connection, and of the devices that may come in. */
import { Type } from '@sinclair/typebox';
import { command } from './command.ts';
import { METRICS_SECONDS_MAX } from './metrics.ts';

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
  GET_METRICS_HISTORY: command('GET_METRICS_HISTORY', {
    seconds: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: METRICS_SECONDS_MAX,
        description: 'so many of the last ones; absent = all ten minutes',
      }),
    ),
  }),
  REPORT_FAULT: command('REPORT_FAULT', {
    says: Type.String({
      minLength: 1,
      maxLength: 500,
      description: 'what went wrong inside this client; it goes into the log',
    }),
  }),
  PING: command('PING', { t0: Type.Number() }),
  SET_VIS: command('SET_VIS', {
    fps: Type.Union([0, 8, 15, 30].map((fps) => Type.Literal(fps))),
  }),
  LISTEN: command('LISTEN', {
    on: Type.Boolean({ description: 'the master comes as binary pieces; see protocol/sound.ts' }),
  }),
  ACK: command('ACK', {
    seq: Type.Integer({ minimum: 0, description: 'newest feature frame received; never answered' }),
    fps: Type.Optional(Type.Number({ minimum: 0 })),
    lateMs: Type.Optional(Type.Number({ minimum: 0 })),
    visible: Type.Optional(Type.Boolean()),
  }),
} as const;

/** Commands about other devices: from this computer only, answered by the gateway. */
export const PAIR_COMMANDS = {
  PAIR_START: command('PAIR_START', {}),
  FORGET_CLIENT: command('FORGET_CLIENT', {
    clientId: Type.String({
      minLength: 1,
      maxLength: 64,
      description: 'of a paired device, as GET /api/pair lists it, or of a client it has connected',
    }),
  }),
} as const;
