/** The one animation loop, and what happens to it when something in it goes wrong. */
import { afterEach, expect, spyOn, test } from 'bun:test';
import { makePainter } from '../../web/sync/make-painter.ts';

const reported = spyOn(globalThis, 'reportError').mockImplementation(() => undefined);
afterEach(() => {
  reported.mockClear();
});

test('one painter that throws is reported; it and the others are painted on', () => {
  let next: ((nowMs: number) => void) | undefined;
  const painter = makePainter((paint) => {
    next = paint;
  });
  const painted: string[] = [];
  const fault = new Error('no canvas yet');
  painter.add((nowMs) => {
    if (nowMs === 32) throw fault;
    painted.push(`one ${nowMs}`);
  });
  painter.add((nowMs) => painted.push(`two ${nowMs}`));
  for (const nowMs of [16, 32, 48]) next?.(nowMs);
  expect(painted).toEqual(['one 16', 'two 16', 'two 32', 'one 48', 'two 48']);
  expect(reported.mock.calls).toEqual([[fault]]);
});
