/** LEAVE_SAFE_MODE: answered, then the engine makes room for one that starts as ever. */
import { expect, test } from 'bun:test';
import { Rig } from './rig.ts';

const SAFE = { step: 1, reason: 'Started with --safe.', suspects: [], sinceMs: 5 };

test('in Safe Mode it is answered and done, and touches no music', async () => {
  const rig = new Rig({ safe: SAFE });
  const { history, meta } = rig.state;
  expect(meta).toMatchObject({ mode: 'SAFE', safe: SAFE });
  expect(await rig.ask({ cmd: 'LEAVE_SAFE_MODE' })).toMatchObject({ type: 'OK' });
  expect(rig.leftSafeMode).toBe(1);
  expect(rig.state.history).toEqual(history);
  for (const cmd of ['UNDO', 'REDO'] as const) {
    const answer = await rig.ask({ cmd, scope: 'SESSION' });
    expect(answer).toMatchObject({ type: 'ERROR', code: cmd === 'UNDO' ? 4005 : 4006 });
  }
});

test('otherwise it is refused', async () => {
  const rig = new Rig();
  expect(await rig.ask({ cmd: 'LEAVE_SAFE_MODE' })).toMatchObject({ type: 'ERROR', code: 4020 });
  expect(rig.leftSafeMode).toBe(0);
});
