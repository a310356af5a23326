/** A fader under a finger: it moves from where it stands, finely with Shift, and back by two taps. */
import { expect, test } from 'bun:test';
import { makeSlideGesture } from '../../web/input/slide.ts';

const makeFader = (isLying = false) => {
  const did: string[] = [];
  let sumPx = 0;
  const gesture = makeSlideGesture({
    isEnabled: () => true,
    isLying: () => isLying,
    onStart: () => void did.push('start'),
    onMove: (px) => {
      sumPx += px;
    },
    onEnd: () => void did.push('end'),
    onDoubleTap: () => void did.push('rest'),
  });
  const point = (clientX: number, clientY: number, timeStamp = 0, shiftKey = false) => ({
    pointerId: 1,
    button: 0,
    clientX,
    clientY,
    timeStamp,
    shiftKey,
  });
  return { gesture, did, point, sumPx: () => sumPx };
};

test('a touch alone moves nothing; up is more, and Shift makes the way four times finer', () => {
  const { gesture, point, sumPx } = makeFader();
  gesture.down(point(0, 300));
  expect(sumPx()).toBe(0);
  gesture.move(point(50, 260));
  expect(sumPx()).toBe(40);
  gesture.move(point(50, 220, 0, true));
  expect(sumPx()).toBe(50);
});

test('lying, right is more', () => {
  const { gesture, point, sumPx } = makeFader(true);
  gesture.down(point(10, 0));
  gesture.move(point(35, 90));
  expect(sumPx()).toBe(25);
});

test('two taps are the place of rest, a third begins anew, and a drag between them is none', () => {
  const { did, gesture, point } = makeFader();
  const tap = (atMs: number) => {
    gesture.down(point(0, 0, atMs));
    gesture.up(point(0, 0, atMs + 40));
  };
  tap(0);
  tap(200);
  expect(did.filter((each) => each === 'rest')).toHaveLength(1);
  tap(400);
  expect(did.filter((each) => each === 'rest')).toHaveLength(1);
  gesture.down(point(0, 0, 500));
  gesture.move(point(0, 30, 520));
  gesture.up(point(0, 30, 540));
  tap(600);
  expect(did.filter((each) => each === 'rest')).toHaveLength(1);
});

test('another finger is not heard, and a lost pointer ends the move', () => {
  const { did, gesture, point, sumPx } = makeFader();
  gesture.down(point(0, 0));
  gesture.move({ ...point(0, -80), pointerId: 2 });
  expect(gesture.down({ ...point(0, 0), pointerId: 2 })).toBe(false);
  gesture.cancel(point(0, 0));
  gesture.move(point(0, -80));
  expect(did).toEqual(['start', 'end']);
  expect(sumPx()).toBe(0);
});
