/** FlowCore as the session knows it. */
import type { CoreGrid, CorePort } from '../session/core/port.ts';
import type { FlowCore } from './flow-core.ts';

export const corePortOf = (core: FlowCore, grid: () => CoreGrid): CorePort => ({
  send: (commands) => core.send(commands),
  takeSaved: (id) => core.takeSaved(id),
  loadTake: (source) => core.loadTake(source),
  keepTake: (range) => core.keepTake(range),
  renderTake: (recipe, parts) => core.renderTake(recipe, parts),
  fileLoop: (id, folder) => core.fileLoop(id, folder),
  exportFormats: () => core.exportFormats(),
  startExport: (job) => core.startExport(job),
  cancelExport: (job) => core.cancelExport(job),
  ...core.plugins,
  now: () => core.now(),
  grid,
});
