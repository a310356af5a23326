/**
 * Every error and notice a player can meet: one row each.
 *
 * `says` is what happened, `safe` what is not lost, `action` the one thing to do. Codes group by
 * where they are raised: 1xxx system, 2xxx audio, 3xxx plug-ins, 4xxx session, 5xxx protocol.
 * Severity decides how the page shows it: `low` a passing toast, `medium` a toast that stays,
 * `critical` a banner that does not go away by itself.
 */
export type Severity = 'low' | 'medium' | 'critical';

export interface ErrorRow {
  readonly code: number;
  readonly severity: Severity;
  readonly says: string;
  readonly safe: string;
  readonly action: string;
}

const row = (
  code: number,
  severity: Severity,
  says: string,
  safe: string,
  action: string,
): ErrorRow => ({ code, severity, says, safe, action });

const NOTHING_CHANGED = 'Nothing was changed and the loops play on.';

// biome-ignore format: one error a line reads as a table
export const ERRORS = {
  ERR_DISK_FULL: row(1001, 'medium', 'Less than ten minutes of disk space are left.', 'Everything captured so far is saved.', 'Free some space.'),
  ERR_DISK_CRITICAL: row(1002, 'critical', 'Recording to disk has stopped.', 'The loops play on; new ones are kept in memory only.', 'Free disk space or reconnect the disk.'),
  ERR_LOOKBACK_VOLATILE: row(1003, 'low', 'Sound waits in private memory: this system has too little shared memory.', 'What is saved is not affected.', 'Nothing to do; what is not saved would not survive an engine crash.'),
  ERR_DISK_SLOW: row(1004, 'low', 'The disk is slow: what you play waits in memory.', 'Nothing is lost while there is memory.', 'Nothing to do; if it lasts, end what else uses the disk.'),
  ERR_RECORDING_GAP: row(1005, 'medium', 'A part of the recording is missing: the disk took nothing for too long.', 'The loops play on; the recording holds silence of exactly that length.', 'Check the disk that holds the data folder.'),
  ERR_TAKE_NOT_KEPT: row(1006, 'medium', 'There is no memory to keep another loop until the disk works again.', NOTHING_CHANGED, 'Free disk space or reconnect the disk, then press again.'),
  ERR_DISK_SECOND: row(1007, 'medium', 'The recording goes on in the second folder.', 'Nothing is missing; the loops play on.', 'Free some space on the disk that holds the data folder, or reconnect it.'),
  ERR_ENGINE_RESTARTING: row(1010, 'critical', 'The audio engine stopped and is being restarted.', 'Every saved loop comes back in time.', 'Wait a moment.'),
  ERR_CONTROL_FROZEN: row(1011, 'critical', 'The engine answers no commands at the moment.', 'The sound goes on.', 'Wait; it is watched and will be restarted if the sound stops.'),
  ERR_STORE_FAILED: row(1012, 'critical', 'The session file could not be written.', 'The loops play on and stay in memory.', 'Check the disk that holds the data folder.'),
  ERR_STORE_MENDED: row(1013, 'medium', 'The session file was damaged; its backup and journal were put in its place.', 'Every step is there. The damaged file is kept in the folder aside.', 'Check the disk that holds the data folder.'),
  ERR_STORE_LOSSES: row(1014, 'medium', 'The session file was damaged, and not every step of it could be put back.', 'The sounds are in the folder audio; the damaged file is kept in the folder aside.', 'Look at the history, and check the disk that holds the data folder.'),
  ERR_STORE_NEWER: row(1015, 'medium', 'A newer FlowZone made this session: it can be played here and not changed.', 'Nothing in it is changed; what you capture plays and is recorded, but is no step of it.', 'Start the newer FlowZone to go on with it.'),
  ERR_STORE_CHANGED: row(1016, 'medium', 'Parts of the session file are not what FlowZone wrote.', 'The loops play on; backups of every hour are kept in the folder backup.', 'Check the disk that holds the data folder; start FlowZone again if loops are missing.'),
  ERR_TAKE_DAMAGED: row(1017, 'medium', 'The file of a take is missing or is not what was written.', 'It is marked and never played as if it were whole; the other takes are not affected.', 'Check the disk; a good copy put into the folder audio makes it whole again.'),
  ERR_SOUNDS_FOUND: row(1018, 'low', 'Sounds were found that no step of a session names.', 'They are a step of the history now; the slots are as they were.', 'Press REDO to hear them.'),
  ERR_KEEPER_FAILED: row(1019, 'medium', 'Backups of the session file, or checks of files, fail again and again.', 'What you play is saved as before, and the loops play on.', 'Free some space on the disk that holds the data folder, and check it.'),
  ERR_EXPORT_FAILED: row(1020, 'medium', 'The export could not be written.', 'Loops, takes and the recording are not affected; the files begun were removed.', 'Free some space on the disk that holds the data folder and export again.'),
  ERR_EXPORT_FORMAT: row(1021, 'low', 'This computer cannot write FLAC: libsndfile is not installed.', NOTHING_CHANGED, 'Install libsndfile1, or export as WAV.'),
  ERR_BOOKS_DIFFER: row(1022, 'medium', 'FlowZone has lost count of a part of the recording.', 'The loops play on; takes that are called saved are in their files.', 'Export what matters, and report it with the log.'),
  ERR_TAKE_LOST: row(1023, 'critical', 'A loop could not be kept: its sound went before the disk took it.', 'In its slot it plays on; all other takes are not affected.', 'Export it, or capture it once more, while it plays.'),
  ERR_RING_OTHER: row(1024, 'low', 'What was played before waits in memory at another sample rate than the audio device has now.', 'It is written to disk first; the loops play on unheard until then.', 'Wait a moment: the device comes by itself when all is saved.'),

  ERR_AUDIO_DROPOUT: row(2001, 'medium', 'The computer was too slow for a moment: the sound had a gap.', 'Takes touched by it are marked.', 'Close other programs or choose a larger block.'),
  ERR_DEVICE_LOST: row(2002, 'critical', 'The audio device is gone.', 'The engine goes on without it; nothing is lost.', 'Reconnect it: on a Mac the sound comes back by itself, elsewhere restart FlowZone.'),
  ERR_DEVICE_OPEN: row(2003, 'critical', 'The audio device could not be opened.', 'No data was touched.', 'Check the device, or start with --device headless.'),
  ERR_INPUT_FILE: row(2004, 'critical', 'The input file is not a WAV file that can be played.', 'No data was touched.', 'Give --input a PCM or Float32 WAV file.'),
  ERR_OUTPUT_FILE: row(2005, 'critical', 'The output file could not be written.', 'Loops and takes are not affected.', 'Give --output a path in a folder that can be written.'),
  ERR_COMMAND_BOUNDS: row(2006, 'low', 'The engine refused a value outside its bounds.', NOTHING_CHANGED, 'Check the value.'),
  ERR_BUSY: row(2007, 'low', 'The engine has too many commands waiting.', NOTHING_CHANGED, 'Try again in a moment.'),
  ERR_NOTHING_HEARD: row(2008, 'low', 'I have heard nothing yet.', NOTHING_CHANGED, 'Play something, then press.'),
  ERR_TAKE_NOT_LOADED: row(2009, 'medium', 'That loop is not in memory.', NOTHING_CHANGED, 'Try again.'),
  ERR_TAKE_UNREADABLE: row(2010, 'medium', 'The file of a take could not be read.', 'The other slots are not affected.', 'Check the disk that holds the data folder.'),
  ERR_INPUT_RESAMPLED: row(2011, 'low', 'The input file has another sample rate and is resampled.', 'Captures are exact copies of the resampled sound.', 'Nothing to do.'),
  ERR_ABI_MISMATCH: row(2012, 'critical', 'FlowCore and the server are from different builds.', 'No data was touched.', 'Run bun run start again: it builds what is stale.'),
  ERR_CALIBRATION_FAILED: row(2013, 'low', 'The input did not hear the clicks.', 'The latency stays as it was.', 'Connect an output to the input, or bring the microphone near the loudspeaker, and try again.'),
  ERR_STRETCHER_MISSING: row(2014, 'low', 'Stretching needs Rubber Band, which is not installed.', 'The loop follows the tempo with its pitch.', 'Install librubberband2 and try again.'),
  ERR_LOG_FILE: row(2015, 'medium', 'The log of the run could not be written or read.', 'Loops and takes are not affected.', 'Give --log a folder that can be written, and replay the whole folder of one run.'),
  ERR_LOOP_MEMORY: row(2016, 'low', 'There is no memory to make another loop.', 'The loops that play go on.', 'Try again in a minute.'),
  ERR_CAPTURE_ASIDE: row(2017, 'medium', 'A capture that a crash cut off has no slot to come back to.', 'It is a step of the history; the slots are as they were.', 'Press REDO, or bring it back into a slot.'),
  ERR_LOOP_MAKING: row(2018, 'low', 'A loop is still being made out of others.', 'It is in its slot and in the history.', 'Wait: it comes in by itself.'),
  ERR_CPU_LACKS: row(2019, 'critical', 'FlowZone was built for a newer processor than this one.', 'No data was touched.', 'Run bun run start here: it builds FlowCore for this machine.'),
  ERR_CAPTURE_CUT: row(2021, 'medium', 'FlowZone ended while a slot was still recording.', 'What was played until then is kept as a take; the slot is as it was.', 'Press Earlier… to take it from the past, or play it once more.'),
  ERR_LOG_CONTINUED: row(2020, 'low', 'This log goes on where an engine before it ended: what that one heard is not in it.', 'The log is as it was.', 'Replay the log of the engine before, or start FlowZone anew for one that begins with the run.'),
  ERR_MICROPHONE_REFUSED: row(2022, 'medium', 'FlowZone may not listen: the microphone was refused.', 'The loops play on; what you play is not heard.', 'Allow it in System Settings, Privacy & Security, Microphone.'),
  ERR_INPUT_SILENT: row(2023, 'medium', 'Nothing at all comes in: the input is muted, unplugged or blocked.', 'The loops play on.', 'Check plug and mute switch, and System Settings, Privacy & Security, Microphone.'),
  ERR_OUTPUT_GAP: row(2024, 'medium', 'The output file has a hole: its disk took nothing for too long.', 'Loops, takes and the recording are not affected; the file holds silence of exactly that length.', 'The list of gaps beside the file says where; give --output a faster disk.'),

  ERR_PLUGIN_CRASH: row(3001, 'medium', 'A plug-in crashed.', 'The loops play on without it; FlowZone starts it again with its settings.', 'Wait; if it stays off, press Try again or take it out.'),
  ERR_PLUGIN_TIMEOUT: row(3002, 'medium', 'A plug-in stopped answering and was ended.', 'The loops play on without it; FlowZone starts it again with its settings.', 'Wait; if it stays off, press Try again or take it out.'),
  ERR_PLUGIN_SLOW: row(3003, 'medium', 'A plug-in is too slow to be heard in time.', 'What goes through it is heard without it; FlowZone tries it again by itself.', 'Choose a larger block, or take the plug-in out.'),
  ERR_PLUGIN_MEMORY: row(3004, 'medium', 'A plug-in took too much memory and was started anew.', 'The loops play on; its settings are kept.', 'Look for an update of it.'),
  ERR_PLUGIN_LOAD: row(3005, 'low', 'The plug-in could not be loaded.', NOTHING_CHANGED, 'Look for an update of it, or choose another one.'),
  ERR_PLUGIN_STATE: row(3006, 'medium', 'A plug-in did not take its settings back.', 'It runs with those it comes with; the file of the others is kept.', 'Set it again, or press UNDO.'),
  ERR_PLUGIN_OFF: row(3007, 'medium', 'A plug-in failed four times and is off.', 'What goes through it is heard without it; its settings are kept.', 'Press Try again, or take it out.'),
  ERR_PLUGIN_QUARANTINED: row(3008, 'low', 'A plug-in that failed twice has a process of its own now.', 'The other plug-ins of its maker are safe from it.', 'Nothing to do.'),

  ERR_PLUGIN_UNSAVED: row(3009, 'medium', 'The settings of a plug-in could not be stored.', 'It plays on with them; they are stored with its next change.', 'Check the disk that holds the data folder.'),
  ERR_PLUGIN_SCAN_CRASH: row(3010, 'low', 'A plug-in crashed while FlowZone looked at it.', 'Only the process that looked ended; the loops play on.', 'Look for an update of it, then let FlowZone look again.'),
  ERR_PLUGIN_SCAN_HUNG: row(3011, 'low', 'A plug-in did not answer while FlowZone looked at it.', 'Only the process that looked was ended; the loops play on.', 'If it waits for a licence or a download, finish that, then let FlowZone look again.'),
  ERR_PLUGIN_FOREIGN: row(3012, 'low', 'A plug-in has no part for this computer.', 'The other plug-ins are not affected.', 'Install the version for this system and processor.'),
  ERR_PLUGIN_UNREADABLE: row(3013, 'low', 'A plug-in could not be opened.', 'The other plug-ins are not affected.', 'Install it again, with all that it needs.'),
  ERR_PLUGIN_SCAN_CUT: row(3014, 'low', 'FlowZone ended while it looked at a plug-in, and does not try that unasked.', 'The other plug-ins are not affected.', 'Let FlowZone look again.'),
  ERR_PLUGIN_HOST_MISSING: row(3015, 'medium', 'The part of FlowZone that opens plug-ins is missing.', 'Everything but plug-ins works.', 'Run bun run start again: it builds what is missing.'),

  ERR_NO_SUCH_SLOT: row(4001, 'low', 'There is no such slot.', NOTHING_CHANGED, 'Choose another slot.'),
  ERR_SLOT_EMPTY: row(4002, 'low', 'That slot is empty.', NOTHING_CHANGED, 'Capture something into it first.'),
  ERR_HEAD_MOVED: row(4003, 'low', 'Somebody else changed the session first.', NOTHING_CHANGED, 'Look at the history and try again.'),
  ERR_NO_EMPTY_SLOT: row(4004, 'low', 'All slots are full.', NOTHING_CHANGED, 'Press the slot that may be replaced.'),
  ERR_NOTHING_TO_UNDO: row(4005, 'low', 'There is nothing to undo.', NOTHING_CHANGED, 'Play on.'),
  ERR_NOTHING_TO_REDO: row(4006, 'low', 'There is nothing to redo.', NOTHING_CHANGED, 'Play on.'),
  ERR_NO_SUCH_RIFF: row(4007, 'low', 'That riff is not in this session.', NOTHING_CHANGED, 'Choose another riff.'),
  ERR_NO_SUCH_TAKE: row(4008, 'low', 'That take is not known.', NOTHING_CHANGED, 'Choose another take.'),
  ERR_NO_SUCH_SOURCE: row(4009, 'low', 'There is no such source.', NOTHING_CHANGED, 'Choose another source.'),
  ERR_LENGTHS: row(4010, 'low', 'These loops do not come round together within 16 bars.', NOTHING_CHANGED, 'Choose loops on the grid whose lengths fit.'),
  ERR_RANGE_NOT_KEPT: row(4011, 'low', 'That part of the past is not there: not yet played, or not kept.', NOTHING_CHANGED, 'Choose a shorter or another part.'),
  ERR_NO_SUCH_JOB: row(4012, 'low', 'That job is not running.', NOTHING_CHANGED, 'Nothing to do.'),
  ERR_NOTHING_TO_EXPORT: row(4013, 'low', 'There is nothing to export.', NOTHING_CHANGED, 'Choose a riff that holds loops, or a time at which something was played.'),
  ERR_NOTHING_TO_MERGE: row(4014, 'low', 'None of these slots can be heard.', NOTHING_CHANGED, 'Unmute what is to be merged.'),
  ERR_SLOT_CHANGED: row(4015, 'low', 'The slot plays something else by now.', NOTHING_CHANGED, 'Look at the slot and try again.'),
  ERR_TAKE_DERIVED: row(4016, 'low', 'That loop is made of other takes and has no file of its own.', NOTHING_CHANGED, 'Choose one of the takes it is made of.'),
  ERR_NO_SUCH_SESSION: row(4017, 'low', 'There is no such session.', NOTHING_CHANGED, 'Choose another session.'),
  ERR_SESSION_NAME: row(4018, 'low', 'A session’s name has 1 to 255 bytes and no control characters.', NOTHING_CHANGED, 'Choose a shorter name, of one line.'),
  ERR_SESSION_UNREADABLE: row(4019, 'medium', 'The session file could not be read.', NOTHING_CHANGED, 'Check the disk that holds the data folder, and try again.'),
  ERR_NOT_SAFE_MODE: row(4020, 'low', 'FlowZone is not in Safe Mode.', NOTHING_CHANGED, 'Nothing to do.'),
  ERR_SESSION_OPEN: row(4021, 'low', 'That session is open, or an export of it is being written.', NOTHING_CHANGED, 'Open another session first, or wait for the export.'),
  ERR_NO_SUCH_PLUGIN: row(4022, 'low', 'That plug-in is not offered.', NOTHING_CHANGED, 'Choose another plug-in, or let FlowZone look again.'),
  ERR_NO_SUCH_INSTANCE: row(4023, 'low', 'That plug-in is not loaded.', NOTHING_CHANGED, 'Choose one that is.'),
  ERR_CHAIN_FULL: row(4024, 'low', 'Eight plug-ins are there already.', NOTHING_CHANGED, 'Take one out first.'),
  ERR_NOT_AN_INSTRUMENT: row(4025, 'low', 'That plug-in plays no notes.', NOTHING_CHANGED, 'Choose an instrument.'),
  ERR_PLUGINS_OFF: row(4026, 'low', 'Plug-ins are off in Safe Mode.', NOTHING_CHANGED, 'Leave Safe Mode first.'),
  ERR_PLUGINS_NOT_PRINTED: row(4027, 'low', 'What the plug-ins make of a loop could not be printed.', NOTHING_CHANGED, 'Try again, or take the plug-ins out first.'),
  ERR_PLUGIN_NO_ROOM: row(4028, 'low', 'No more plug-ins fit beside those of the same maker.', NOTHING_CHANGED, 'Take one out first.'),
  ERR_NO_DRY_SIDE: row(4029, 'low', 'That take has no sound without its effects.', NOTHING_CHANGED, 'Play it as it was heard.'),
  ERR_PLUGIN_CALLED_OFF: row(4030, 'low', 'The plug-in was taken out while it was being loaded.', NOTHING_CHANGED, 'Choose it again.'),
  ERR_MERGE_CANCELLED: row(4031, 'low', 'The merge was cancelled.', NOTHING_CHANGED, 'Nothing to do.'),
  ERR_MERGE_CHANGED: row(4032, 'low', 'The loops changed while they were being merged.', NOTHING_CHANGED, 'Merge them again.'),

  ERR_NOT_AN_OBJECT: row(5001, 'low', 'The message is not a JSON object.', NOTHING_CHANGED, 'Send a JSON object with a cmd.'),
  ERR_UNKNOWN_COMMAND: row(5002, 'low', 'Unknown command.', NOTHING_CHANGED, 'See /api/protocol for the commands.'),
  ERR_BAD_COMMAND: row(5003, 'low', 'The command has a missing or wrong field.', NOTHING_CHANGED, 'See /api/protocol for its fields.'),
  ERR_FOREIGN_ORIGIN: row(5004, 'medium', 'This page may not talk to FlowZone.', NOTHING_CHANGED, 'Open the address that FlowZone printed.'),
  ERR_FOREIGN_HOST: row(5005, 'medium', 'FlowZone does not answer to this host name.', NOTHING_CHANGED, 'Open the address that FlowZone printed.'),
  ERR_TOO_MANY_CLIENTS: row(5006, 'medium', 'Sixteen clients are connected already.', NOTHING_CHANGED, 'Close one and try again.'),
  ERR_TOO_FAST: row(5007, 'low', 'Too many commands at once.', 'The commands before this one were done.', 'Slow down.'),
  ERR_NO_HELLO: row(5008, 'low', 'The client did not say HELLO.', NOTHING_CHANGED, 'Send HELLO first.'),
  ERR_OLD_PAGE: row(5009, 'medium', 'This page is older than FlowZone.', NOTHING_CHANGED, 'Reload the page.'),
  ERR_NOT_FOUND: row(5010, 'low', 'There is nothing at this address.', NOTHING_CHANGED, 'See /api/protocol.'),
  ERR_LOOPBACK_ONLY: row(5011, 'low', 'This is possible on this computer only.', NOTHING_CHANGED, 'Do it on the computer that runs FlowZone.'),
  ERR_TOO_LATE: row(5012, 'low', 'The press reached the engine more than two seconds late.', NOTHING_CHANGED, 'Press again.'),
  ERR_BAD_QUERY: row(5013, 'low', 'The address has a wrong parameter.', NOTHING_CHANGED, 'See /api/protocol.'),
  ERR_NOT_PAIRED: row(5014, 'medium', 'This device is not paired with FlowZone.', NOTHING_CHANGED, 'Open Phones and tablets on the computer that runs FlowZone, and scan the picture or type the code.'),
  ERR_PAIR_REFUSED: row(5015, 'low', 'That code is wrong, used or older than five minutes.', NOTHING_CHANGED, 'Type the code that the computer shows now.'),
  ERR_PAIR_LOCKED: row(5016, 'medium', 'Too many wrong codes.', NOTHING_CHANGED, 'Wait a minute and type the code again, or scan the picture.'),
  ERR_LAN_OFF: row(5017, 'low', 'FlowZone answers on this computer only.', NOTHING_CHANGED, 'Start it with --lan to let phones and tablets in.'),
  ERR_NO_SUCH_DEVICE: row(5018, 'low', 'That device is not paired.', NOTHING_CHANGED, 'Look at the list of devices.'),
  ERR_PAIRED_UNSTORED: row(5019, 'medium', 'The list of paired devices could not be written.', 'The loops play on. A new device is not let in; a forgotten one stays out until FlowZone starts again.', 'Check the disk that holds the data folder, and try again.'),
  ERR_PAIRED_FULL: row(5020, 'low', 'Sixty-four devices are paired already.', NOTHING_CHANGED, 'Forget one of them and try again.'),
} as const satisfies Record<string, ErrorRow>;

export type ErrorName = keyof typeof ERRORS;

const byCode = new Map<number, { name: ErrorName; row: ErrorRow }>();
for (const name of Object.keys(ERRORS) as ErrorName[]) {
  byCode.set(ERRORS[name].code, { name, row: ERRORS[name] });
}

/** The row of a code, or undefined for a code this build does not know. */
export const errorByCode = (code: number): { name: ErrorName; row: ErrorRow } | undefined =>
  byCode.get(code);

/**
 * Exit codes of `bun run start`. 2–6 end a start. An engine that meets one later is started again; only 2,
 * which may be the device, counts as a crash.
 */
export const EXIT = {
  ended: 0,
  usage: 2,
  portInUse: 3,
  dataUnusable: 4,
  otherInstance: 5,
  setUpFailed: 6,
} as const;
