import { describe, expect, test } from 'bun:test';
import { encodeBinary, encodeJson, FrameReader } from '../../../server/link/framing.ts';
import { SendQueue } from '../../../server/link/send-queue.ts';

/** Takes `room` bytes, then no more until it is given room again. */
const makeSink = (room: number) => {
  const taken: number[] = [];
  return {
    room,
    taken,
    write(bytes: Uint8Array) {
      const count = Math.min(this.room, bytes.length);
      taken.push(...bytes.subarray(0, count));
      this.room -= count;
      return count;
    },
  };
};

const read = (bytes: readonly number[]): unknown[] => {
  const seen: unknown[] = [];
  const reader = new FrameReader({
    onJson: (m) => seen.push(m),
    onBinary: (b) => seen.push([...b]),
  });
  reader.push(new Uint8Array(bytes));
  return seen;
};

describe('send queue', () => {
  test('of waiting binary messages only the newest goes, after the JSON before it', () => {
    const queue = new SendQueue();
    const sink = makeSink(0);
    queue.offerFrame(encodeBinary(new Uint8Array([1])));
    queue.offerFrame(encodeBinary(new Uint8Array([2])));
    queue.offer(encodeJson('patch'));
    expect(queue.flush(sink)).toBeFalse();
    sink.room = 1000;
    expect(queue.flush(sink)).toBeTrue();
    expect(read(sink.taken)).toEqual(['patch', [2]]);
  });

  test('a message that began is finished although all waiting ones are dropped', () => {
    const queue = new SendQueue();
    const sink = makeSink(6);
    queue.offer(encodeJson('begun'));
    queue.offer(encodeJson('waiting'));
    queue.flush(sink);
    queue.dropWaiting();
    queue.offer(encodeJson('later'));
    sink.room = 1000;
    queue.flush(sink);
    expect(read(sink.taken)).toEqual(['begun', 'later']);
  });

  test('what exceeds the capacity is refused and counted nowhere', () => {
    const queue = new SendQueue(100);
    expect(queue.offer(new Uint8Array(60))).toBeTrue();
    expect(queue.offer(new Uint8Array(41))).toBeFalse();
    expect(queue.queuedBytes).toBe(60);
    expect(queue.offer(new Uint8Array(40))).toBeTrue();
  });

  test('one message larger than the capacity passes an empty queue', () => {
    expect(new SendQueue(100).offer(new Uint8Array(5000))).toBeTrue();
  });

  test('a socket that answers with a negative number has taken nothing', () => {
    const queue = new SendQueue();
    queue.offer(encodeJson('kept'));
    expect(queue.flush({ write: () => -1 })).toBeFalse();
    const sink = makeSink(100);
    queue.flush(sink);
    expect(read(sink.taken)).toEqual(['kept']);
  });
});
