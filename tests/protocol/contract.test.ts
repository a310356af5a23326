import { describe, expect, test } from 'bun:test';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { TypeCompiler } from '@sinclair/typebox/compiler';
import { layoutOf, RECORDS } from '../../protocol/abi.ts';
import { COMMANDS } from '../../protocol/commands.ts';
import { ERRORS, errorByCode } from '../../protocol/errors.ts';
import { featureLayout, packCounts, unpackCounts } from '../../protocol/features.ts';
import { LIMITS } from '../../protocol/limits.ts';
import { canonicalJson } from '../../protocol/state-hash.ts';

const ROOT = join(import.meta.dirname, '../..');

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

/** Codes that no file of server or FlowCore names; the generated table names them all. */
const unraised = (codes: readonly string[], sources: string): string[] =>
  codes.filter((name) => {
    const camel = name
      .replace('ERR_', '')
      .toLowerCase()
      .replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
    return !new RegExp(`\\b(ERRORS\\.${name}|ErrorCode\\.${camel})\\b`).test(sources);
  });

const sourcesOf = (glob: string): string =>
  [...new Bun.Glob(glob).scanSync(ROOT)]
    .filter((path) => !path.includes('.generated.'))
    .map((path) => readFileSync(join(ROOT, path), 'utf8'))
    .join('\n');

describe('error codes', () => {
  const sources = sourcesOf('server/**/*.ts') + sourcesOf('Sources/**/*.swift');

  test('every code is raised somewhere: one that nobody raises has to go', () => {
    expect(unraised(Object.keys(ERRORS), sources)).toEqual([]);
  });

  test('a planted code that nobody raises is found', () => {
    expect(unraised(['ERR_BUSY', 'ERR_NEVER_RAISED'], sources)).toEqual(['ERR_NEVER_RAISED']);
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
