import { describe, expect, test } from 'bun:test';
import type { SessionEvent } from '../../../server/session/state/events.ts';
import { reduce } from '../../../server/session/state/reduce.ts';
import { take } from './any-event.ts';
import { Rig } from './rig.ts';

describe('the reducer', () => {
  const { state } = new Rig();

  test('RECORDING before MUTED before PLAYING before EMPTY', () => {
    const of = (...events: SessionEvent[]) => events.reduce(reduce, state).slots[0]?.state;
    const filled = { t: 'slotContent', slot: 0, content: take } as const;
    const muted = { t: 'slotMute', slot: 0, muted: true } as const;
    const recording = {
      t: 'slotPending',
      slot: 0,
      pending: { kind: 'capture', atFrame: 1, takeId: 'x', bars: 1 },
    } as const;
    expect(of(muted)).toBe('EMPTY');
    expect(of(filled)).toBe('PLAYING');
    expect(of(filled, muted)).toBe('MUTED');
    expect(of(filled, muted, recording)).toBe('RECORDING');
  });

  test('audible is: not muted, and no solo or soloed', () => {
    const solo = (slot: number) => ({ t: 'slotSolo', slot, soloed: true }) as const;
    const mute = { t: 'slotMute', slot: 1, muted: true } as const;
    const audible = (...events: SessionEvent[]) =>
      events
        .reduce(reduce, state)
        .slots.slice(0, 3)
        .map((each) => each.audible);
    expect(audible(mute)).toEqual([true, false, true]);
    expect(audible(solo(0))).toEqual([true, false, false]);
    expect(audible(solo(1), mute)).toEqual([false, false, false]);
  });

  test('an alert that happens again is counted, not doubled', () => {
    const alert = { t: 'alert', id: '2001', code: 2001, atMs: 5 } as const;
    const twice = reduce(reduce(state, alert), { ...alert, atMs: 9 });
    expect(twice.alerts).toEqual({ 2001: { code: 2001, sinceMs: 5, count: 2 } });
    expect(reduce(twice, { t: 'alertGone', id: '2001' }).alerts).toEqual({});
  });
});
