/** RESCAN_PLUGINS: what was refused is tried once more; a second one joins the first. */
import type { RescanResult } from '../../../protocol/messages.ts';
import type { Handler } from '../commands/plan.ts';

export const rescanPlugins: Handler<'RESCAN_PLUGINS'> = {
  inLane: false,
  plan(_, context) {
    const result: RescanResult = { jobId: context.plugins.rescan() };
    return { kind: 'done', result };
  },
};
