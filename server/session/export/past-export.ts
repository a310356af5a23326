/** A range of what was played, in whole bars, whether anybody pressed anything or not. */
import { join } from 'node:path';
import { ERRORS } from '../../../protocol/errors.ts';
import type { SessionContext } from '../context.ts';
import type { CoreExportFile } from '../core-port.ts';
import type { Take } from '../takes.ts';
import { type GridSpan, lineAfter, lineBefore, spanOfTake } from './grid-log.ts';
import {
  aboutSession,
  type ExportCommand,
  type ExportRequest,
  formatOf,
  members,
  sessionName,
} from './request.ts';
import { bpmName, safeName } from './safe-name.ts';

type Wanted = Exclude<ExportCommand['what'], { riffId: string }>;

/** In bars of the grid that ran then, which may be unknown for an ended run. */
interface Range {
  readonly runId: string;
  readonly fromFrame: number;
  readonly toFrame: number;
  readonly span: GridSpan | null;
}

const SOURCE_NAME_BYTES_MAX = 40;

/** Sound belongs to a beat so many frames before it reaches the engine. */
const lateFrames = ({ state }: SessionContext): number =>
  Math.round((state.devices.latencyMs * state.devices.rateHz) / 1000);

const takesOfRun = (context: SessionContext, runId: string): Take[] =>
  context.takes.played().filter((take) => take.runId === runId);

const nearestTake = (takes: readonly Take[], frame: number): Take | undefined =>
  takes.toSorted(
    (a, b) => Math.abs(a.fromFrame - frame) - Math.abs(b.fromFrame - frame) || b.bars - a.bars,
  )[0];

/** What was seen; before that, and of ended runs, what a take was played to. */
const spanAt = (context: SessionContext, runId: string, frame: number): GridSpan | null => {
  const isNow = runId === context.runId;
  const late = lateFrames(context);
  const seen = isNow ? context.gridLog.at(frame) : undefined;
  if (seen) return { ...seen, lineFrame: seen.lineFrame + late };
  const take = nearestTake(takesOfRun(context, runId), frame);
  if (take) return spanOfTake(take, context.state.transport.meter.unit);
  const oldest = isNow ? context.gridLog.oldest : undefined;
  return oldest ? { ...oldest, lineFrame: oldest.lineFrame + late } : null;
};

const lastBars = (context: SessionContext, bars: number): Range | null => {
  const now = context.grid().frame;
  const span = spanAt(context, context.runId, now);
  if (!span) return null;
  const toFrame = lineBefore(span, now);
  const fromFrame = Math.max(0, Math.round(toFrame - bars * span.barFrames));
  return fromFrame < toFrame ? { runId: context.runId, fromFrame, toFrame, span } : null;
};

const inBars = (
  context: SessionContext,
  { fromFrame, runId = context.runId, toFrame }: Extract<Wanted, { fromFrame: number }>,
): Range | null => {
  if (fromFrame >= toFrame) return null;
  const span = spanAt(context, runId, fromFrame);
  if (!span) return runId === context.runId ? null : { runId, fromFrame, toFrame, span };
  const last = spanAt(context, runId, toFrame) ?? span;
  const range: Range = {
    runId,
    fromFrame: Math.max(0, lineBefore(span, fromFrame)),
    toFrame: lineAfter(last, toFrame),
    span,
  };
  // What is asked for up to now is waited for up to its bar line, and no further.
  const soonest = context.grid().frame + last.barFrames + lateFrames(context);
  return runId === context.runId && range.toFrame > soonest ? null : range;
};

/** When the range began; unknown of an ended run in which nothing was kept. */
const playedAtMs = (context: SessionContext, { fromFrame, runId }: Range): number | null => {
  const { rateHz } = context;
  if (runId === context.runId) {
    return context.wallClock() - ((context.grid().frame - fromFrame) * 1000) / rateHz;
  }
  const take = nearestTake(takesOfRun(context, runId), fromFrame);
  return take ? take.createdMs - ((take.pressFrame - fromFrame) * 1000) / take.rateHz : null;
};

const two = (number: number): string => String(number).padStart(2, '0');

/** Without colons, which some disks refuse; in the time of the place. */
const momentName = (ms: number): string => {
  const date = new Date(ms);
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join('-');
  return `${day} ${[date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join('.')}`;
};

/** Source 0 is what is heard of all the others. */
const filesOf = (context: SessionContext, runId: string, stems: boolean): CoreExportFile[] => {
  const isNow = runId === context.runId;
  const kept = takesOfRun(context, runId).map(({ source }) => source);
  const count = isNow ? context.state.sources.length : 1 + Math.max(0, ...kept);
  return Array.from({ length: stems ? count : 1 }, (_, track) => {
    const name = isNow ? (context.state.sources[track]?.name ?? '') : '';
    const spoken = safeName(name, SOURCE_NAME_BYTES_MAX, 'input');
    const ending = track === 0 ? 'mix' : `source ${track} ${spoken}`;
    return { track, ending, about: members({ source: track, name }) };
  });
};

/** Or the code why there is nothing to write. */
export const pastExport = (
  context: SessionContext,
  command: ExportCommand,
  wanted: Wanted,
): ExportRequest | number => {
  const range = 'bars' in wanted ? lastBars(context, wanted.bars) : inBars(context, wanted);
  if (!range) return ERRORS.ERR_NOTHING_TO_EXPORT.code;
  const { fromFrame, runId, span, toFrame } = range;
  const atMs = playedAtMs(context, range);
  const moment = atMs === null ? `frame ${fromFrame}` : momentName(atMs);
  const tempo = span ? `_${bpmName(span.bpm)}` : '';
  const inside = takesOfRun(context, runId).filter(
    (take) => take.fromFrame < toFrame && take.toFrame > fromFrame,
  );
  const about = {
    ...aboutSession(context, command),
    run: runId,
    played: atMs === null ? null : new Date(atMs).toISOString(),
    ...(span && { bpm: span.bpm, meter: span.meter }),
    onBarLines: span !== null,
    fromFrame,
    toFrame,
    frames: toFrame - fromFrame,
    ...(span && { bars: (toFrame - fromFrame) / span.barFrames }),
    // More than so many are in the session's own file.
    takes: inside.slice(0, 500).map(({ id }) => id),
  };
  return {
    label: `Past ${moment}`,
    folderName: sessionName(context),
    core: {
      format: formatOf(command.format),
      fromFrame,
      toFrame,
      framesPerBeat: 0,
      name: `${sessionName(context)}_past ${moment}${tempo}`,
      spool: runId === context.runId ? '' : join(context.dataFolder, 'spool', runId),
      files: filesOf(context, runId, command.stems),
      parts: [],
      about: members(about),
    },
    takeIds: [],
    runId,
  };
};
