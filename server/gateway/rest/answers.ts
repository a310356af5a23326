/** Shapes of what the REST interface answers, for its description. */
import { Type } from '@sinclair/typebox';
import { SESSION_COMMANDS } from '../../../protocol/commands.ts';
import { LIMITS } from '../../../protocol/limits.ts';
import { MESSAGES } from '../../../protocol/messages.ts';
import { METRICS_SECONDS_MAX } from '../../../protocol/metrics.ts';
import { AppState, RiffRow } from '../../../protocol/state.ts';

export const Id = Type.String({ format: 'uuid' });
const Flag = Type.Union(['0', '1', 'true', 'false', ''].map((each) => Type.Literal(each)));
const whole = (minimum: number, maximum: number) => Type.Integer({ minimum, maximum });
export const pageOf = (maximum: number) => whole(1, maximum);
const nullable = <S extends Parameters<typeof Type.Union>[0][number]>(schema: S) =>
  Type.Union([schema, Type.Null()]);
const Next = nullable(Type.String({ description: 'where the following page begins' }));
const WallMs = Type.Number({ description: 'wall clock, Unix ms' });

export const AnyCommand = Type.Union(Object.values(SESSION_COMMANDS));
export const CommandDone = MESSAGES.OK;

const Problem = Type.Object({ code: Type.Integer(), msg: Type.String() });

export const Health = Type.Object({
  mode: Type.String(),
  epoch: Type.String(),
  enginePid: Type.Integer(),
  gatewayPid: Type.Integer(),
  blocks: Type.Number(),
  xruns: Type.Number(),
  frame: Type.Number(),
  device: Type.String(),
  rateHz: Type.Integer(),
  blockFrames: Type.Integer(),
  load: Type.Number(),
  loopBytes: Type.Number(),
  disk: Type.Object({
    state: Type.Union(['ok', 'slow', 'critical'].map((each) => Type.Literal(each))),
    backlogFrames: Type.Number(),
    backlogBytes: Type.Number(),
    gapFrames: Type.Number(),
    framesIn: Type.Number(),
    framesDurable: Type.Number(),
    framesWritten: Type.Number(),
    framesQueued: Type.Number(),
    overflowBytes: Type.Number(),
    isSecondFolder: Type.Boolean(),
    bufferUsage: Type.Number(),
  }),
  isWell: Type.Boolean(),
  problems: Type.Array(Problem),
});

export const State = Type.Object({
  epoch: Type.String(),
  revId: Type.Integer(),
  stateHash: Type.String(),
  data: AppState,
});

export const History = Type.Omit(MESSAGES.METRICS_HISTORY, ['type']);
export const HistoryQuery = { seconds: whole(1, METRICS_SECONDS_MAX) };

export const CommandQuery = {
  client: Type.String({
    maxLength: LIMITS.reqIdCharsMax,
    description: 'what this script calls itself: a reqId that it repeats has no second effect',
  }),
};

export const Riffs = Type.Object({ items: Type.Array(RiffRow), next: Next });
export const RiffsQuery = {
  before: Id,
  limit: pageOf(LIMITS.riffPageMax),
  marked: Flag,
  q: Type.String({ maxLength: LIMITS.nameCharsMax, description: 'a part of its words' }),
};

export const Sessions = Type.Object({
  items: Type.Array(
    Type.Object({
      id: Type.String(),
      name: Type.String(),
      createdMs: WallMs,
      usedMs: WallMs,
      riffs: Type.Integer(),
      takes: Type.Integer(),
      bytes: Type.Number(),
      durationMs: Type.Number(),
      open: Type.Boolean(),
      removedMs: nullable(WallMs),
    }),
  ),
  next: Next,
});
export const SessionsQuery = { before: Id, limit: pageOf(LIMITS.sessionPageMax), removed: Flag };

export const Past = Type.Object({
  runs: Type.Array(
    Type.Object({
      runId: Type.String(),
      now: Type.Boolean({ description: 'it goes on' }),
      rateHz: Type.Integer(),
      startedMs: WallMs,
      kept: Type.Array(Type.Object({ fromFrame: Type.Number(), toFrame: Type.Number() })),
      gapFrames: Type.Number(),
      grids: Type.Array(
        Type.Object({
          fromFrame: Type.Number(),
          lineFrame: Type.Number(),
          lineBeat: Type.Number(),
          lineBar: Type.Number(),
          framesPerBeat: Type.Number(),
          beatsPerBar: Type.Number(),
        }),
      ),
    }),
  ),
});

export const Plugins = Type.Object({
  revision: Type.Integer(),
  items: Type.Array(
    Type.Object({
      pluginId: Type.String(),
      name: Type.String(),
      vendor: Type.String(),
      version: Type.String(),
      kind: Type.Union([Type.Literal('effect'), Type.Literal('instrument')]),
      categories: Type.Array(Type.String()),
      bundle: Type.String(),
      isConfirmed: Type.Boolean(),
      group: Type.String(),
    }),
  ),
  refused: Type.Array(
    Type.Object({
      bundle: Type.String(),
      name: Type.String(),
      code: Type.Integer(),
      reason: Type.String(),
    }),
  ),
});

export const Params = Type.Object({
  items: Type.Array(
    Type.Object({
      paramId: Type.Integer(),
      title: Type.String(),
      units: Type.String(),
      text: Type.String(),
      value: Type.Number(),
      defaultValue: Type.Number(),
      stepCount: Type.Integer(),
      canSet: Type.Boolean(),
      isBypass: Type.Boolean(),
      isHidden: Type.Boolean(),
    }),
  ),
  next: nullable(Type.Integer()),
});
export const ParamsQuery = {
  from: Type.Integer({ minimum: 0 }),
  fresh: Type.Boolean({ description: 'as the plug-in tells them now; the first ones always are' }),
};

export const Take = Type.Object({
  id: Type.String(),
  source: Type.Integer(),
  fromFrame: Type.Number(),
  toFrame: Type.Number(),
  rateHz: Type.Integer(),
  bars: Type.Number(),
  bpm: Type.Number(),
  originBeat: Type.Number(),
  lengthBeats: Type.Number(),
  offsetFrames: Type.Number(),
  sha256: nullable(Type.String()),
  saved: Type.Boolean(),
  tainted: Type.Boolean(),
  acrossChange: Type.Boolean(),
  dryTakeId: nullable(Type.String()),
  notes: Type.Array(Type.Object({}, { additionalProperties: true })),
});
export const PeaksQuery = {
  n: Object.assign(whole(LIMITS.peaksMin, LIMITS.peaksMax), { isRequired: true }),
  brightness: Flag,
};

export const Exports = Type.Object({
  items: Type.Array(
    Type.Object(
      {
        folder: Type.String(),
        json: Type.String(),
        files: Type.Array(Type.Object({ file: Type.String() }, { additionalProperties: true })),
      },
      { additionalProperties: true },
    ),
  ),
});

export const Entered = Type.Object({ clientId: Type.String(), name: Type.String() });

const anything = Type.Record(Type.String(), Type.Unknown());
export const Protocol = Type.Object({
  protocol: Type.String({ description: 'hash of the schemas' }),
  version: Type.Integer(),
  commands: anything,
  messages: anything,
  errors: anything,
  limits: anything,
  features: anything,
  metrics: anything,
});
