import { describe, expect, test } from 'bun:test';
import * as fc from 'fast-check';
import { LIMITS } from '../../../protocol/limits.ts';
import {
  encodeBinary,
  encodeJson,
  FrameReader,
  FramingError,
} from '../../../server/link/framing.ts';
import { printedSeed } from '../../support/seed.ts';

const collect = () => {
  const seen: unknown[] = [];
  const reader = new FrameReader({
    onJson: (message) => seen.push(message),
    onBinary: (bytes) => seen.push([...bytes]),
  });
  return { seen, reader };
};

const concat = (parts: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts));

const withLength = (length: number, kind: number) => {
  const bytes = new Uint8Array(5);
  new DataView(bytes.buffer).setUint32(0, length, true);
  bytes[4] = kind;
  return bytes;
};

describe('framing', () => {
  test('messages come out as they went in, however the stream is cut', () => {
    const message = fc.oneof(fc.jsonValue(), fc.uint8Array({ maxLength: 300 }));
    fc.assert(
      fc.property(
        fc.array(message, { maxLength: 20 }),
        fc.infiniteStream(fc.integer({ min: 1, max: 90 })),
        (messages, cuts) => {
          const { seen, reader } = collect();
          const stream = concat(
            messages.map((m) => (m instanceof Uint8Array ? encodeBinary(m) : encodeJson(m))),
          );
          let at = 0;
          for (const cut of cuts) {
            if (at >= stream.length) break;
            reader.push(stream.subarray(at, at + cut));
            at += cut;
          }
          expect(seen).toEqual(
            messages.map((m) =>
              m instanceof Uint8Array ? [...m] : (JSON.parse(JSON.stringify(m)) as unknown),
            ),
          );
        },
      ),
      { numRuns: 300, seed: printedSeed() },
    );
  });

  test('a message larger than the first buffer arrives whole', () => {
    const { seen, reader } = collect();
    const text = 'x'.repeat(300_000);
    const stream = concat([encodeJson('a'), encodeJson({ text }), encodeJson('b')]);
    for (let at = 0; at < stream.length; at += 65_536)
      reader.push(stream.subarray(at, at + 65_536));
    expect(seen).toEqual(['a', { text }, 'b']);
  });

  test('random bytes give messages or a FramingError, never another error', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 64 }), { maxLength: 8 }), (chunks) => {
        const { reader } = collect();
        try {
          for (const chunk of chunks) reader.push(chunk);
        } catch (error) {
          expect(error).toBeInstanceOf(FramingError);
        }
      }),
      { numRuns: 500, seed: printedSeed() },
    );
  });

  test('a length of zero, a length over the limit and an unknown kind are refused', () => {
    for (const bad of [
      withLength(0, 0),
      withLength(LIMITS.linkMessageBytesMax + 1, 0),
      withLength(1, 7),
    ]) {
      expect(() => collect().reader.push(bad)).toThrow(FramingError);
    }
    expect(() => collect().reader.push(withLength(1, 1))).not.toThrow();
  });

  test('the bytes of a binary message belong to the receiver', () => {
    const kept: Uint8Array[] = [];
    const reader = new FrameReader({ onJson: () => undefined, onBinary: (b) => kept.push(b) });
    reader.push(encodeBinary(new Uint8Array([1, 2, 3])));
    reader.push(encodeBinary(new Uint8Array([9, 9, 9])));
    expect(kept.map((bytes) => [...bytes])).toEqual([
      [1, 2, 3],
      [9, 9, 9],
    ]);
  });
});
