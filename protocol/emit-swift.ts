/** Writes the Swift side of the FFI border. */
import {
  type AbiType,
  CHAIN_FLAGS,
  COMMAND_FLAGS,
  COMMAND_KIND,
  CONFIG_FLAGS,
  DEVICE_KIND,
  DISK_STATE,
  EVENT_FLAGS,
  EVENT_KIND,
  EXPORT_FORMAT,
  EXPORT_STATE,
  type FieldType,
  FUNCTIONS,
  GAP_REASON,
  layoutOf,
  RECORDS,
  HOST_STATE,
  PLUGIN_HEARD,
  PLUGIN_IS,
  RENDER_FLAGS,
  RENDER_MODE,
  PRINT_FLAGS,
  RANGE_FLAGS,
  TAKE_FLAGS,
  TAKE_ORIGIN,
} from './abi.ts';
import { ERRORS } from './errors.ts';
import * as features from './features.ts';
import { LIMITS } from './limits.ts';
import { ABI_HASH, ABI_VERSION } from './version.ts';

export const camel = (name: string): string =>
  name.replace(/^fz_/, '').replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
const errorCase = (name: string): string => camel(name.replace(/^ERR_/, '').toLowerCase());

const swiftType = { u32: 'UInt32', i32: 'Int32', f32: 'Float', f64: 'Double' } as const;
const argType: Record<AbiType, string> = {
  u32: 'UInt32',
  i32: 'Int32',
  f64: 'Double',
  handle: 'UnsafeMutableRawPointer?',
  buffer: 'UnsafeMutableRawPointer?',
};

const namespace = (name: string, doc: string, values: Record<string, number>, type: string) =>
  [
    `/// ${doc}`,
    `enum ${name} {`,
    ...Object.entries(values).map(([key, value]) => `    static let ${key}: ${type} = ${value}`),
    '}',
    '',
  ].join('\n');

/** One of these and nothing else, so that a switch over it is whole. */
const choice = (name: string, doc: string, values: Record<string, number>) =>
  [
    `/// ${doc}`,
    `enum ${name}: UInt32, Sendable {`,
    ...Object.entries(values).map(([key, value]) => `    case ${key} = ${value}`),
    '}',
    '',
  ].join('\n');

const scalarField = (name: string, type: keyof typeof swiftType, offset: number) => `
    var ${name}: ${swiftType[type]} {
        get { base.load(fromByteOffset: ${offset}, as: ${swiftType[type]}.self) }
        nonmutating set { base.storeBytes(of: newValue, toByteOffset: ${offset}, as: ${swiftType[type]}.self) }
    }`;

const field = (name: string, type: FieldType, offset: number): string => {
  const words = /^u32\[(\d+)\]$/.exec(type);
  if (words) {
    return `
    /// ${words[1]} words.
    var ${name}: UnsafeMutablePointer<UInt32> {
        (base + ${offset}).assumingMemoryBound(to: UInt32.self)
    }
    static let ${name}Count = ${words[1]}`;
  }
  const text = /^utf8\[(\d+)\]$/.exec(type);
  if (text) {
    return `
    /// UTF-8, ended by a zero byte; at most ${Number(text[1]) - 1} bytes.
    var ${name}: UnsafeMutablePointer<UInt8> {
        (base + ${offset}).assumingMemoryBound(to: UInt8.self)
    }
    static let ${name}Bytes = ${text[1]}`;
  }
  return scalarField(name, type as keyof typeof swiftType, offset);
};

const record = (name: string): string => {
  const layout = RECORDS[name as keyof typeof RECORDS];
  const { offsets, bytes } = layoutOf(layout);
  const fields = Object.entries(layout.fields).map(([key, type]) =>
    field(key, type as FieldType, offsets[key] ?? 0),
  );
  return `/// ${layout.doc}
struct ${name} {
    let base: UnsafeMutableRawPointer
    static let byteCount = ${bytes}
${fields.join('\n')}
}
`;
};

/** Every field gets the value that the TypeScript test expects: 1000·record + 10·field (+ element). */
const probe = (name: string, index: number): string => {
  const fields = Object.entries(RECORDS[name as keyof typeof RECORDS].fields);
  const lines = fields.map(([key, type], at) => {
    const value = 1000 * (index + 1) + 10 * (at + 1);
    const words = /^u32\[(\d+)\]$/.exec(type);
    if (words)
      return `        for word in 0..<${words[1]} { record.${key}[word] = UInt32(${value} + word) }`;
    if (type.startsWith('utf8')) {
      return `        for (at, byte) in "${key}".utf8.enumerated() { record.${key}[at] = byte }`;
    }
    return `        record.${key} = ${value}`;
  });
  return `    case ${index}:
        let record = ${name}(base: base)
${lines.join('\n')}`;
};

const entryPoint = ([name, fn]: [string, (typeof FUNCTIONS)[keyof typeof FUNCTIONS]]): string => {
  const args = Object.entries(fn.args) as [string, AbiType][];
  const params = args.map(([key, type]) => `_ ${key}: ${argType[type]}`).join(', ');
  const passed = args.map(([key]) => `${key}: ${key}`).join(', ');
  const body: Record<string, string> = {
    fz_abi_version: `${ABI_VERSION}`,
    fz_abi_hash: `0x${ABI_HASH.slice(0, 8)}`,
    fz_record_bytes: 'recordBytes(index)',
    fz_record_probe: 'recordProbe(index, record)',
  };
  return `/// ${fn.doc}
@_cdecl("${name}")
public func ${name}(${params}) -> ${swiftType[fn.returns]} {
    ${body[name] ?? `EngineHandle.${camel(name)}(${passed})`}
}
`;
};

const limitLines = Object.entries(LIMITS).map(([key, value]) => {
  const isWhole = [value].flat().every(Number.isInteger);
  const type =
    typeof value === 'number' ? (isWhole ? '' : ': Double') : isWhole ? '' : ': [Double]';
  return `    static let ${key}${type} = ${typeof value === 'number' ? value : `[${value.join(', ')}]`}`;
});

const featureLayout = [
  namespace(
    'FeatureHeader',
    'Word index of each header field of a feature frame.',
    features.FEATURE_HEADER,
    'Int',
  ),
  namespace(
    'FeatureFlags',
    'Bits of the flags word of a feature frame.',
    features.FEATURE_FLAGS,
    'UInt32',
  ),
  namespace(
    'FeatureLayout',
    'Sizes of a feature frame, in words.',
    {
      magic: features.FEATURE_MAGIC,
      headerWords: features.FEATURE_HEADER_WORDS,
      levelWords: features.FEATURE_LEVEL_WORDS,
      slotWords: features.FEATURE_SLOT_WORDS,
      bucketWords: features.FEATURE_BUCKET_WORDS,
    },
    'Int',
  ),
];

const head = (...tables: string[]): string[] => [
  `// Generated by protocol/generate.ts from ${tables.join(', ').replace(/, ([^,]*)$/, ' and $1')}.`,
  '// `bun run generate` writes it anew; `bun run generate --check` fails when it is stale.',
];

/** What the types that two threads share are made of. */
export const emitSwiftKinds = (): string =>
  [
    ...head('protocol/abi-kinds.ts'),
    '',
    choice('GapReason', 'Why frames are missing; `detail` of a gap event.', GAP_REASON),
    choice('DiskState', "The disk's health; `detail` of a disk event.", DISK_STATE),
  ].join('\n');

export const emitSwift = (): string => {
  const names = Object.keys(RECORDS);
  return [
    ...head('protocol/abi.ts', 'limits.ts', 'errors.ts', 'features.ts'),
    '',
    '/// Bounds, with their units in the names.',
    'enum Limits {',
    ...limitLines,
    '}',
    '',
    namespace(
      'ErrorCode',
      'Codes of `protocol/errors.ts`; entry points return them negative.',
      Object.fromEntries(Object.entries(ERRORS).map(([name, row]) => [errorCase(name), row.code])),
      'UInt32',
    ),
    namespace('CommandKind', 'What the control thread may ask.', COMMAND_KIND, 'UInt32'),
    namespace('CommandFlags', 'Bits of `CommandRecord.flags`.', COMMAND_FLAGS, 'UInt32'),
    namespace('EventKind', 'What the core reports.', EVENT_KIND, 'UInt32'),
    namespace('EventFlags', 'Bits of `EventRecord.flags`.', EVENT_FLAGS, 'UInt32'),
    namespace('DeviceKind', 'Audio back-ends.', DEVICE_KIND, 'UInt32'),
    namespace('ConfigFlags', 'Bits of `EngineConfig.flags`.', CONFIG_FLAGS, 'UInt32'),
    namespace('ExportFormats', 'How an export is written.', EXPORT_FORMAT, 'UInt32'),
    namespace('ExportState', 'How far an export is.', EXPORT_STATE, 'UInt32'),
    namespace('TakeOrigin', 'Where `TakeSource.path` points.', TAKE_ORIGIN, 'UInt32'),
    namespace('TakeFlags', 'Bits of `TakeSource.flags`.', TAKE_FLAGS, 'UInt32'),
    namespace('PrintFlags', 'Bits of `PrintOrder.flags`.', PRINT_FLAGS, 'UInt32'),
    namespace('RangeFlags', 'Bits of `TakeRange.flags`.', RANGE_FLAGS, 'UInt32'),
    namespace('RenderFlags', 'Bits of `RenderPart.flags`.', RENDER_FLAGS, 'UInt32'),
    namespace('PluginIs', 'Bits of `detail` of a pluginLoaded event.', PLUGIN_IS, 'UInt32'),
    namespace('HostState', 'How far a process that runs plug-ins is.', HOST_STATE, 'UInt32'),
    namespace('PluginHeard', 'Whether a plug-in is heard.', PLUGIN_HEARD, 'UInt32'),
    namespace('ChainFlags', 'Bits of `ChainSpec.flags`.', CHAIN_FLAGS, 'UInt32'),
    namespace('RenderMode', 'How a part follows the tempo of its recipe.', RENDER_MODE, 'UInt32'),
    ...featureLayout,
    ...names.map(record),
    'private func recordBytes(_ index: UInt32) -> UInt32 {',
    '    switch index {',
    ...names.map((name, index) => `    case ${index}: return UInt32(${name}.byteCount)`),
    '    default: return 0',
    '    }',
    '}',
    '',
    'private func recordProbe(_ index: UInt32, _ buffer: UnsafeMutableRawPointer?) -> Int32 {',
    '    guard let base = buffer else { return -Int32(ErrorCode.commandBounds) }',
    '    switch index {',
    ...names.map(probe),
    '    default: return -Int32(ErrorCode.commandBounds)',
    '    }',
    '    return 0',
    '}',
    '',
    ...(Object.entries(FUNCTIONS) as Parameters<typeof entryPoint>[0][]).map(entryPoint),
  ].join('\n');
};
