/**
 * What happened to the session, as the reducer understands it.
 *
 * Made from the core's events and the store's acknowledgements, never from a command alone.
 */
import type { AppState, JobOf, Place, PluginOf, SlotOf } from '../../../protocol/state.ts';

/** What a slot plays. Beats are those of the running grid. */
export interface SlotContent {
  readonly takeId: string;
  readonly bars: number;
  readonly lengthBeats: number;
  readonly originBeat: number;
  readonly saved: boolean;
  readonly tainted: boolean;
  readonly acrossChange: boolean;
  readonly damaged: boolean;
  readonly tempoMode: SlotOf['tempoMode'];
  readonly tail: boolean;
  readonly layerCount: number;
}

export type SessionEvent =
  | { t: 'slotGain'; slot: number; val: number }
  | { t: 'slotPan'; slot: number; val: number }
  | { t: 'slotMute'; slot: number; muted: boolean }
  | { t: 'slotSolo'; slot: number; soloed: boolean }
  | { t: 'slotName'; slot: number; name: string }
  | { t: 'slotContent'; slot: number; content: SlotContent | null }
  | { t: 'slotRendering'; slot: number; rendering: number | null }
  | { t: 'slotPending'; slot: number; pending: SlotOf['pending'] }
  | { t: 'saved'; takeId: string }
  | { t: 'tempo'; bpm: number; bpmEffective: number }
  | { t: 'meter'; beats: number; unit: number }
  | { t: 'metronome'; metronome: AppState['transport']['metronome'] }
  | { t: 'loopBars'; bars: number }
  | { t: 'playing'; isPlaying: boolean; barPhase: number }
  | { t: 'input'; source: number; gainDb: number; monitor: boolean }
  | { t: 'sessionName'; name: string }
  | {
      t: 'session';
      sessionId: string;
      name: string;
      /** By slot. */
      slots: readonly Pick<SlotOf, 'id' | 'name'>[];
      loopBars: number;
      history: AppState['history'];
    }
  | { t: 'history'; history: AppState['history'] }
  /** Null = it is in no chain any more. */
  | { t: 'plugin'; id: string; plugin: PluginOf | null }
  | { t: 'chain'; place: Place; chain: readonly string[] }
  | { t: 'hosts'; hosts: AppState['hosts'] }
  | { t: 'alert'; id: string; code: number; atMs: number; slot?: number; instanceId?: string }
  | { t: 'alertGone'; id: string }
  | { t: 'pluginList'; pluginList: AppState['pluginList'] }
  | { t: 'job'; id: string; job: JobOf }
  | { t: 'jobGone'; id: string }
  | { t: 'system'; system: AppState['system'] }
  | { t: 'storage'; storage: AppState['storage'] }
  | { t: 'devices'; devices: AppState['devices'] }
  | { t: 'clientJoined'; clientId: string; address: string; atMs: number }
  | { t: 'clientLeft'; clientId: string }
  | { t: 'clientsGone' };

export type SessionEventName = SessionEvent['t'];
export type EventOf<Name extends SessionEventName> = Extract<SessionEvent, { t: Name }>;
