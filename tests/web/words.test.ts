import { describe, expect, test } from 'bun:test';
import { emptySlot } from '../../protocol/empty-state.ts';
import { LOOK_WORDS, slotLook } from '../../web/music/slot-look.ts';
import { agoText } from '../../web/music/ago.ts';
import { barsText, padLabel, riffWords } from '../../web/music/words.ts';
import { centreWords } from '../../web/stage/slot-words.ts';
import { stepWords } from '../../web/overlay/step-words.ts';
import { readBpm } from '../../web/stage/create-tempo.ts';
import type { SlotOf } from '../../protocol/state.ts';

const INPUTS = { isTarget: false, isSending: false, isPlaying: true };
const loop: SlotOf = { ...emptySlot('a'), state: 'PLAYING', takeId: 't', bars: 4 };

describe('what a slot says', () => {
  const pending = { kind: 'mute' as const, atFrame: 9, takeId: null, bars: 0 };
  test.each([
    ['empty', emptySlot('a'), {}],
    ['target', emptySlot('a'), { isTarget: true }],
    ['playing', loop, {}],
    ['held', loop, { isPlaying: false }],
    ['muted', { ...loop, state: 'MUTED' as const, muted: true, audible: false }, {}],
    ['solo', { ...loop, soloed: true }, {}],
    ['bySolo', { ...loop, audible: false }, {}],
    ['gap', { ...loop, tainted: true }, {}],
    ['damaged', { ...loop, tainted: true, damaged: true }, {}],
    ['pending', { ...loop, pending }, {}],
    ['recording', { ...loop, state: 'RECORDING' as const, pending }, {}],
    ['sending', loop, { isSending: true }],
  ] as const)('%s', (look, slot, inputs) => {
    expect(slotLook(slot, { ...INPUTS, ...inputs })).toBe(look);
  });

  test('every look has its own word', () => {
    const words = Object.values(LOOK_WORDS);
    expect(new Set(words).size).toBe(words.length);
  });

  test('the accessible name changes with state, name and length', () => {
    expect(padLabel(2, { ...loop, name: 'Rhodes' }, 'Playing', 4)).toBe(
      '3 Rhodes, playing, 4 bars. Capture the last 4 bars',
    );
    expect(padLabel(7, emptySlot('a'), 'Empty', 1)).toBe('8, empty. Capture the last bar');
  });
});

test('the middle of a ring', () => {
  const base = {
    look: 'playing' as const,
    index: 2,
    bars: 1,
    pendingBars: 0,
    loopBars: 4,
    hasTake: true,
    dragged: undefined,
    isPhone: false,
  };
  expect(centreWords(base)).toEqual(['1', 'bar']);
  expect(centreWords({ ...base, look: 'target', hasTake: false })).toEqual(['4', 'bars into 3']);
  expect(centreWords({ ...base, dragged: 0.5 })).toEqual(['−6.0', 'dB']);
  expect(centreWords({ ...base, look: 'recording', pendingBars: 8 })).toEqual(['', 'of 8 bars']);
  expect(centreWords({ ...base, look: 'muted', isPhone: true })).toEqual(['1', 'muted']);
});

test('a riff names what made it', () => {
  const riff = { cause: 'CAPTURE' as const, slot: 4, bars: 8, label: '' };
  expect(riffWords(riff)).toEqual({ before: '8 bars into', slot: 4 });
  expect(riffWords({ ...riff, bars: 1 }).before).toBe('1 bar into');
  expect(riffWords({ ...riff, cause: 'CLEAR' })).toEqual({ before: 'Cleared', slot: 4 });
  expect(riffWords({ ...riff, cause: 'TEMPO', label: 'tempo 98' }).before).toBe('tempo 98');
  expect(riffWords({ ...riff, cause: 'OVERDUB' })).toEqual({ before: '8 bars over', slot: 4 });
  expect(riffWords({ ...riff, cause: 'MERGE' })).toEqual({ before: 'Merged into', slot: 4 });
  expect(riffWords({ ...riff, cause: 'TAIL' })).toEqual({ before: 'Tail of', slot: 4 });
  expect(riffWords({ ...riff, cause: 'TEMPO_MODE' })).toEqual({ before: 'Tempo mode of', slot: 4 });
  expect(barsText(2)).toBe('2 bars');
});

test('what became of the head is spoken as a step, an undo, a redo or a riff that was loaded', () => {
  const row = { parentId: 'a', cause: 'CAPTURE' as const, slot: 2, bars: 4, label: '' };
  const step = { isUndone: false, isRedone: false };
  expect(stepWords(row, 'a', step)).toBe('4 bars into slot 3');
  expect(stepWords(row, 'b', { ...step, isUndone: true })).toBe(
    'Undone. Now at: 4 bars into slot 3',
  );
  expect(stepWords(row, 'a', { ...step, isRedone: true })).toBe('Redone: 4 bars into slot 3');
  expect(stepWords(row, 'b', step)).toBe('Loaded: 4 bars into slot 3');
  expect(stepWords(undefined, 'b', { ...step, isUndone: true })).toBe(
    'Undone. Now at: an older step',
  );
});

test('times are near ones first', () => {
  const now = new Date(2026, 10, 23, 15, 0, 0).getTime();
  expect(agoText(now - 5000, now)).toBe('just now');
  expect(agoText(now - 43_000, now)).toBe('40 s ago');
  expect(agoText(now - 200_000, now)).toBe('3 min ago');
  expect(agoText(now - 7_200_000, now)).toBe('13:00');
  expect(agoText(now - 100_000_000, now)).toMatch(/^22 Nov /);
});

test('a typed tempo', () => {
  expect(readBpm('92,5')).toBe(92.5);
  expect(readBpm('999')).toBe(300);
  expect(readBpm('1')).toBe(20);
  expect(readBpm('fast')).toBeUndefined();
  expect(readBpm(' ')).toBeUndefined();
});
