import { describe, expect, test } from 'bun:test';
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { GENERATED, staleFiles } from '../../protocol/generate.ts';
import { abiHash, protocolHash } from '../../protocol/hash.ts';
import { ABI_HASH, PROTOCOL_HASH } from '../../protocol/version.ts';
import { ROOT } from './source.ts';

const copyGenerated = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'flowzone-generated-'));
  for (const path of Object.keys(GENERATED)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), readFileSync(join(ROOT, path)));
  }
  return folder;
};

describe('generated files', () => {
  test('they are what the tables say', () => {
    expect(staleFiles()).toEqual([]);
  });

  test('one changed by hand is caught, a missing one too', () => {
    const folder = copyGenerated();
    const [first = '', second = ''] = Object.keys(GENERATED);
    expect(staleFiles(folder)).toEqual([]);
    appendFileSync(join(folder, first), '// by hand\n');
    expect(staleFiles(folder)).toEqual([first]);
    rmSync(join(folder, second));
    expect(staleFiles(folder)).toEqual([first, second]);
    rmSync(folder, { recursive: true });
  });

  test('the pinned hashes are those of the schemas: a change of the wire raises its version', () => {
    expect(PROTOCOL_HASH).toBe(protocolHash());
    expect(ABI_HASH).toBe(abiHash());
  });
});
