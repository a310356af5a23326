/** Which handler does which command. Adding a command adds a row. */
import type { SessionCommand, SessionCommandName } from '../../../protocol/commands.ts';
import type { Handler } from '../commands/plan.ts';
import { adjustLoop } from './adjust.ts';
import { calibrateLatency } from './calibrate.ts';
import { clearSlot } from './clear.ts';
import { cancelJob, exportSound } from './export.ts';
import { alignGrid, tapTempo } from './grid.ts';
import { recallRiff, redo, undo } from './history.ts';
import { setInput } from './input.ts';
import { setLatencyTrim } from './latency-trim.ts';
import { leaveSafeMode } from './leave-safe-mode.ts';
import { setMark } from './marks.ts';
import { mergeSlots } from './merge.ts';
import { muteSlot, setPan, setVol, soloSlot } from './mixer.ts';
import { renameSlot } from './names.ts';
import { panicAll, panicEngine } from './panic.ts';
import { loadVst, movePlugin, unloadPlugin } from './plugin-chains.ts';
import { bypassPlugin, playNote, retryPlugin, setParam, watchParams } from './plugin-play.ts';
import { rescanPlugins } from './plugins.ts';
import { reachBack } from './reach-back.ts';
import { removeSession, restoreSession } from './remove-session.ts';
import { restoreTake } from './restore-take.ts';
import { newSession, openSession, renameSession } from './sessions.ts';
import { setTail } from './tail.ts';
import { setTempoMode } from './tempo-mode.ts';
import { pause, play, setLoopBars, setMeter, setMetronome, setTempo } from './transport.ts';
import { triggerSlot } from './trigger.ts';

const HANDLERS: { [N in Exclude<SessionCommandName, 'PANIC'>]: Handler<N> } = {
  TRIGGER_SLOT: triggerSlot,
  SET_VOL: setVol,
  SET_PAN: setPan,
  MUTE_SLOT: muteSlot,
  SOLO_SLOT: soloSlot,
  RENAME_SLOT: renameSlot,
  CLEAR_SLOT: clearSlot,
  MERGE_SLOTS: mergeSlots,
  SET_TAIL: setTail,
  SET_TEMPO_MODE: setTempoMode,
  ADJUST_LOOP: adjustLoop,
  REACH_BACK: reachBack,
  SET_MARK: setMark,
  RESTORE_TAKE: restoreTake,
  SET_TEMPO: setTempo,
  SET_METER: setMeter,
  ALIGN_GRID: alignGrid,
  TAP_TEMPO: tapTempo,
  CALIBRATE_LATENCY: calibrateLatency,
  SET_LATENCY_TRIM: setLatencyTrim,
  SET_METRONOME: setMetronome,
  SET_LOOP_BARS: setLoopBars,
  SET_INPUT: setInput,
  PLAY: play,
  PAUSE: pause,
  UNDO: undo,
  REDO: redo,
  RECALL_RIFF: recallRiff,
  EXPORT: exportSound,
  LOAD_VST: loadVst,
  UNLOAD_PLUGIN: unloadPlugin,
  MOVE_PLUGIN: movePlugin,
  BYPASS_PLUGIN: bypassPlugin,
  SET_PARAM: setParam,
  WATCH_PARAMS: watchParams,
  RETRY_PLUGIN: retryPlugin,
  NOTE: playNote,
  RESCAN_PLUGINS: rescanPlugins,
  CANCEL_JOB: cancelJob,
  LEAVE_SAFE_MODE: leaveSafeMode,
  NEW_SESSION: newSession,
  OPEN_SESSION: openSession,
  REMOVE_SESSION: removeSession,
  RESTORE_SESSION: restoreSession,
  RENAME_SESSION: renameSession,
};

/** Undefined for a command of another build: the door before this one should have refused it. */
export const handlerOf = (command: SessionCommand): Handler<SessionCommandName> | undefined => {
  const handler =
    command.cmd === 'PANIC'
      ? command.scope === 'ALL'
        ? panicAll
        : panicEngine
      : HANDLERS[command.cmd];
  // The table pairs each name with its own command type; the compiler cannot follow the pairing.
  return handler as Handler<SessionCommandName> | undefined;
};
