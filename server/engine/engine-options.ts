/** What an engine process is started with, and how it may end. */
import type { FlowZoneConfig } from '../config.ts';
import type { RiskNote } from '../supervise/risk.ts';
import type { Log } from '../telemetry/log.ts';

export interface EngineOptions {
  readonly config: FlowZoneConfig;
  readonly log: Log;
  /** What may take the process down is noted here before it is begun. */
  readonly risk: Pick<RiskNote, 'begin' | 'over'>;
  /** The first blocks were rendered. */
  onReady(): void;
  /** At the end: the disk is still waited for. */
  onDraining(): void;
  /** The player wants the next engine to start as ever, now. */
  onLeaveSafeMode(): void;
  /** A stand-in is over: the next engine begins a run of its own with the device. */
  onMakeWay(): void;
}

/** `adopts`: the look-back goes on in the next engine; `afresh`: all is safe, it begins a run of its own. */
export type Next = 'none' | 'adopts' | 'afresh';
