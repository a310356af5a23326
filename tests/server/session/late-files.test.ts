/** A late take whose window has a file and whose surroundings do not come: how long they are waited for. */
import { describe, expect, test } from 'bun:test';
import { DISK_STATE, EVENT_KIND } from '../../../protocol/abi.ts';
import { ERRORS } from '../../../protocol/errors.ts';
import type { CoreEvent } from '../../../server/session/core/port.ts';
import type { StoreReader } from '../../../server/session/store/client.ts';
import type { LateSound } from '../../../server/session/store/stored.ts';
import { makeTake } from '../store/samples.ts';
import { makeEvent } from './core-event.ts';
import { Rig } from './rig.ts';

const TAKE = makeTake('aaaaaaaa-0000-4000-8000-000000000001');
const [WINDOW, ROLLS] = [0, 1];
const TURNS = 8;

/** The core was asked for it. */
const makeLate = async (sound: LateSound = 'there') => {
  let unfiled = [{ row: 1, take: TAKE, files: [], isSoundAround: true }];
  const read = ((request: { kind: string }): Promise<unknown> => {
    if (request.kind === 'lateSound') return Promise.resolve(sound);
    if (request.kind !== 'unfiled') return new Promise(() => undefined);
    const takes = unfiled;
    unfiled = [];
    return Promise.resolve({ takes, lastRow: takes.length === 0 ? null : 1 });
  }) as StoreReader['read'];
  const rig = new Rig({ read });
  rig.session.isRestored = true;
  const seconds = async (count: number) => {
    for (let second = 0; second < count; second += 1) {
      rig.session.tick(rig.state.system, true);
      // The core answers when it is told to.
      for (let turn = 0; turn < TURNS; turn += 1) await Promise.resolve();
    }
  };
  await seconds(2);
  const [range] = rig.core.keeps.splice(0);
  const tell = (kind: number, more: Partial<CoreEvent> = {}) =>
    rig.session.onEvents([makeEvent({ id: range?.id ?? [], kind, ...more })]);
  const settled = () =>
    rig.writes.flatMap((write) => (write.kind === 'settled' ? [write.takeId] : []));
  return { rig, seconds, tell, settled };
};

const filed = async (sound?: LateSound) => {
  const late = await makeLate(sound);
  late.tell(EVENT_KIND.takeLoaded);
  late.tell(EVENT_KIND.takeFile, { detail: WINDOW, value: 9 });
  return late;
};

describe('what does not come after the window', () => {
  test('is waited for for a minute, and settled then', async () => {
    const { seconds, settled } = await filed();
    await seconds(58);
    expect(settled()).toEqual([]);
    await seconds(3);
    expect(settled()).toEqual([TAKE.id]);
    await seconds(200);
    expect(settled()).toHaveLength(1);
  });

  test('does so when it came before the core had answered', async () => {
    const { seconds, settled, tell } = await makeLate();
    tell(EVENT_KIND.takeFile, { detail: WINDOW, value: 9 });
    tell(EVENT_KIND.takeLoaded);
    await seconds(61);
    expect(settled()).toEqual([TAKE.id]);
  });

  test('is not settled when it came', async () => {
    const { seconds, settled, tell } = await filed();
    tell(EVENT_KIND.takeFile, { detail: ROLLS, value: 9 });
    await seconds(200);
    expect(settled()).toEqual([]);
  });

  test.each([DISK_STATE.slow, DISK_STATE.critical])(
    'is waited for while the disk is in state %i',
    async (detail) => {
      const { seconds, settled, tell } = await filed();
      tell(EVENT_KIND.disk, { detail });
      await seconds(200);
      expect(settled()).toEqual([]);
      tell(EVENT_KIND.disk, { detail: DISK_STATE.ok });
      await seconds(61);
      expect(settled()).toEqual([TAKE.id]);
    },
  );

  test('nor is anything settled of a recording that cannot be looked at', async () => {
    const { seconds, settled } = await filed('unknown');
    await seconds(200);
    expect(settled()).toEqual([]);
  });
});

test('those whose sound is in the recording alone are asked for first, then what was around others', async () => {
  const asked: unknown[] = [];
  const read = ((request: { kind: string; afterRow: number; lacks: string }): Promise<unknown> => {
    if (request.kind !== 'unfiled') return new Promise(() => undefined);
    const { afterRow, lacks } = request;
    asked.push([lacks, afterRow]);
    return Promise.resolve({ takes: [], lastRow: afterRow < 7 ? 7 : null });
  }) as StoreReader['read'];
  const rig = new Rig({ read });
  rig.session.isRestored = true;
  for (let second = 0; second < 9; second += 1) {
    rig.session.tick(rig.state.system, true);
    for (let turn = 0; turn < TURNS; turn += 1) await Promise.resolve();
  }
  expect(asked).toEqual([
    ['window', 0],
    ['window', 7],
    ['rolls', 0],
    ['rolls', 7],
  ]);
});

test('a window that has no file yet for want of room is waited for, however long', async () => {
  const { seconds, settled, tell } = await makeLate();
  tell(EVENT_KIND.takeLoaded);
  await seconds(200);
  expect(settled()).toEqual([]);
});

test('one that rots while it is filed is settled like what does not come', async () => {
  const { rig, seconds, settled, tell } = await makeLate();
  tell(EVENT_KIND.takeLoaded);
  tell(EVENT_KIND.notice, { code: ERRORS.ERR_TAKE_DAMAGED.code });
  await seconds(61);
  expect(settled()).toEqual([TAKE.id]);
  expect(rig.takes.unfiled()).toEqual([]);
});

const { code: NOT_KEPT } = ERRORS.ERR_RANGE_NOT_KEPT;
const { code: DAMAGED } = ERRORS.ERR_TAKE_DAMAGED;
const { code: UNREADABLE } = ERRORS.ERR_TAKE_UNREADABLE;

test.each([
  [NOT_KEPT, 'gone', 1],
  [NOT_KEPT, 'there', 0],
  [UNREADABLE, 'gone', 1],
  [UNREADABLE, 'there', 0],
  [DAMAGED, 'there', 1],
] as const)(
  'refused with %i three times, and %s, it is settled %i times',
  async (code, sound, count) => {
    const { rig, seconds, settled, tell } = await makeLate(sound);
    tell(EVENT_KIND.takeLoaded, { code });
    for (let tries = 1; tries < 3; tries += 1) {
      expect(settled()).toEqual([]);
      await seconds(31);
      const [range] = rig.core.keeps.splice(0);
      const id = range?.id ?? [];
      rig.session.onEvents([makeEvent({ kind: EVENT_KIND.takeLoaded, id, code })]);
    }
    await seconds(40);
    expect(settled()).toHaveLength(count);
    expect(rig.core.keeps).toEqual([]);
  },
);
