/** Stars of riffs: shown at once, kept, no step of the history; and what riffs are found by. */
import { describe, expect, test } from 'bun:test';
import type { LinkQuery, LinkQueryResult } from '../../../protocol/link.ts';
import type { Rig } from './rig.ts';
import { captured, NOWHERE, sessionsOf, withRig } from './session-rig.ts';

type Query = Omit<Extract<LinkQuery, { kind: 'riffs' }>, 'kind'>;

const found = async (rig: Rig, query: Partial<Query>): Promise<string[]> => {
  const id = rig.emitted.length;
  rig.session.onMessage({ t: 'query', id, query: { kind: 'riffs', limit: 50, ...query } });
  await rig.settle();
  const answer = rig.emitted.find((each) => each.t === 'result' && each.id === id);
  if (answer?.t !== 'result') throw new Error('no answer');
  const { items } = answer.result as Extract<LinkQueryResult, { kind: 'riffs' }>;
  return items.map(({ label }) => label);
};

const row = (rig: Rig, riffId: string) => rig.state.history.newest.find(({ id }) => id === riffId);

describe('SET_MARK', () => {
  test('puts a star on a riff, names it and takes it off; nothing else moves', () =>
    withRig(async (rig) => {
      await captured(rig, 0);
      await captured(rig, 1);
      const { head, newest } = rig.state.history;
      const [, earlier] = newest;
      const riffId = earlier?.id ?? '';
      expect(row(rig, riffId)).toMatchObject({ marked: false });
      await rig.ask({ cmd: 'SET_MARK', riffId, label: '' });
      expect(row(rig, riffId)).toMatchObject({ marked: true });
      expect(row(rig, riffId)?.mark).toBeUndefined();
      await rig.ask({ cmd: 'SET_MARK', riffId, label: ' Chorus ' });
      expect(row(rig, riffId)).toMatchObject({ marked: true, mark: 'Chorus' });
      expect(row(rig, head)?.marked).toBe(false);
      await rig.ask({ cmd: 'SET_MARK', riffId, label: null });
      expect(row(rig, riffId)).toMatchObject({ marked: false });
      expect(rig.state.history).toMatchObject({ head, count: 3, undoLabel: '4 bars into 2' });
    })());

  test('outlives the engine', () =>
    withRig(async (rig, store) => {
      await captured(rig, 0);
      await captured(rig, 1);
      const [head, earlier] = rig.state.history.newest;
      for (const [riffId, label] of [
        [head?.id ?? '', 'Chorus'],
        [earlier?.id ?? '', ''],
        [earlier?.id ?? '', null],
      ] as const) {
        await rig.ask({ cmd: 'SET_MARK', riffId, label });
      }
      // The store is asked, so that it has what was written.
      await sessionsOf(rig);
      const { history } = await store.left();
      expect(history.view().newest.map(({ mark, marked }) => [marked, mark])).toEqual([
        [true, 'Chorus'],
        [false, undefined],
        [false, undefined],
      ]);
    })());

  test('of a riff that was never made is refused', () =>
    withRig(async (rig) => {
      const refused = { cmd: 'SET_MARK', riffId: NOWHERE, label: 'x' } as const;
      expect(await rig.ask(refused)).toMatchObject({ type: 'ERROR', code: 4007 });
    })());
});

describe('riffs are found', () => {
  test('by every word: label, star, name of the slot, tempo, meter, day and hour', () =>
    withRig(async (rig) => {
      await captured(rig, 0);
      await captured(rig, 1);
      const { head, newest } = rig.state.history;
      await rig.ask({ cmd: 'SET_MARK', riffId: head, label: 'Chorus' });
      await rig.ask({ cmd: 'RENAME_SLOT', slot: 0, name: 'Vox' });
      const at = new Date(newest[0]?.tsMs ?? 0);
      const two = (value: number) => String(value).padStart(2, '0');
      const hour = `${two(at.getHours())}:${two(at.getMinutes())}`;
      const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
      const FIRST = '4 bars into 1';
      const SECOND = '4 bars into 2';
      expect(await found(rig, { q: 'into 2' })).toEqual([SECOND]);
      expect(await found(rig, { q: 'CHORUS bars' })).toEqual([SECOND]);
      expect(await found(rig, { q: 'vox' })).toEqual([FIRST]);
      expect(await found(rig, { q: '120 bpm 4/4 bars' })).toEqual([SECOND, FIRST]);
      expect(await found(rig, { q: `${hour} bars` })).toEqual([SECOND, FIRST]);
      expect(await found(rig, { q: `${day} bars` })).toEqual([SECOND, FIRST]);
      expect(await found(rig, { q: '90 bpm' })).toEqual([]);
    })());

  test('with a star, without one, or both', () =>
    withRig(async (rig) => {
      await captured(rig, 0);
      await captured(rig, 1);
      await rig.ask({ cmd: 'SET_MARK', riffId: rig.state.history.head, label: '' });
      expect(await found(rig, { marked: true })).toEqual(['4 bars into 2']);
      expect(await found(rig, { marked: false })).toHaveLength(2);
      expect(await found(rig, {})).toHaveLength(3);
      expect(await found(rig, { marked: true, q: 'into 1' })).toEqual([]);
    })());
});
