import { describe, expect, test } from 'bun:test';
import { TypeCompiler } from '@sinclair/typebox/compiler';
import { layoutOf, RECORDS } from '../../protocol/abi.ts';
import { COMMANDS } from '../../protocol/commands.ts';
import { ERRORS, errorByCode } from '../../protocol/errors.ts';
import { featureLayout, packCounts, unpackCounts } from '../../protocol/features.ts';
import { LIMITS } from '../../protocol/limits.ts';
import { canonicalJson } from '../../protocol/state-hash.ts';

describe('errors', () => {
  test('every code is used once, in its group, with three sentences for the player', () => {
    const codes = Object.values(ERRORS).map((row) => row.code);
    expect(new Set(codes).size).toBe(codes.length);
    for (const row of Object.values(ERRORS)) {
      expect(errorByCode(row.code)?.row).toBe(row);
      for (const sentence of [row.says, row.safe, row.action])
        expect(sentence).toMatch(/^[A-Z].*[.]$/);
    }
  });
});

describe('feature frames', () => {
  test('counts survive packing', () => {
    const counts = { slots: 32, bands: 32, buckets: 24 };
    expect(unpackCounts(packCounts(counts))).toEqual(counts);
  });

  test('the largest frame fits its limit', () => {
    const { end } = featureLayout({
      slots: LIMITS.featureSlotsMax,
      bands: LIMITS.bandCount,
      buckets: LIMITS.bucketsPerFrame,
    });
    expect(end * 4).toBeLessThanOrEqual(LIMITS.featureBytesMax);
  });
});

describe('records', () => {
  test('fields do not overlap and keep their alignment', () => {
    for (const layout of Object.values(RECORDS)) {
      const { offsets, bytes } = layoutOf(layout);
      const sorted = Object.values(offsets).toSorted((a, b) => a - b);
      expect(sorted).toEqual(Object.values(offsets));
      expect(bytes % 8).toBe(0);
    }
  });
});

describe('commands', () => {
  test('each schema accepts its own shape and refuses an unknown field', () => {
    const check = TypeCompiler.Compile(COMMANDS.SET_VOL);
    expect(check.Check({ cmd: 'SET_VOL', slot: 0, val: 0.5 })).toBe(true);
    expect(check.Check({ cmd: 'SET_VOL', slot: 0, val: 0.5, loud: 1 })).toBe(false);
    expect(check.Check({ cmd: 'SET_VOL', slot: 0, val: Number.NaN })).toBe(false);
  });
});

describe('canonical JSON', () => {
  test('keys are sorted at every depth and undefined members are left out', () => {
    expect(canonicalJson({ b: [{ d: 1, c: undefined }], a: 'é' })).toBe('{"a":"é","b":[{"d":1}]}');
  });
});
