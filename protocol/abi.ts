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
export type FieldType = 'u32' | 'i32' | 'f32' | 'f64' | `u32[${number}]` | `utf8[${number}]`;

export interface RecordLayout {
  /** One sentence for the generated doc comment. */
  readonly doc: string;
  readonly fields: Readonly<Record<string, FieldType>>;
}

/** What the control thread may ask of the core; `CommandRecord.kind`. */
export const COMMAND_KIND = {
  /** Makes the last `a` bars of source `b` this slot's loop; id = the take's new id. Flag quantized. */
  capture: 1,
  /** Puts take `id` (zeros = empty) into the slot: `a` originBeat, `b` lengthBeats, `c` offset frames. */
  slotSet: 2,
  /** Gain `a`, linear 0…1. */
  slotGain: 3,
  /** Balance `a`, −1…1, centre exactly 1.0 on both sides. */
  slotPan: 4,
  /** Flag on = muted. Flag quantized = at the next bar line. */
  slotMute: 5,
  /** Flag on = soloed. Flag quantized = at the next bar line. */
  slotSolo: 6,
  /** Forgets a capture whose window has not ended yet. */
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
  /** Source `slot`: `a` linear input gain after the tap; flag on = monitored. */
  input: 14,
  /** Changes nothing; is echoed with its frame, so that session-only commands have a time. */
  mark: 15,
} as const;
export type CommandKind = keyof typeof COMMAND_KIND;

/** Bits of `CommandRecord.flags`. */
export const COMMAND_FLAGS = {
  on: 1,
  /** Capture: window on the bar line. Others: applied at the next bar line. */
  quantized: 2,
  /** `slotSet`: the slot was captured from a muted state or returns from empty and must sound. */
  unmute: 4,
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
  /** Answer to fz_take_load; code ≠ 0 = unreadable. id = take. */
  takeLoaded: 8,
  /** Missed deadlines: value = frames, count in value2. */
  xrun: 9,
  /** Frames fromFrame…toFrame are not on disk and never will be; detail = reason. */
  gap: 10,
  /** Disk state in detail: 0 ok, 1 slow, 2 critical. */
  disk: 11,
  /** Device state in detail: 0 lost, 1 back. */
  device: 12,
  /** A new spool segment: fromFrame = its first frame. */
  segment: 13,
  /** A segment was closed: fromFrame, toFrame; value = CRC-32 of its samples. */
  segmentClosed: 14,
  /** A notice; code says which. */
  notice: 15,
} as const;
export type EventKind = keyof typeof EVENT_KIND;

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
} as const;

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
      a: 'f64',
      b: 'f64',
      c: 'f64',
      id: 'u32[4]',
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
      loopBytes: 'f64',
      sampleRateHz: 'u32',
      blockFrames: 'u32',
      deviceKind: 'u32',
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
      path: 'utf8[1024]',
      rollsPath: 'utf8[1024]',
    },
  },
} as const satisfies Record<string, RecordLayout>;
export type RecordName = keyof typeof RECORDS;

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
} as const;

/** `TakeSource.origin`. */
export const TAKE_ORIGIN = {
  /** `path` is the take's own WAV file: the whole of it. */
  file: 0,
  /** `path` is the spool folder: frames fromFrame…toFrame stitched from its segments. */
  spool: 1,
} as const;

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
  fz_engine_start: { doc: 'Opens the device and begins to listen.', args: { engine: 'handle' }, returns: 'i32' },
  fz_engine_stop: {
    doc: 'Ends the device, then writes and syncs what the spool still owes; waits at most 2 s for the disk.',
    args: { engine: 'handle' },
    returns: 'i32',
  },
  fz_engine_destroy: { doc: 'Frees a stopped engine.', args: { engine: 'handle' }, returns: 'i32' },
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
  fz_engine_status: { doc: 'Fills an EngineStatus.', args: { engine: 'handle', status: 'buffer' }, returns: 'i32' },
  fz_engine_features: {
    doc: 'Copies the newest feature frame not yet read; returns its bytes, 0 when there is none.',
    args: { engine: 'handle', frame: 'buffer', capacityBytes: 'u32' },
    returns: 'i32',
  },
  fz_engine_now: { doc: 'Milliseconds since engine start on the monotonic clock.', args: { engine: 'handle' }, returns: 'f64' },
  fz_engine_step: {
    doc: 'Device kind stepped only: renders `frames` frames now, on the calling thread.',
    args: { engine: 'handle', frames: 'u32' },
    returns: 'i32',
  },
  fz_take_load: {
    doc: 'Reads a TakeSource into memory on a worker; answered by a takeLoaded event, at once if it is there.',
    args: { engine: 'handle', source: 'buffer' },
    returns: 'i32',
  },
  fz_last_error: {
    doc: 'Copies the last failure of create, start or stop as UTF-8 text; returns its bytes.',
    args: { text: 'buffer', capacityBytes: 'u32' },
    returns: 'i32',
  },
} as const satisfies Record<string, AbiFunction>;
export type FunctionName = keyof typeof FUNCTIONS;

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
