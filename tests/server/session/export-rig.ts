/** Exports asked for from a session on a scripted core. */
import { EVENT_KIND } from '../../../protocol/abi.ts';
import type { CommandOf } from '../../../protocol/commands.ts';
import type { ExportResult } from '../../../protocol/messages.ts';
import type { JobOf } from '../../../protocol/state.ts';
import type { Rig } from './rig.ts';
import { makeEvent } from './core-event.ts';

type What = CommandOf<'EXPORT'>['what'];

export const exportOf = (
  what: What,
  stems = true,
  format: 'wav32f' | 'wav24' | 'flac' = 'wav32f',
) => ({ cmd: 'EXPORT', what, format, stems }) as const;

export const begun = async (rig: Rig, what: What, stems = true): Promise<string> => {
  const answer = await rig.ask(exportOf(what, stems));
  if (answer.type !== 'OK') throw new Error(JSON.stringify(answer));
  return (answer.result as ExportResult).jobId;
};

export const jobOf = (rig: Rig, id: string): JobOf => {
  const job = rig.state.jobs[id];
  if (!job) throw new Error(`no job ${id}`);
  return job;
};

export const newest = (rig: Rig) => {
  const job = rig.core.exported.at(-1);
  if (!job) throw new Error('nothing was exported');
  return { ...job, said: JSON.parse(`{${job.about}}`) as Record<string, unknown> };
};

export const tell = (rig: Rig, event: Partial<Parameters<typeof makeEvent>[0]>) =>
  rig.session.onEvents([makeEvent({ kind: EVENT_KIND.job, token: 1, ...event })]);
