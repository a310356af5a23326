import { describe, expect, test } from 'bun:test';
import {
  coreRooms,
  realTimeImports,
  realTimeMarks,
  synchronizationImport,
  uncheckedFunctions,
} from './rules/swift-rooms.ts';
import { readTree } from './source.ts';

const CORE = 'Sources/FlowCore';
const MARKS = '@_noLocks @_noAllocation';

describe('the real-time side of FlowCore', () => {
  const tree = readTree();

  test('RealTime imports no system library except in Leaf.swift', () => {
    expect(realTimeImports(tree)).toEqual([]);
    const text = 'import Foundation\nstruct Mixer {}\n';
    expect(realTimeImports([{ path: `${CORE}/RealTime/Mixer.swift`, text }])).toHaveLength(1);
    expect(realTimeImports([{ path: `${CORE}/RealTime/Leaf.swift`, text }])).toEqual([]);
  });

  test('only AtomicCell.swift imports Synchronization', () => {
    expect(synchronizationImport(tree)).toEqual([]);
    const text = 'import Synchronization\n';
    expect(synchronizationImport([{ path: `${CORE}/Disk/SpoolDrain.swift`, text }])).toHaveLength(
      1,
    );
  });

  test('only AtomicCell.swift and Leaf.swift are left unchecked by the compiler', () => {
    expect(uncheckedFunctions(tree)).toEqual([]);
    const text = '@_semantics("no_performance_analysis")\nfunc render() {}\n';
    expect(uncheckedFunctions([{ path: `${CORE}/RealTime/Mixer.swift`, text }])).toHaveLength(1);
  });

  test('every function in RealTime is marked', () => {
    expect(realTimeMarks(tree)).toEqual([]);
  });

  test.each([
    ['func mix() {}', 1],
    ['@_noLocks\nmutating func mix() {}', 1],
    [`${MARKS}\nlet x = 1\nfunc mix() {}`, 1],
    [`/// ${MARKS}\nfunc mix() {}`, 1],
    [`${MARKS}\nmutating func mix() {}`, 0],
    [`${MARKS} @inline(__always)\nstatic func mix() {}`, 0],
    [`@_noLocks\n@_noAllocation\n@inline(__always)\nfunc mix() {}`, 0],
    [`${MARKS} static func == (a: Self, b: Self) -> Bool { true }`, 0],
    ['@_semantics("no_performance_analysis")\nfunc now() -> UInt64 { clock() }', 0],
    ['func deallocate() { pointer.deallocate() }', 0],
    ['init(capacityFrames: Int) {}', 0],
  ])('%j has %i unmarked functions', (text, count) => {
    expect(realTimeMarks([{ path: `${CORE}/RealTime/Mixer.swift`, text }])).toHaveLength(count);
  });

  test('FlowCore names types only in the allowed direction', () => {
    expect(coreRooms(tree)).toEqual([]);
    const device = { path: `${CORE}/Devices/JackDevice.swift`, text: 'final class JackDevice {}' };
    const spool = { path: `${CORE}/Disk/SpoolWriter.swift`, text: 'final class SpoolWriter {}' };
    const naming = (path: string, type: string) =>
      coreRooms([device, spool, { path: `${CORE}/${path}`, text: `let x: ${type}?` }]).length;
    expect(naming('RealTime/Mixer.swift', 'SpoolWriter')).toBe(1);
    expect(naming('Exchange/EventRing.swift', 'SpoolWriter')).toBe(1);
    expect(naming('Disk/TakeFile.swift', 'JackDevice')).toBe(1);
    expect(naming('Control/FlowEngine.swift', 'JackDevice')).toBe(0);
    expect(naming('Control/LoopPool.swift', 'SpoolWriter')).toBe(0);
  });
});
