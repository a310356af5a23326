import { expect, test } from 'bun:test';
import { isMachO } from './mach-o.ts';

const file = (...words: number[]) => {
  const bytes = new Uint8Array(4 * words.length);
  const view = new DataView(bytes.buffer);
  for (const [index, word] of words.entries()) view.setUint32(4 * index, word, true);
  return bytes;
};

test('a Mach-O file is known by its first words, and by no others', () => {
  const arm = file(0xfeedfacf, 0x0100000c, 0);
  expect(isMachO(arm, 'aarch64-macos.13.0')).toBe(true);
  expect(isMachO(arm, 'x86_64-macos.13.0')).toBe(false);
  expect(isMachO(file(0xfeedfacf, 0x01000007), 'x86_64-macos.13.0')).toBe(true);
  expect(isMachO(file(0x464c457f, 0x0100000c), 'aarch64-macos.13.0')).toBe(false);
  expect(isMachO(file(0xfeedfacf), 'aarch64-macos.13.0')).toBe(false);
});
