/** Numbers that cross the border to FlowCore: kinds of records and bits of their flags. */

/** What the control thread may ask of the core; `CommandRecord.kind`. */
export const COMMAND_KIND = {
  /**
   * Makes the last `a` bars of source `b` this slot's loop; id = the take's new id. Flags quantized, overdub, note.
   * `c` = frame of the press, when a note or mark told it; 0 = by `atMs`.
   */
  capture: 1,
  /** Puts take `id` (zeros = empty) into the slot: `a` originBeat, `b` lengthBeats, `c` offset frames. Forgets a recording that waits there. */
  slotSet: 2,
  /** Gain `a`, linear 0…1. */
  slotGain: 3,
  /** Balance `a`, −1…1, centre exactly 1.0 on both sides. */
  slotPan: 4,
  /** Flag on = muted. Flag quantized = at the next bar line. */
  slotMute: 5,
  /** Flag on = soloed. Flag quantized = at the next bar line. */
  slotSolo: 6,
  /** Forgets a capture whose window has not ended yet; with an id the note of that capture alone, whatever the slot does. */
  slotCancel: 7,
  /** Tempo `a` in bpm; the phase is kept. */
  tempo: 8,
  /** Meter `a` beats per bar of unit `b` (4 or 8). */
  meter: 9,
  /** Flag on; `a` linear gain. Never in ring or takes. */
  metronome: 10,
  play: 11,
  pause: 12,
  /** Silence within 10 ms: tails and notes are cut, content is kept. */
  panic: 13,
  /** Source `slot`: `a` linear gain, of source 0 in the master, of a pair of several in source 0 (its own tap keeps what came in); flag on = monitored, or part of source 0. */
  input: 14,
  /** Changes nothing; is echoed with its frame, so that session-only commands have a time. value2 = press frame. */
  mark: 15,
  /** The moment of the press (`c` as of a capture) becomes a beat, `a` beats after a bar line (0 = the line itself); loops stay as they sound. The event's value = frames by which the beats moved, value2 = press frame. */
  align: 16,
  /** As slotSet where the slot plays take `other`, else refused with 4015. A recording that waits there goes on. */
  slotSwap: 17,
  /** Sound reaches the ring `a` frames after its place on the grid; the player hears `b` frames late. */
  latency: 18,
  /** Sends coded clicks out and looks for them in source 0; answered by `calibrated`, or refused. */
  calibrate: 19,
  /** Flag on = the loop keeps its own speed from this frame on, from where it is; off = back on the grid. */
  slotFree: 20,
  /** The slot's sound goes through chain `id` (zeros = none) from this frame on; flag input: that of source `slot`, before its ring. The old chain is given back. The event's value = frames by which it is heard late, value2 = frames from going in to coming out. */
  chainSet: 21,
  /** Parameter `a` of plug-in `id` goes to `b`, 0…1. Of one that is in no chain it changes nothing here. */
  pluginParam: 22,
  /** Key `a`, 0…127, of plug-in `id` goes down with velocity `b`, 0…1 (flag on), or up. */
  pluginNote: 23,
} as const;
export type CommandKind = keyof typeof COMMAND_KIND;

/** Bits of `CommandRecord.flags`. */
export const COMMAND_FLAGS = {
  on: 1,
  /** Capture: window on the bar line. Others: applied at the next bar line. */
  quantized: 2,
  /** `slotSet`: the slot was captured from a muted state or returns from empty and must sound. */
  unmute: 4,
  /** `capture`: joins what the slot plays, which is lowered by factor `d`; into an empty slot it is any capture. */
  overdub: 8,
  /**
   * `capture`: plays nothing; an engine after a crash finds it as if it had been made. The capture itself comes later
   * under the same id and keeps its place here. Slot = number of slots: wherever there is room. value2 = press frame.
   */
  note: 16,
  /** `chainSet`: of a source, not of a slot. */
  input: 32,
} as const;

/** What the core reports; `EventRecord.kind`. */
export const EVENT_KIND = {
  /** A command took effect at `frame` (or was refused: `code` ≠ 0). `detail` = the command's kind. */
  applied: 1,
  /** A quantized command waits for `toFrame`. `detail` = the command's kind. */
  scheduled: 2,
  /** A capture's window ends ahead, at `toFrame`: the slot is RECORDING. id = take. */
  recording: 3,
  /** A slot plays a new take since `frame`; window fromFrame…toFrame, grid of the take. */
  captured: 4,
  /** A scheduled or recording command was dropped. */
  cancelled: 5,
  /** The spool holds the take's whole window, fsynced. id = take. */
  takeSpooled: 6,
  /** The take has a file of its own (four calls done); sha = its SHA-256, value = bytes. detail 0 window, 1 rolls. */
  takeFile: 7,
  /** Answer to fz_take_load, fz_take_keep, fz_take_render; code ≠ 0 = it is not in memory. id = take or recipe. */
  takeLoaded: 8,
  /** Missed deadlines: value = frames, count in value2. */
  xrun: 9,
  /** Frames fromFrame…toFrame are not on disk and never will be; detail = GAP_REASON. */
  gap: 10,
  /** Detail = DISK_STATE; value ≠ 0 = its space is low; value2 ≠ 0 = the second folder is used. */
  disk: 11,
  /** A condition of the device, `code`: detail 0 = it began, 1 = it is over. */
  device: 12,
  /** A new spool segment: fromFrame = its first frame. */
  segment: 13,
  /** A segment was closed: fromFrame, toFrame; value = CRC-32 of its samples. */
  segmentClosed: 14,
  /** A notice; code says which. */
  notice: 15,
  /** Ends a calibrate: `value` = frames from the master to the input, `value2` = those of the output alone; code ≠ 0 = not heard. */
  calibrated: 17,
  /** Export number `token`: `value` = 0…1 done, `detail` = EXPORT_STATE, `value2` = number in its name; `code` ≠ 0 = failed. */
  job: 16,
  /** What fz_take_render makes of recipe id goes on: `value` = 0…1 done. Some twenty times at most, before its takeLoaded. */
  rendering: 18,
  /** Frames fromFrame…toFrame are damaged and lie in the window of take id, which was told before: what sounds already, or is still recorded. */
  tainted: 19,
  /** Another grid since fromFrame: bar line `originBeat` is bar `value` and lies at toFrame, which may be extrapolated; lengthBeats a bar. */
  grid: 20,
  /** Answer to fz_loop_file: all four calls are done, sha = its SHA-256, value = bytes; code ≠ 0 = there is no file. id = loop. */
  loopFile: 21,
  /** Plug-in id is loaded in host number `slot`, at first or another time, or its latency changed: `value` = latency in frames, `value2` = how many parameters, `detail` = bits of PLUGIN_IS; code ≠ 0 = it is not, and why. */
  pluginLoaded: 22,
  /** The newest state of plug-in id has a file: sha, `value` = bytes. */
  pluginState: 23,
  /** Plug-in id moved its parameter `value` by itself to `value2`, 0…1; the last of a thirtieth of a second. */
  pluginMoved: 24,
  /** Host number `slot`: detail = HOST_STATE, `code` = why, id = the plug-in to blame (zeros = none), `value` = how often it was started again, `value2` = its process. */
  pluginHost: 25,
  /** Plug-in id: detail = PLUGIN_HEARD; code ≠ 0 = why it is not heard. */
  pluginHeard: 26,
  /** Frames fromFrame…toFrame of source `sourceIndex` hold damaged sound; those of a second are told together. */
  damaged: 27,
} as const;
export type EventKind = keyof typeof EVENT_KIND;

/** Why frames are missing; `detail` of a gap event. */
export const GAP_REASON = {
  /** The disk could not take them before the ring came round. */
  diskStalled: 1,
  /** The disk refused to write. */
  diskFailed: 2,
  /** No engine was running. */
  engineRestart: 3,
} as const;

/** The disk's health; `detail` of a disk event and `EngineStatus.diskState`. */
export const DISK_STATE = {
  ok: 0,
  /** What is played waits in the overflow's memory. */
  slow: 1,
  /** Nothing is written, until it works again. */
  critical: 2,
} as const;
export type DiskStateName = keyof typeof DISK_STATE;

/** Bits of `EventRecord.flags`. */
export const EVENT_FLAGS = {
  /** The take was being made when an engine died and was found in shared memory. */
  recovered: 1,
  /** A tempo or grid change lies inside the window. */
  acrossChange: 2,
  /** An xrun, gap or clip touched the window. */
  tainted: 4,
  /** The transport was paused and started with this capture. */
  startedTransport: 8,
  /** The capture was to join what its slot plays; of `captured`: it did. */
  overdub: 16,
} as const;

export const DEVICE_KIND = { headless: 0, jack: 1, coreaudio: 2, stepped: 3 } as const;
export type DeviceKindName = keyof typeof DEVICE_KIND;

/** Bits of `EngineConfig.flags`. */
export const CONFIG_FLAGS = {
  /** Play the built-in demo player as source 0 (headless device without an input file). */
  demoPlayer: 1,
  /** Mix source 0 into the master from the start. */
  monitor: 2,
  /** Take over the capture ring that an engine left behind, if it fits. */
  adoptRing: 4,
  /** Do not write the spool: tests of the core alone. */
  noDisk: 8,
  /** As many sources as the device has, not `sourceCount`. */
  deviceSources: 16,
} as const;

/** Bits of `detail` of a pluginLoaded event. */
export const PLUGIN_IS = { instrument: 1, hasInput: 2 } as const;

/** `detail` of a pluginHost event and `HostRecord.state`. */
export const HOST_STATE = {
  /** Its process is there, its plug-ins are being loaded. */
  starting: 0,
  running: 1,
  /** Its process ended or was ended; another one follows. */
  lost: 2,
  /** It is not started again unless the player asks. */
  gaveUp: 3,
  /** Nobody needs it any more. */
  ended: 4,
} as const;

/** `detail` of a pluginHeard event. */
export const PLUGIN_HEARD = { dry: 0, wet: 1 } as const;

/** Bits of `ChainSpec.flags`. */
export const CHAIN_FLAGS = {
  /** For a source, which is live; slots are known ahead. */
  input: 1,
} as const;

/** `TakeSource.origin`. */
export const TAKE_ORIGIN = {
  /** `path` is the take's own WAV file: the whole of it. */
  file: 0,
  /** `path` is the spool folder: frames fromFrame…toFrame stitched from its segments. */
  spool: 1,
} as const;

/**
 * Bits of `TakeSource.flags`: how the loop in memory is made of the take. With tailSeam or raw it is half
 * of a tail and keeps the take's rate: where the halves are joined they come to the engine's together.
 */
export const TAKE_FLAGS = {
  /** What was played before the window fades in under its end, which does not fade out: its tail goes on. */
  tailSeam: 1,
  /** A post-roll: no seam, its last half fades out. */
  raw: 2,
  /** What fz_loop_file wrote: a loop already, of the engine's rate; nothing is done to it. */
  seamless: 4,
} as const;

/** `TakeRange.flags`. */
export const RANGE_FLAGS = {
  /** Of LIMITS.drySource alone: it gets files as soon as it has been played, and is not read into memory. */
  aside: 1,
} as const;

/** `PrintOrder.flags`. */
export const PRINT_FLAGS = {
  /** It gets files, as a take of LIMITS.printSource; else it is in memory alone. */
  kept: 1,
} as const;

/** `RenderPart.mode`: how a part follows the tempo of its recipe. */
export const RENDER_MODE = {
  /** Faster and higher together; at its own tempo an exact copy. Looped, from frame startFrames of it on. */
  repitch: 0,
  /** Faster at the same pitch. Looped, from frame startFrames of it on. */
  stretch: 1,
  /** As repitch, but played once from frame startFrames of the result on, round its end. */
  once: 2,
} as const;

/** Bits of `RenderPart.flags`; of an export only. */
export const RENDER_FLAGS = {
  /** The loop keeps its own speed, whatever the tempo. */
  ownSpeed: 1,
} as const;

/** `ExportJob.format`. */
export const EXPORT_FORMAT = { wav32f: 0, wav24: 1, flac: 2 } as const;
export type ExportFormat = keyof typeof EXPORT_FORMAT;

/** `detail` of a job event. */
export const EXPORT_STATE = { running: 0, done: 1, failed: 2, cancelled: 3 } as const;
