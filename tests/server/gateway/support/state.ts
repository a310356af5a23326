/** A session's state with eight slots, as an engine would send it. */
import { emptyState } from '../../../../protocol/empty-state.ts';
import type { AppState } from '../../../../protocol/state.ts';

export const makeState = (revisionId = 1): AppState => {
  const empty = emptyState();
  return {
    ...empty,
    meta: {
      ...empty.meta,
      revisionId,
      version: '0.1.0',
      sessionId: 'session',
      sessionName: 'Test',
    },
    transport: { ...empty.transport, isPlaying: true },
    slots: empty.slots.map((slot, index) => ({
      ...slot,
      id: `slot-${index}`,
      name: `Slot ${index + 1}`,
    })),
    history: { ...empty.history, head: 'root', count: 1 },
    devices: {
      ...empty.devices,
      kind: 'headless',
      name: 'Test',
      rateHz: 48_000,
      blockFrames: 128,
    },
    sources: [{ name: 'Input', gainDb: 0, monitor: false }],
  };
};
