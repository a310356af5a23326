/** EXPORT, CANCEL_JOB: files beside the music; nothing that plays changes. */
import { ERRORS } from '../../../protocol/errors.ts';
import type { ExportResult } from '../../../protocol/messages.ts';
import { pastExport } from '../export/past-export.ts';
import { formatOf } from '../export/request.ts';
import { riffExport } from '../export/riff-export.ts';
import { done, type Handler, refuse } from '../plan.ts';

export const exportSound: Handler<'EXPORT'> = {
  inLane: false,
  plan(command, context) {
    const { format, what } = command;
    if (!context.exports.canWrite(formatOf(format))) return refuse(ERRORS.ERR_EXPORT_FORMAT.code);
    const request =
      'riffId' in what
        ? riffExport(context, command, what.riffId)
        : pastExport(context, command, what);
    if (typeof request === 'number') return refuse(request);
    const result: ExportResult = { jobId: context.exports.begin(request) };
    return { kind: 'done', result };
  },
};

export const cancelJob: Handler<'CANCEL_JOB'> = {
  inLane: false,
  plan({ jobId }, context) {
    if (context.plugins.cancel(jobId)) return done;
    const code = context.exports.cancel(jobId);
    return code === 0 ? done : refuse(code);
  },
};
