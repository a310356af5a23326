import { expect, test } from 'bun:test';
import { makeLostWatch } from '../../../server/engine/lost-watch.ts';

test('events that were lost are logged and told once, and again when more are', () => {
  const told: number[] = [];
  const logged: unknown[] = [];
  const watch = makeLostWatch({ burst: (code) => told.push(code) }, (level, event, details) =>
    logged.push([level, event, details]),
  );
  for (const eventsLost of [0, 3, 3, 4]) watch({ eventsLost });
  expect(told).toEqual([2007, 2007]);
  const event = 'events of the core were lost';
  expect(logged).toEqual([
    ['error', event, { count: 3, total: 3 }],
    ['error', event, { count: 1, total: 4 }],
  ]);
});
