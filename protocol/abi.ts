/**
 * The border between Bun and FlowCore: functions and fixed-size records.
 *
 * The only place where they are typed. `generate.ts` writes the Swift side
 * (`Sources/FlowCore/Boundary/FlowCoreAbi.generated.swift`) and the TypeScript side
 * (`server/engine/flow-core.generated.ts`) from these tables.
 *
 * Rules: buffers belong to the caller; int return codes, 0 or a count = done, negative = −(error
 * code of `errors.ts`); no string is returned by pointer; FlowCore never calls JavaScript.
 * Frames and beats are f64: whole numbers up to 2^53 without BigInt.
 */
export * from './abi-kinds.ts';

export type FieldType = 'u32' | 'i32' | 'f32' | 'f64' | `u32[${number}]` | `utf8[${number}]`;

export interface RecordLayout {
  /** One sentence for the generated doc comment. */
  readonly doc: string;
  readonly fields: Readonly<Record<string, FieldType>>;
}

export const RECORDS = {
  EngineConfig: {
    doc: 'How the engine is made; read once by fz_engine_create.',
    fields: {
      abiVersion: 'u32',
      sampleRateHz: 'u32',
      blockFrames: 'u32',
      slotCount: 'u32',
      sourceCount: 'u32',
      deviceKind: 'u32',
      flags: 'u32',
      ringSecondsMax: 'u32',
      bpm: 'f64',
      runId: 'u32[4]',
      ringName: 'utf8[64]',
      inputPath: 'utf8[1024]',
      outputPath: 'utf8[1024]',
      spoolPath: 'utf8[1024]',
      audioPath: 'utf8[1024]',
      logPath: 'utf8[1024]',
    },
  },
  CommandRecord: {
    doc: 'One command. A call sends a group: all of it takes effect at one frame, or nothing.',
    fields: {
      kind: 'u32',
      token: 'u32',
      slot: 'u32',
      flags: 'u32',
      atFrame: 'f64',
      atMs: 'f64',
      a: 'f64',
      b: 'f64',
      c: 'f64',
      d: 'f64',
      id: 'u32[4]',
      other: 'u32[4]',
    },
  },
  EventRecord: {
    doc: 'Something that happened in the core, with its frame.',
    fields: {
      kind: 'u32',
      token: 'u32',
      slot: 'u32',
      code: 'u32',
      flags: 'u32',
      detail: 'u32',
      sourceIndex: 'u32',
      frame: 'f64',
      fromFrame: 'f64',
      toFrame: 'f64',
      beat: 'f64',
      beatFrac: 'f64',
      framesPerBeat: 'f64',
      originBeat: 'f64',
      lengthBeats: 'f64',
      offsetFrames: 'f64',
      value: 'f64',
      value2: 'f64',
      id: 'u32[4]',
      sha: 'u32[8]',
    },
  },
  EngineStatus: {
    doc: 'The engine at this moment; filled by fz_engine_status.',
    fields: {
      frame: 'f64',
      firstFrame: 'f64',
      nowMs: 'f64',
      blocks: 'f64',
      xruns: 'f64',
      framesIn: 'f64',
      framesDurable: 'f64',
      framesWritten: 'f64',
      framesQueued: 'f64',
      framesGap: 'f64',
      ringOldestFrame: 'f64',
      ringFrames: 'f64',
      beat: 'f64',
      beatFrac: 'f64',
      framesPerBeat: 'f64',
      outputLatencyFrames: 'f64',
      inputLatencyFrames: 'f64',
      loopBytes: 'f64',
      sampleRateHz: 'u32',
      blockFrames: 'u32',
      sourceCount: 'u32',
      deviceKind: 'u32',
      deviceKey: 'u32',
      deviceState: 'u32',
      diskState: 'u32',
      isPlaying: 'u32',
      hasRealTime: 'u32',
      ringIsShared: 'u32',
      adopted: 'u32',
      eventsLost: 'u32',
      load: 'f32',
      loadPeak: 'f32',
    },
  },
  TakeSource: {
    doc: 'Where a take’s audio is; fz_take_load reads it into memory on a worker.',
    fields: {
      id: 'u32[4]',
      fromFrame: 'f64',
      toFrame: 'f64',
      framesPerBeat: 'f64',
      preFrames: 'f64',
      sampleRateHz: 'u32',
      origin: 'u32',
      flags: 'u32',
      sourceIndex: 'u32',
      path: 'utf8[1024]',
      rollsPath: 'utf8[1024]',
    },
  },
  TakeRange: {
    doc: 'Frames of the past that shall become a take; fz_take_keep finds them in ring or spool.',
    fields: {
      id: 'u32[4]',
      fromFrame: 'f64',
      toFrame: 'f64',
      framesPerBeat: 'f64',
      barFrames: 'f64',
      sourceIndex: 'u32',
      flags: 'u32',
      spoolPath: 'utf8[1024]',
    },
  },
  RenderRecipe: {
    doc: 'A loop to be made of loops in memory; fz_take_render renders it on a worker.',
    fields: {
      id: 'u32[4]',
      frames: 'f64',
      framesPerBeat: 'f64',
      partCount: 'u32',
      flags: 'u32',
    },
  },
  RenderPart: {
    doc: 'One loop in a RenderRecipe: how it is laid into the result, and how loud.',
    fields: {
      id: 'u32[4]',
      mode: 'u32',
      flags: 'u32',
      startFrames: 'f64',
      gainLeft: 'f64',
      gainRight: 'f64',
    },
  },
  ExportJob: {
    doc: 'Files to be made: of loops in memory, or of a range of a run; spool = the folder of its segments, empty = this run, with its ring.',
    fields: {
      job: 'u32',
      format: 'u32',
      fileCount: 'u32',
      partCount: 'u32',
      fromFrame: 'f64',
      toFrame: 'f64',
      framesPerBeat: 'f64',
      gapCount: 'u32',
      spool: 'utf8[1024]',
      folder: 'utf8[1024]',
      name: 'utf8[256]',
    },
  },
  ExportFile: {
    doc: 'One file of an export: which source or part it holds (2^32 − 1 = the sum of all), the end of its name, what JSON says of it.',
    fields: { track: 'u32', ending: 'utf8[64]', about: 'utf8[1020]' },
  },
  ReplayRequest: {
    doc: 'Which log to repeat, in blocks of how many frames; outputPath receives the master as WAV, empty = nothing does.',
    fields: { blockFrames: 'u32', logPath: 'utf8[1024]', outputPath: 'utf8[1024]' },
  },
  ReplayReport: {
    doc: 'What a replay gave. differentSecond is the first one that is not as recorded, differentFrame begins the hundredth of it that is not; −1 = none.',
    fields: {
      frames: 'f64',
      groups: 'f64',
      secondsCompared: 'f64',
      differentSecond: 'f64',
      differentFrame: 'f64',
      isWhole: 'u32',
      isEqual: 'u32',
      sha: 'u32[8]',
    },
  },
} as const satisfies Record<string, RecordLayout>;

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
    doc: 'Repeats the log of a ReplayRequest on an engine of its own, without device and disk, and fills a ReplayReport. Takes as long as it takes; −2015 with a text for a log that cannot be repeated.',
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
  fz_last_error: {
    doc: 'Copies the last failure of create, start or stop as UTF-8 text; returns its bytes.',
    args: { text: 'buffer', capacityBytes: 'u32' },
    returns: 'i32',
  },
} as const satisfies Record<string, AbiFunction>;

const scalarBytes = { u32: 4, i32: 4, f32: 4, f64: 8 } as const;

/** Bytes and alignment of a field type. */
export const fieldSize = (type: FieldType): { bytes: number; align: number } => {
  const array = /^(u32|utf8)\[(\d+)\]$/.exec(type);
  if (array) {
    const count = Number(array[2]);
    return array[1] === 'u32' ? { bytes: 4 * count, align: 4 } : { bytes: count, align: 1 };
  }
  const bytes = scalarBytes[type as keyof typeof scalarBytes];
  return { bytes, align: bytes };
};

/** Offset of every field and the size of a record: natural alignment, size a multiple of 8. */
export const layoutOf = (record: RecordLayout) => {
  let offset = 0;
  const offsets: Record<string, number> = {};
  for (const [name, type] of Object.entries(record.fields)) {
    const { bytes, align } = fieldSize(type);
    offset = Math.ceil(offset / align) * align;
    offsets[name] = offset;
    offset += bytes;
  }
  return { offsets, bytes: Math.ceil(offset / 8) * 8 };
};
