/** EXPORT, CANCEL_JOB: files beside the music; nothing that plays changes. */
import { ERRORS } from '../../../protocol/errors.ts';
import type { ExportResult } from '../../../protocol/messages.ts';
import { pastExport } from '../export/past-export.ts';
import { type ExportRequest, formatOf } from '../export/request.ts';
import type { FirstPart } from '../export/exports.ts';
import type { PrintWatch } from '../chains/printer.ts';
import {
  exportedRiff,
  type PrintedSlots,
  riffExport,
  type RiffPrints,
  riffPrints,
} from '../export/riff-export.ts';
import type { SessionContext } from '../context.ts';
import { wordsOfId } from '../core/ids.ts';
import { done, type Handler, type Outcome, refuse } from '../commands/plan.ts';
import { type LoopWish, watchOf } from '../sounds/printed-loops.ts';

export const exportSound: Handler<'EXPORT'> = {
  inLane: false,
  plan(command, context) {
    const { format, what } = command;
    if (!context.exports.canWrite(formatOf(format))) return refuse(ERRORS.ERR_EXPORT_FORMAT.code);
    if (!('riffId' in what))
      return begun(context, kept(context, pastExport(context, command, what)));
    const riff = exportedRiff(context, what.riffId);
    if (typeof riff === 'number') return refuse(riff);
    const write = (printed: PrintedSlots) => riffExport(context, command, riff, printed);
    const wishes = riffPrints(context, riff);
    const prints = (watch: PrintWatch) => printAll(context, wishes, watch).then(write);
    return begun(context, write(new Map()), wishes.length === 0 ? undefined : prints);
  },
};

/** What is being removed can be read no more, although some of it is still there. */
const kept = (context: SessionContext, request: ExportRequest | number): ExportRequest | number => {
  if (typeof request === 'number' || request.runId === null) return request;
  const { fromFrame, toFrame } = request.core;
  const isGoing = context.retention.isGoing({ runId: request.runId, fromFrame, toFrame });
  return isGoing ? ERRORS.ERR_RANGE_NOT_KEPT.code : request;
};

const begun = (
  context: SessionContext,
  request: ExportRequest | number,
  first?: FirstPart,
): Outcome => {
  if (typeof request === 'number') return refuse(request);
  const result: ExportResult = { jobId: context.exports.begin(request, first) };
  return { kind: 'done', result };
};

/** Sooner than the core forgets what nobody asks for. */
const KEEP_MS = 10_000;

/** Those that cannot be are written as the loops are, and the export says so. */
const printAll = async (
  context: SessionContext,
  wishes: RiffPrints,
  watch: PrintWatch,
): Promise<PrintedSlots> => {
  const { corePlugins, later, printer } = context;
  const slots = new Map<number, { id: string; wish: LoopWish }>();
  let isOver = false;
  const keepAll = () => {
    for (const { id } of slots.values()) corePlugins.keepPrint(wordsOfId(id));
  };
  const keepOn = () => {
    if (isOver) return;
    keepAll();
    later(KEEP_MS, keepOn);
  };
  later(KEEP_MS, keepOn);
  for (const [index, [slot, wish]] of wishes.entries()) {
    const id = await printer.print(wish, watchOf(watch, index, wishes.length));
    if (typeof id === 'string') slots.set(slot, { id, wish });
  }
  isOver = true;
  keepAll();
  return slots;
};

export const cancelJob: Handler<'CANCEL_JOB'> = {
  inLane: false,
  plan({ jobId }, context) {
    if (context.plugins.cancel(jobId) || context.printJobs.cancel(jobId)) return done;
    const code = context.exports.cancel(jobId);
    return code === 0 ? done : refuse(code);
  },
};
