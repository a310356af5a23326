/** What sessions are called, and the list of them. */
import { describe, expect, test } from 'bun:test';
import { BAR_FRAMES } from './core-event.ts';
import { captured, made, NOWHERE, open, sessionsOf, withRig } from './session-rig.ts';
import { FIRST } from './session-store.ts';

describe('names', () => {
  const LONGEST = 'é'.repeat(127);

  test('the open one, one that was open, one that never was; an unknown one is 4017', () =>
    withRig(async (rig, store) => {
      const second = await made(rig, 'B');
      await rig.ask({ cmd: 'RENAME_SESSION', name: ' C ' });
      expect(rig.state.meta.sessionName).toBe('C');
      await rig.ask({ cmd: 'RENAME_SESSION', name: 'A', sessionId: FIRST });
      expect(rig.state.meta.sessionName).toBe('C');
      await open(rig, FIRST);
      expect(rig.state.meta.sessionName).toBe('A');
      await sessionsOf(rig);
      const next = store.makeRig({ sessionId: second });
      await next.ask({ cmd: 'RENAME_SESSION', name: LONGEST, sessionId: FIRST });
      const { items } = await sessionsOf(next);
      expect(items.map(({ id, name }) => [id, name])).toEqual([
        [FIRST, LONGEST],
        [second, 'C'],
      ]);
      const refused = { cmd: 'RENAME_SESSION', name: 'X', sessionId: NOWHERE } as const;
      expect(await next.ask(refused)).toMatchObject({ code: 4017 });
    })());

  test.each(['', '   ', 'a\nb', 'a\u0000', '\u2028x', `${LONGEST}ab`, '\u007f'])(
    '%j is 4018',
    (name) =>
      withRig(async (rig) => {
        expect(await rig.ask({ cmd: 'RENAME_SESSION', name })).toMatchObject({ code: 4018 });
        expect(await rig.ask({ cmd: 'NEW_SESSION', name })).toMatchObject({ code: 4018 });
        expect(rig.state.meta).toMatchObject({ sessionId: FIRST, sessionName: 'Session' });
      })(),
  );
});

describe('the list', () => {
  test('tells of each what is in it; the last used first, a page at a time', () =>
    withRig(async (rig) => {
      await captured(rig, 0);
      await captured(rig, 0);
      rig.core.frame += 1000;
      const second = await made(rig, 'B');
      rig.core.frame += 1000;
      const third = await made(rig, 'C');
      const { items, next } = await sessionsOf(rig, 2);
      expect(items.map(({ id, open: isOpen }) => [id, isOpen])).toEqual([
        [third, true],
        [second, false],
      ]);
      expect(next).toBe(second);
      const rest = await sessionsOf(rig, 2, second);
      expect(rest.next).toBeNull();
      // Two takes of 4 bars at 120 bpm; neither has a file yet, and each will be as large as it is long.
      expect(rest.items).toMatchObject([
        {
          id: FIRST,
          name: 'Session',
          riffs: 2,
          takes: 2,
          bytes: 2 * (58 + 8 * 4 * BAR_FRAMES),
          durationMs: 16_000,
          open: false,
        },
      ]);
    })());
});
