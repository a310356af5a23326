import { describe, expect, test } from 'bun:test';
import { fileSize, LINES_MAX, lineCount, median, ownCode } from './rules/size.ts';
import { readTree } from './source.ts';

const file = (path: string, lines: number) => ({ path, text: 'x\n'.repeat(lines) });

describe('file size', () => {
  test(`no file is longer than ${LINES_MAX} lines`, () => {
    expect(fileSize(readTree())).toEqual([]);
  });

  test('one line too many is caught; generated files and documents are exempt', () => {
    expect(fileSize([file('server/main.ts', LINES_MAX)])).toEqual([]);
    expect(fileSize([file('server/main.ts', LINES_MAX + 1)])).toHaveLength(1);
    expect(fileSize([file('Sources/FlowCore/RealTime/Mixer.swift', LINES_MAX + 1)])).toHaveLength(
      1,
    );
    expect(fileSize([file('server/engine/flow-core.generated.ts', 2000)])).toEqual([]);
    expect(fileSize([file('ARCHITECTURE.md', 2000)])).toEqual([]);
  });

  test('the numbers, for the record', () => {
    const files = ownCode(readTree());
    const counts = files.map(lineCount);
    const longest = files.toSorted((a, b) => lineCount(b) - lineCount(a))[0];
    const max = longest ? `${lineCount(longest)} (${longest.path})` : 'none';
    process.stderr.write(`${files.length} files, median ${median(counts)} lines, longest ${max}\n`);
    expect(counts.length).toBeGreaterThan(0);
  });
});
