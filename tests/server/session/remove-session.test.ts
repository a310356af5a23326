import { describe, expect, test } from 'bun:test';
import { EXPORT_STATE } from '../../../protocol/abi.ts';
import { begun, tell } from './export-rig.ts';
import { captured, made, NOWHERE, open, sessionsOf, withRig } from './session-rig.ts';
import { FIRST } from './session-store.ts';

const DAY_MS = 86_400_000;

const remove = (sessionId: string, riffs: number) =>
  ({ cmd: 'REMOVE_SESSION', sessionId, riffs }) as const;
const restore = (sessionId: string) => ({ cmd: 'RESTORE_SESSION', sessionId }) as const;

describe('removing a session', () => {
  test(
    'it is not listed and cannot be opened, until it is brought back as it was',
    withRig(async (rig) => {
      const takeId = await captured(rig, 0);
      const second = await made(rig, 'B');
      expect(await rig.ask(remove(FIRST, 1))).toMatchObject({ type: 'OK' });
      expect((await sessionsOf(rig)).items.map(({ id }) => id)).toEqual([second]);
      const gone = await sessionsOf(rig, 100, undefined, true);
      expect(gone.items).toMatchObject([{ id: FIRST, riffs: 1, takes: 1, name: 'Session' }]);
      expect(gone.items[0]?.removedMs).toBe(rig.core.frame);
      expect(await open(rig, FIRST)).toMatchObject({ code: 4017 });
      expect(await rig.ask(restore(FIRST))).toMatchObject({ type: 'OK' });
      expect((await sessionsOf(rig)).items).toHaveLength(2);
      expect(await open(rig, FIRST)).toMatchObject({ type: 'OK' });
      expect(rig.content[0]).toBe(takeId);
      expect(rig.state.history.count).toBe(2);
    }),
  );

  test(
    'consent is for what the player was told: with a step more in it that is 4003',
    withRig(async (rig) => {
      await captured(rig, 0);
      const second = await made(rig, 'B');
      await captured(rig, 0);
      await open(rig, FIRST);
      expect(await rig.ask(remove(second, 0))).toMatchObject({ code: 4003 });
      expect((await sessionsOf(rig)).items).toHaveLength(2);
      expect(rig.writes.some(({ kind }) => kind === 'removeSession')).toBeFalse();
      expect(await rig.ask(remove(second, 1))).toMatchObject({ type: 'OK' });
    }),
  );

  test(
    'the one that is open is 4021; one that never was, or went already, 4017',
    withRig(async (rig) => {
      const second = await made(rig, 'B');
      expect(await rig.ask(remove(second, 0))).toMatchObject({ code: 4021 });
      expect(await rig.ask(remove(NOWHERE, 0))).toMatchObject({ code: 4017 });
      await rig.ask(remove(FIRST, 0));
      expect(await rig.ask(remove(FIRST, 0))).toMatchObject({ code: 4017 });
      expect(await rig.ask(restore(NOWHERE))).toMatchObject({ code: 4017 });
      expect(await rig.ask(restore(second))).toMatchObject({ type: 'OK' });
    }),
  );

  test(
    'one whose loops are still to be exported is 4021, until they are',
    withRig(async (rig) => {
      await captured(rig, 0);
      const jobId = await begun(rig, { riffId: rig.history.head.id });
      await made(rig, 'B');
      expect(await rig.ask(remove(FIRST, 1))).toMatchObject({ code: 4021 });
      await rig.ask({ cmd: 'CANCEL_JOB', jobId });
      tell(rig, { detail: EXPORT_STATE.cancelled });
      expect(await rig.ask(remove(FIRST, 1))).toMatchObject({ type: 'OK' });
    }),
  );

  test(
    'after thirty days it cannot be brought back, and is offered no more',
    withRig(async (rig) => {
      await made(rig, 'B');
      await rig.ask(remove(FIRST, 0));
      rig.core.frame += 30 * DAY_MS - 1;
      expect((await sessionsOf(rig, 100, undefined, true)).items).toHaveLength(1);
      rig.core.frame += 1;
      expect((await sessionsOf(rig, 100, undefined, true)).items).toEqual([]);
      expect(await rig.ask(restore(FIRST))).toMatchObject({ code: 4017 });
    }),
  );
});
