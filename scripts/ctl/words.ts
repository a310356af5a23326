/** What `ctl` says of a state and its changes. */
import type { MetricsHistory, PatchOp } from '../../protocol/messages.ts';
import { METRIC_SERIES, SERIES_NAMES } from '../../protocol/metrics.ts';
import type { AppState, SlotOf } from '../../protocol/state.ts';

const slotLine = (slot: SlotOf, index: number): string => {
  const head = `${String(index + 1).padStart(3)}  ${slot.state.toLowerCase().padEnd(9)}`;
  if (slot.takeId === null) return head.trimEnd();
  const saved = slot.saved ? 'saved' : 'not saved yet';
  const bars = `${slot.bars} ${slot.bars === 1 ? 'bar' : 'bars'}`;
  return `${head}  ${bars.padEnd(8)}  ${Math.round(slot.volume * 100)} %  ${saved}  ${slot.name}`;
};

export const stateText = (state: AppState): string => {
  const { alerts, history, meta, slots, transport } = state;
  const { bpm, isPlaying, meter } = transport;
  const steps = [
    history.canUndo ? `undo: ${history.undoLabel}` : 'nothing to undo',
    ...(history.canRedo ? [`redo: ${history.redoLabel}`] : []),
  ];
  return [
    `${meta.sessionName}, ${isPlaying ? 'playing' : 'paused'} at ${bpm} bpm, ${meter.beats}/${meter.unit}`,
    ...slots.map(slotLine),
    steps.join(', '),
    ...Object.values(alerts).map(({ code }) => `told: ${code}`),
  ].join('\n');
};

/** One line per place that changed; a full state is one line. */
export const changeText = (state: AppState, ops: readonly PatchOp[]): string => {
  const { revisionId } = state.meta;
  if (ops.length === 0) return `${revisionId} all`;
  const said = ops.map(({ op, path, value }) =>
    op === 'remove'
      ? `${revisionId} ${path} gone`
      : `${revisionId} ${path} ${JSON.stringify(value)}`,
  );
  return said.join('\n');
};

/** Lowest, mean and highest of what is known. */
export const metricsText = ({ series }: Pick<MetricsHistory, 'series'>): string =>
  SERIES_NAMES.map((name) => {
    const known = (series[name] ?? []).filter((each) => each !== null);
    const { digits, says } = METRIC_SERIES[name];
    if (known.length === 0) return `${name.padEnd(14)} not known  (${says})`;
    const mean = known.reduce((sum, each) => sum + each, 0) / known.length;
    const numbers = [Math.min(...known), mean, Math.max(...known)];
    const told = numbers.map((each) => each.toFixed(digits)).join(' … ');
    return `${name.padEnd(14)} ${told}  (${says})`;
  }).join('\n');
