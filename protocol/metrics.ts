/**
 * What is remembered of the last ten minutes, second by second: names, units, and how finely it is told.
 *
 * Imports nothing. A second of which nothing is known is null, never the value before it.
 */
export interface SeriesAbout {
  readonly says: string;
  /** Digits behind the point. */
  readonly digits: number;
}

const series = (says: string, digits: number): SeriesAbout => ({ says, digits });

export const METRICS_SECONDS_MAX = 600;
export const METRICS_INTERVAL_MS = 1000;

export const METRIC_SERIES = {
  engineCpu: series('CPU of the engine process, 0…1 of all cores', 4),
  gatewayCpu: series('CPU of the gateway, 0…1 of all cores', 4),
  pluginsCpu: series('CPU of all plug-in processes, in cores', 3),
  engineMB: series('memory of the engine process', 1),
  gatewayMB: series('memory of the gateway', 1),
  pluginsMB: series('memory of all plug-in processes', 1),
  pluginRestarts: series('how often the plug-in processes that run were started again', 0),
  audioLoad: series('time a block takes, 0…1 of its own length', 4),
  blocks: series('blocks of sound in this second', 1),
  xruns: series('blocks that came too late, in this second', 0),
  writtenFrames: series('frames of the recording that were written in this second', 0),
  gapFrames: series('frames declared lost in this second', 0),
  backlogBytes: series('recording that is not durable yet', 0),
  bufferUsage: series('the same, 0…1 of ring and overflow', 3),
  overflowBytes: series('memory of the second buffer in use', 0),
  syncMs: series('how long a sync of the recording took in this second, on average', 2),
  savedMs: series('how long loops waited until they were saved in this second, on average', 1),
  loopBytes: series('sound of loops in memory', 0),
  clients: series('connected pages and programs', 0),
  sentFps: series('feature frames sent to each client that follows, in this second', 1),
  skippedFrames: series('feature frames that a client had no room for, in this second', 0),
  shownFps: series('pictures a second on the slowest visible page, as it says itself', 1),
  lateMs: series('lateness of feature frames on the latest page, as it says itself', 1),
  commands: series('commands for the session in this second', 0),
} as const satisfies Record<string, SeriesAbout>;

export type SeriesName = keyof typeof METRIC_SERIES;
export const SERIES_NAMES = Object.keys(METRIC_SERIES) as readonly SeriesName[];
