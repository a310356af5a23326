/**
 * Versions of what crosses a border, and their history.
 *
 * `PROTOCOL_VERSION` counts changes of what travels on the socket and the link; `ABI_VERSION` counts
 * changes of what crosses from Bun into FlowCore. Each is pinned beside a hash of its schemas:
 * `tests/protocol/version.test.ts` fails when a schema changed and the number did not.
 *
 * Protocol
 *  1  first: looper, mixer, transport, riff tree, feature frames
 *  2  derived loops, the past as loops, export, calibration, latency
 *  3  the list of plug-ins, RESCAN_PLUGINS
 *  4  plug-ins in chains: LOAD_VST and its kin, PARAMS, hosts
 *  5  GET_METRICS_HISTORY
 *  6  slots tell of takes that were recorded over a change of tempo or meter
 *  7  pairing: PAIR_START, FORGET_CLIENT
 *  8  REPORT_FAULT
 *  9  ERR_OUTPUT_GAP
 * 10  times of the disk in health and history
 * 11  feature frames tell when they come slower
 * 12  ERR_BOOKS_DIFFER
 * 13  ERR_KEEPER_FAILED
 * 14  SET_MARK
 * 15  ERR_MICROPHONE_REFUSED, ERR_INPUT_SILENT
 * 16  LISTEN
 * 17  LOAD_VST takes Audio Units
 *
 * ABI
 *  1  first: command, event, status, config and take-source records
 *  2  fz_take_saved: an intent stays until the store holds its take
 *  3  fz_engine_destroy tells when the ring stays for the next engine
 *  4  CommandRecord: atMs, d, other; fz_take_render, TakeSource.flags; slotSwap,
 *     slotFree, overdub; fz_take_keep, grid events;
 *     EngineConfig.logPath, fz_log_replay
 *  5  fz_stretcher_mark
 *  6  error codes of plug-ins
 *  7  damaged events
 *  8  plug-ins: chains, parameters, notes, hosts
 *  9  error codes of pairing
 * 10  fz_loop_keep
 * 11  ERR_OUTPUT_GAP
 * 12  EngineStatus: times of syncs
 * 13  intentCount: the capture ring's header is longer
 * 14  ERR_BOOKS_DIFFER
 * 15  ERR_KEEPER_FAILED
 * 16  ERR_MICROPHONE_REFUSED, ERR_INPUT_SILENT; device events tell of them;
 *     EngineConfig.inputDevice, outputDevice
 * 17  fz_master_follow, fz_master_read
 */
export const PROTOCOL_VERSION = 17;
export const PROTOCOL_HASH = 'fbfba08fd87fc54f';

/**
 * Raised when a loop is rendered otherwise than before, so that files of the old sound are made anew;
 * `tests/FlowCoreTests/RenderGoldenTests.swift` fails when it sounds otherwise.
 */
export const RENDER_VERSION = '1';

export const ABI_VERSION = 17;
export const ABI_HASH = 'f32a56cf97377a68';
