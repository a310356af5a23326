/** The functions of FlowCore that Bun calls. */
export type AbiType = 'u32' | 'i32' | 'f64' | 'handle' | 'buffer';

export interface AbiFunction {
  readonly doc: string;
  readonly args: Readonly<Record<string, AbiType>>;
  readonly returns: 'u32' | 'i32' | 'f64';
}

export const FUNCTIONS = {
  fz_abi_version: { doc: 'ABI_VERSION of this library.', args: {}, returns: 'u32' },
  fz_abi_hash: { doc: 'First 32 bits of ABI_HASH of this library.', args: {}, returns: 'u32' },
  fz_record_bytes: {
    doc: 'Size of record number `index` in the order of RECORDS; 0 for an unknown one.',
    args: { index: 'u32' },
    returns: 'u32',
  },
  fz_record_probe: {
    doc: 'Fills record number `index` with a known value in every field, so that a test can compare every offset.',
    args: { index: 'u32', record: 'buffer' },
    returns: 'i32',
  },
  fz_engine_create: {
    doc: 'Makes an engine from an EngineConfig; writes its handle (f64-safe u64) into `handleOut`.',
    args: { config: 'buffer', handleOut: 'buffer' },
    returns: 'i32',
  },
  fz_engine_start: {
    doc: 'Opens the device and begins to listen.',
    args: { engine: 'handle' },
    returns: 'i32',
  },
  fz_engine_stop: {
    doc: 'Ends the device, then writes and syncs what the spool still owes; waits at most 2 s for the disk.',
    args: { engine: 'handle' },
    returns: 'i32',
  },
  fz_engine_destroy: {
    doc: 'Frees a stopped engine; 1 when its ring stays, because a take in it is owed to disk or store.',
    args: { engine: 'handle' },
    returns: 'i32',
  },
  fz_engine_send: {
    doc: 'Sends `count` CommandRecords as one group. −2007 when the ring is full: then none of them was taken.',
    args: { engine: 'handle', records: 'buffer', count: 'u32' },
    returns: 'i32',
  },
  fz_engine_poll: {
    doc: 'Copies up to `capacity` EventRecords, oldest first; returns how many.',
    args: { engine: 'handle', records: 'buffer', capacity: 'u32' },
    returns: 'i32',
  },
  fz_engine_status: {
    doc: 'Fills an EngineStatus.',
    args: { engine: 'handle', status: 'buffer' },
    returns: 'i32',
  },
  fz_engine_features: {
    doc: 'Copies the newest feature frame not yet read; returns its bytes, 0 when there is none.',
    args: { engine: 'handle', frame: 'buffer', capacityBytes: 'u32' },
    returns: 'i32',
  },
  fz_master_follow: {
    doc: 'Keeps the newest seconds of the master from now on, or no longer; one follower.',
    args: { engine: 'handle', isOn: 'u32' },
    returns: 'i32',
  },
  fz_master_read: {
    doc: 'Copies the frames of the master since the last call, interleaved f32, at most capacityFrames; returns how many. first (f64) = its place, counted while anybody follows; what came too late to be read is left out.',
    args: { engine: 'handle', samples: 'buffer', capacityFrames: 'u32', first: 'buffer' },
    returns: 'i32',
  },
  fz_engine_now: {
    doc: 'Milliseconds since engine start on the monotonic clock.',
    args: { engine: 'handle' },
    returns: 'f64',
  },
  fz_engine_step: {
    doc: 'Device kind stepped only: renders `frames` frames now, on the calling thread.',
    args: { engine: 'handle', frames: 'u32' },
    returns: 'i32',
  },
  fz_log_replay: {
    doc: 'Repeats the log of a ReplayRequest on an engine of its own, without device and disk, and fills a ReplayReport. Takes as long as it takes; −2015 or −2020, with a text, for a log that cannot be repeated.',
    args: { request: 'buffer', report: 'buffer' },
    returns: 'i32',
  },
  fz_take_load: {
    doc: 'Reads a TakeSource into memory on a worker; answered by a takeLoaded event, at once if it is there.',
    args: { engine: 'handle', source: 'buffer' },
    returns: 'i32',
  },
  fz_take_render: {
    doc: 'Renders a RenderRecipe of its partCount RenderParts into memory on a worker; answered by a takeLoaded event with the recipe’s id, at once if it is there.',
    args: { engine: 'handle', recipe: 'buffer', parts: 'buffer' },
    returns: 'i32',
  },
  fz_loop_file: {
    doc: 'Writes the loop in memory that a LoopFile names, as it is played, to <sha256>.wav in its folder on a worker of the lowest priority; answered by a loopFile event. −2009 when it is not in memory, −2007 when too many wait.',
    args: { engine: 'handle', request: 'buffer' },
    returns: 'i32',
  },
  fz_take_keep: {
    doc: 'Makes a TakeRange a take, in memory and on disk, on a worker; spoolPath empty = this run. Answered by a takeLoaded event; with code 4011 its fromFrame…toFrame are the longest part that is still there. takeSpooled and takeFile follow as after a capture.',
    args: { engine: 'handle', range: 'buffer' },
    returns: 'i32',
  },
  fz_take_saved: {
    doc: 'Tells that the store holds the row of take `id` (4 u32), so that its intent need not survive a crash.',
    args: { engine: 'handle', id: 'buffer' },
    returns: 'i32',
  },
  fz_stretcher_mark: {
    doc: 'Names the stretching library by its bytes: CRC-32 of its file, 0 without one. What another one has stretched may sound otherwise.',
    args: {},
    returns: 'u32',
  },
  fz_export_formats: {
    doc: 'Bit 1 << format for each EXPORT_FORMAT this machine can write.',
    args: {},
    returns: 'u32',
  },
  fz_export_start: {
    doc: 'Begins an ExportJob with ExportFiles, RenderParts, gaps (pairs of f64 frames) and JSON text on a worker; told by job events.',
    args: {
      engine: 'handle',
      job: 'buffer',
      files: 'buffer',
      parts: 'buffer',
      gaps: 'buffer',
      about: 'buffer',
      aboutBytes: 'u32',
    },
    returns: 'i32',
  },
  fz_export_cancel: {
    doc: 'Ends a job and removes what it has written; −4012 when there is no such job.',
    args: { engine: 'handle', job: 'u32' },
    returns: 'i32',
  },
  fz_plugin_load: {
    doc: 'Loads the plug-in of a PluginSpec into the process of its group, which is started when there is none; answered by a pluginLoaded event, at once if it is there.',
    args: { engine: 'handle', spec: 'buffer' },
    returns: 'i32',
  },
  fz_plugin_unload: {
    doc: 'Takes plug-in `id` (4 u32) out of its process once no chain holds it; its newest state is written first.',
    args: { engine: 'handle', id: 'buffer' },
    returns: 'i32',
  },
  fz_plugin_chain: {
    doc: 'Makes the chain of a ChainSpec for chainSet. −4023 when a plug-in of it is not loaded, −2007 when its host has no lane free.',
    args: { engine: 'handle', spec: 'buffer' },
    returns: 'i32',
  },
  fz_loop_print: {
    doc: 'Plays the loop of a PrintOrder through its chain, on a worker, and makes a loop of what comes out, with the order’s id; told by rendering events, answered by a takeLoaded event. −2009 when the loop is not in memory, −4023 when there is no such chain.',
    args: { engine: 'handle', order: 'buffer' },
    returns: 'i32',
  },
  fz_print_cancel: {
    doc: 'Gives the print with this id (4 u32) up; it is answered all the same. −4012 when it is over, or there is none.',
    args: { engine: 'handle', id: 'buffer' },
    returns: 'i32',
  },
  fz_loop_keep: {
    doc: 'Keeps the loop with this id (4 u32) in memory for another half minute; −2009 when it is not there.',
    args: { engine: 'handle', id: 'buffer' },
    returns: 'i32',
  },
  fz_plugin_bypass: {
    doc: 'Plug-in `id` (4 u32) passes its input, as late as itself (isOn ≠ 0), or is heard again.',
    args: { engine: 'handle', id: 'buffer', isOn: 'u32' },
    returns: 'i32',
  },
  fz_plugin_retry: {
    doc: 'The host of plug-in `id` (4 u32) may be started again as often as a new one.',
    args: { engine: 'handle', id: 'buffer' },
    returns: 'i32',
  },
  fz_plugin_params: {
    doc: 'Copies up to `capacity` PluginParams of plug-in `id` (4 u32) from number `from` on; returns how many. They are as the plug-in told them last; asking has them told anew.',
    args: { engine: 'handle', id: 'buffer', from: 'u32', records: 'buffer', capacity: 'u32' },
    returns: 'i32',
  },
  fz_plugin_hosts: {
    doc: 'Copies up to `capacity` HostRecords; returns how many.',
    args: { engine: 'handle', records: 'buffer', capacity: 'u32' },
    returns: 'i32',
  },
  fz_last_error: {
    doc: 'Copies the last failure of create, start or stop as UTF-8 text; returns its bytes.',
    args: { text: 'buffer', capacityBytes: 'u32' },
    returns: 'i32',
  },
} as const satisfies Record<string, AbiFunction>;
