import { afterEach, beforeEach, describe, expect, jest, test } from 'bun:test';
import { HOLD_MS, makeGesture } from '../../web/input/press.ts';
import { belongsToFocus, type KeyActions, type KeyPress, pressKey } from '../../web/input/keys.ts';

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

const point = (change: object = {}) => ({
  pointerId: 1,
  clientX: 100,
  clientY: 100,
  timeStamp: 1000,
  shiftKey: false,
  altKey: false,
  button: 0,
  ...change,
});

const setUp = ({ isEnabled = true, canDrag = true } = {}) => {
  const log: string[] = [];
  const gesture = makeGesture({
    isEnabled: () => isEnabled,
    onLight: (isLit) => log.push(isLit ? 'lit' : 'dark'),
    onPress: (downMs, isAlt) => log.push(`press ${downMs}${isAlt ? ' alt' : ''}`),
    onHold: () => log.push('hold'),
    onDragStart: () => {
      log.push('drag');
      return canDrag;
    },
    onDrag: (up) => log.push(`by ${up}`),
    onDragEnd: () => log.push('end'),
  });
  return { gesture, log };
};

describe('a finger on a pad', () => {
  test('lights on the way down, presses on the way up with the time of the way down', () => {
    const { gesture, log } = setUp();
    gesture.down(point());
    expect(log).toEqual(['lit']);
    gesture.up(point({ timeStamp: 1180 }));
    expect(log).toEqual(['lit', 'dark', 'press 1000']);
  });

  test('held, it opens and does not press', () => {
    const { gesture, log } = setUp();
    gesture.down(point());
    jest.advanceTimersByTime(HOLD_MS - 1);
    expect(log).not.toContain('hold');
    jest.advanceTimersByTime(1);
    gesture.up(point({ timeStamp: 1500 }));
    expect(log).toEqual(['lit', 'dark', 'hold', 'dark']);
  });

  test('sliding off sideways or losing the pointer is no press', () => {
    const { gesture, log } = setUp();
    gesture.down(point());
    gesture.move(point({ clientX: 115 }));
    gesture.up(point({ clientX: 115 }));
    gesture.down(point());
    gesture.cancel(point());
    jest.advanceTimersByTime(1000);
    expect(log.filter((line) => line.startsWith('press') || line === 'hold')).toEqual([]);
  });

  test('moved up it drags and does not press; an empty pad has nothing to drag', () => {
    const { gesture, log } = setUp();
    gesture.down(point());
    gesture.move(point({ clientY: 95 }));
    gesture.move(point({ clientY: 80 }));
    gesture.up(point({ clientY: 80 }));
    expect(log).toEqual(['lit', 'dark', 'drag', 'by 20', 'end', 'dark']);
    const empty = setUp({ canDrag: false });
    empty.gesture.down(point());
    empty.gesture.move(point({ clientY: 60 }));
    empty.gesture.up(point({ clientY: 60 }));
    expect(empty.log.some((line) => line.startsWith('by') || line === 'end')).toBe(false);
  });

  test('a second finger on the same pad does nothing, another button neither', () => {
    const { gesture, log } = setUp();
    expect(gesture.down(point())).toBe(true);
    expect(gesture.down(point({ pointerId: 2 }))).toBe(false);
    gesture.up(point({ pointerId: 2 }));
    expect(log).toEqual(['lit']);
    expect(setUp().gesture.down(point({ button: 2 }))).toBe(false);
  });

  test('the click that follows a press is not a second one; a lone click is', () => {
    const { gesture, log } = setUp();
    gesture.down(point());
    gesture.up(point({ timeStamp: 1100 }));
    gesture.click({ timeStamp: 1101, altKey: false });
    gesture.click({ timeStamp: 3000, altKey: true });
    expect(log.filter((line) => line.startsWith('press'))).toEqual([
      'press 1000',
      'press 3000 alt',
    ]);
  });

  test('while the line is down nothing happens', () => {
    const { gesture, log } = setUp({ isEnabled: false });
    gesture.down(point());
    gesture.up(point());
    gesture.click({ timeStamp: 9000, altKey: false });
    gesture.menu();
    expect(log).toEqual([]);
  });
});

describe('keys', () => {
  const key = (change: Partial<KeyPress>): KeyPress => ({
    code: '',
    key: '',
    shiftKey: false,
    metaKey: false,
    ctrlKey: false,
    altKey: false,
    repeat: false,
    timeStamp: 50,
    ...change,
  });
  const listen = (hasSingleKeys = true) => {
    const log: string[] = [];
    const note =
      (name: string) =>
      (...values: unknown[]) => {
        log.push([name, ...values].join(' '));
      };
    const actions: KeyActions = {
      captureSlot: note('slot'),
      toggleMute: note('mute'),
      captureZone: note('zone'),
      togglePlay: note('play'),
      toggleMetronome: note('metronome'),
      tapTempo: note('tap'),
      toggleFree: note('free'),
      toggleMixer: note('mixer'),
      togglePlayPage: note('play page'),
      undo: note('undo'),
      redo: note('redo'),
      panic: note('panic'),
      showShortcuts: note('keys'),
      hasSingleKeys: () => hasSingleKeys,
    };
    return { log, press: (change: Partial<KeyPress>) => pressKey(key(change), actions) };
  };

  test.each([
    [{ code: 'Digit3' }, 'slot 2 50'],
    [{ code: 'Digit8', shiftKey: true, key: '(' }, 'mute 7 50'],
    [{ code: 'KeyR' }, 'zone 8 50'],
    [{ code: 'KeyE' }, 'zone 4 50'],
    [{ code: 'KeyW' }, 'zone 2 50'],
    [{ code: 'KeyQ' }, 'zone 1 50'],
    [{ code: 'Space' }, 'play'],
    [{ code: 'KeyM' }, 'metronome'],
    [{ code: 'KeyT' }, 'tap 50'],
    [{ code: 'KeyF' }, 'free'],
    [{ code: 'KeyZ', metaKey: true }, 'undo'],
    [{ code: 'KeyZ', ctrlKey: true }, 'undo'],
    [{ code: 'KeyZ', ctrlKey: true, shiftKey: true }, 'redo'],
    [{ code: 'Escape', shiftKey: true }, 'panic'],
    [{ code: 'Slash', key: '?', shiftKey: true }, 'keys'],
  ])('%j means %s, once', (change, meaning) => {
    const { log, press } = listen();
    expect(press(change)).toBe(true);
    press({ ...change, repeat: true });
    expect(log).toEqual([meaning]);
  });

  test.each([
    { code: 'KeyR', metaKey: true },
    { code: 'Digit1', ctrlKey: true },
    { code: 'Digit9' },
    { code: 'KeyR', shiftKey: true },
    { code: 'Escape' },
  ])('%j is left alone', (change) => {
    const { log, press } = listen();
    expect(press(change)).toBe(false);
    expect(log).toEqual([]);
  });

  test('switched off, letters and digits do nothing; commands still do', () => {
    const { log, press } = listen(false);
    press({ code: 'Digit1' });
    press({ code: 'KeyE' });
    press({ code: 'KeyZ', metaKey: true });
    expect(log).toEqual(['undo']);
  });

  test('nothing has the focus outside a browser', () => {
    expect(belongsToFocus(null, key({ code: 'Space' }))).toBe(false);
  });
});
