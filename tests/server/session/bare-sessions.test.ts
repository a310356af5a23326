/** A session that a start in Safe Mode left without loops is opened with them. */
import { expect, test } from 'bun:test';
import { write } from '../../../server/session/store/write.ts';
import { captured, made, open, sessionsOf, withRig } from './session-rig.ts';
import { FIRST } from './session-store.ts';

const undo = { cmd: 'UNDO', scope: 'SESSION' } as const;

test('the session left bare comes back as the player left it, also for the next start', () =>
  withRig(async (rig, store) => {
    const takes = [await captured(rig, 0), await captured(rig, 3)];
    const { head, root } = rig.history;
    const content = [...rig.content];
    const other = await made(rig, 'B');
    rig.session.end();
    await rig.settle();
    await sessionsOf(rig);
    const bare = { sessionId: FIRST, from: head.id, to: root.id, gridShift: 0, atMs: 9 };
    write(store.db, { kind: 'head', ...bare, cause: 'SAFE', moveId: 'bare' });

    const next = store.makeRig({ sessionId: other });
    expect(await open(next, FIRST)).toMatchObject({ type: 'OK' });
    expect(next.content).toEqual(content);
    expect(next.content).toContain(takes[1] ?? '');
    expect(next.state.history).toMatchObject({ canUndo: true, canRedo: false });
    next.session.end();
    await next.settle();
    expect(next.writes.filter(({ kind }) => kind === 'head')).toMatchObject([
      { sessionId: FIRST, from: root.id, to: head.id, cause: 'RECALL' },
    ]);

    await open(next, other);
    expect((await open(next, FIRST)).type).toBe('OK');
    expect(next.writes.filter(({ kind }) => kind === 'head')).toHaveLength(1);
    await next.ask(undo);
    expect(next.content.slice(0, 4)).toEqual([takes[0] ?? '', null, null, null]);
  })());

test('where the player went himself he stays', () =>
  withRig(async (rig, store) => {
    await captured(rig, 0);
    await rig.ask(undo);
    const other = await made(rig, 'B');
    rig.session.end();
    await rig.settle();
    await sessionsOf(rig);

    const next = store.makeRig({ sessionId: other });
    await open(next, FIRST);
    expect(next.content).toEqual(Array(8).fill(null));
    expect(next.state.history).toMatchObject({ canUndo: false, canRedo: true });
    expect(next.writes.filter(({ kind }) => kind === 'head')).toEqual([]);
  })());
