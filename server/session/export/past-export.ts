/** A range of what was played, in whole bars, whether anybody pressed anything or not. */
import { join } from 'node:path';
import { ERRORS } from '../../../protocol/errors.ts';
import type { SessionContext } from '../context.ts';
import type { CoreExportFile } from '../core/port.ts';
import { momentName } from '../time/moment-name.ts';
import { nearestTake, type PastRange, pastRange, takesOfRun, type Wanted } from './past-range.ts';
import {
  aboutSession,
  type ExportCommand,
  type ExportRequest,
  formatOf,
  members,
  sessionName,
} from './request.ts';
import { bpmName, safeName } from './safe-name.ts';

const SOURCE_NAME_BYTES_MAX = 40;

/** When the range began; unknown of an ended run in which nothing was kept. */
const playedAtMs = (context: SessionContext, { fromFrame, runId }: PastRange): number | null => {
  const { rateHz } = context;
  if (runId === context.runId) {
    return context.wallClock() - ((context.grid().frame - fromFrame) * 1000) / rateHz;
  }
  const take = nearestTake(takesOfRun(context, runId), fromFrame);
  return take ? take.createdMs - ((take.pressFrame - fromFrame) * 1000) / take.rateHz : null;
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
  const range = pastRange(context, wanted);
  if (!range) return ERRORS.ERR_NOTHING_TO_EXPORT.code;
  const { bars, fromFrame, runId, tempi, tempo, toFrame } = range;
  const atMs = playedAtMs(context, range);
  const moment = atMs === null ? `frame ${fromFrame}` : momentName(atMs);
  const spoken = tempo ? `_${bpmName(tempo.bpm)}` : '';
  const inside = takesOfRun(context, runId).filter(
    (take) => take.fromFrame < toFrame && take.toFrame > fromFrame,
  );
  const about = {
    ...aboutSession(context, command),
    run: runId,
    played: atMs === null ? null : new Date(atMs).toISOString(),
    ...tempo,
    ...(tempi.length > 0 && { tempi }),
    onBarLines: tempo !== null,
    fromFrame,
    toFrame,
    frames: toFrame - fromFrame,
    ...(bars !== null && { bars }),
    // More than so many are in the session's own file.
    takes: inside.slice(0, 500).map(({ id }) => id),
  };
  return {
    label: `Past ${moment}`,
    core: {
      format: formatOf(command.format),
      fromFrame,
      toFrame,
      framesPerBeat: 0,
      name: `${sessionName(context)}_past ${moment}${spoken}`,
      spool: runId === context.runId ? '' : join(context.dataFolder, 'spool', runId),
      files: filesOf(context, runId, command.stems),
      parts: [],
      about: members(about),
    },
    takeIds: [],
    sessionId: context.state.meta.sessionId,
    runId,
  };
};
