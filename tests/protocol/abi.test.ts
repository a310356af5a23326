/** Swift writes a known value into every field; TypeScript must read it at the offset it knows. */
import { dlopen } from 'bun:ffi';
import { describe, expect, test } from 'bun:test';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type FieldType, layoutOf, RECORDS } from '../../protocol/abi.ts';
import * as core from '../../server/engine/flow-core.generated.ts';

const library = join(
  import.meta.dirname,
  `../../.build/release/libFlowCore.${process.platform === 'darwin' ? 'dylib' : 'so'}`,
);

const expected = (name: string, type: FieldType, record: number, field: number): unknown => {
  const value = 1000 * (record + 1) + 10 * (field + 1);
  const words = /^u32\[(\d+)\]$/.exec(type);
  if (words) return Array.from({ length: Number(words[1]) }, (_, at) => value + at);
  return type.startsWith('utf8') ? name : value;
};

/** Reads a record by its name; none for one that TypeScript has no reader for. */
const reader = (name: string): ((view: DataView) => object) | undefined =>
  Object.entries(core).find(([key]) => key === `read${name}`)?.[1] as
    | ((view: DataView) => object)
    | undefined;

describe('the border to FlowCore', () => {
  test('the library is built', () => {
    expect(existsSync(library)).toBe(true);
  });

  const { symbols } = dlopen(library, core.SYMBOLS);

  test('version and hash agree', () => {
    expect([symbols.fz_abi_version(), symbols.fz_abi_hash()]).toEqual([
      core.ABI.version,
      core.ABI.hash,
    ]);
  });

  for (const [index, [name, layout]] of Object.entries(RECORDS).entries()) {
    test(`${name}: every field stands where both sides look for it`, () => {
      const bytes = new Uint8Array(layoutOf(layout).bytes);
      expect(symbols.fz_record_bytes(index)).toBe(bytes.length);
      expect(symbols.fz_record_probe(index, bytes)).toBe(0);
      const wanted = Object.fromEntries(
        Object.entries(layout.fields).map(([key, type], at) => [
          key,
          expected(key, type, index, at),
        ]),
      );
      expect(reader(name)?.(new DataView(bytes.buffer))).toEqual(wanted);
    });
  }

  test('an offset moved by four bytes is noticed', () => {
    const bytes = new Uint8Array(core.EventRecordBytes + 4);
    symbols.fz_record_probe(2, bytes);
    const moved = core.readEventRecord(new DataView(bytes.buffer, 4));
    expect(moved.kind).not.toBe(3010);
    expect(moved.frame).not.toBe(3070);
  });

  test('nonsense is refused, not followed', () => {
    expect(symbols.fz_record_probe(99, new Uint8Array(8))).toBeLessThan(0);
    expect(symbols.fz_record_bytes(99)).toBe(0);
  });
});
