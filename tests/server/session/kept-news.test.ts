/** What the keeper of files tells, in the session: marks, found sounds, and nothing that plays changes. */
import { expect, test } from 'bun:test';
import { ERRORS } from '../../../protocol/errors.ts';
import { EVENT_KIND } from '../../../protocol/abi.ts';
import type { ToGateway } from '../../../protocol/link.ts';
import type { HeadWay } from '../../../server/session/riffs/history.ts';
import type { FoundFile } from '../../../server/session/keeper/keeper-port.ts';
import { at } from '../../support/at.ts';
import { wordsOfId } from '../../../server/session/core/ids.ts';
import { makeEvent } from './core-event.ts';
import { id, started, stored } from './stored-session.ts';

const REPORT = { checkedFiles: 1, files: 1, roundEndedMs: 1, lastBackupMs: null };

const codesOf = (emitted: readonly ToGateway[]) =>
  emitted.flatMap((each) =>
    each.t === 'notice' && each.message.type === 'NOTICE' ? [each.message.code] : [],
  );

const found = (byte: string, frames: number): FoundFile => ({
  sha256: byte.repeat(32),
  bytes: 58 + 8 * frames,
  frames,
  rateHz: 48_000,
});

test('a damaged file marks the slots that play it, plays on, and is told once', async () => {
  const { rig } = await started();
  await rig.settle();
  const damaged = () => rig.state.slots.map((slot) => slot.damaged);
  rig.session.onKept({ t: 'take', takeId: id('3'), isDamaged: true });
  rig.session.onKept({ t: 'take', takeId: id('3'), isDamaged: true });
  expect(damaged()).toEqual([false, false, false, true, false, false, false, false]);
  expect(at(rig.state.slots, 3)).toMatchObject({ state: 'PLAYING', saved: true, tainted: false });
  expect(codesOf(rig.emitted).filter((code) => code === 1017)).toHaveLength(1);
  expect(Object.keys(rig.state.alerts)).toEqual(['1017']);
  await rig.ask({ cmd: 'CLEAR_SLOT', slot: 3 });
  expect(damaged().includes(true)).toBeFalse();
  await rig.ask({ cmd: 'UNDO', scope: 'SESSION' });
  expect(damaged()[3]).toBeTrue();
  rig.session.onKept({ t: 'report', report: { ...REPORT, damagedTakes: 0 } });
  expect(Object.keys(rig.state.alerts)).toEqual(['1017']);
  rig.session.onKept({ t: 'take', takeId: id('4'), isDamaged: true });
  rig.session.onKept({ t: 'take', takeId: id('3'), isDamaged: false });
  expect([damaged()[3], Object.keys(rig.state.alerts)]).toEqual([false, ['1017']]);
  rig.session.onKept({ t: 'take', takeId: id('4'), isDamaged: false });
  expect([damaged()[3], Object.keys(rig.state.alerts)]).toEqual([false, []]);
});

test('a take whose recording rots before it has a file is marked at once, until it has one', async () => {
  const { rig } = await started();
  await rig.settle();
  const about = { id: wordsOfId(id('3')) };
  const rotten = makeEvent({ kind: EVENT_KIND.notice, code: 1017, ...about });
  rig.session.onEvents([rotten, rotten]);
  expect(at(rig.state.slots, 3)).toMatchObject({ state: 'PLAYING', saved: true, damaged: true });
  expect(codesOf(rig.emitted).filter((code) => code === 1017)).toHaveLength(1);
  // What the keeper of files counts is not about it.
  rig.session.onKept({ t: 'report', report: { ...REPORT, damagedTakes: 0 } });
  expect(Object.keys(rig.state.alerts)).toEqual(['1017']);
  const sha = [1, 2, 3, 4, 5, 6, 7, 8];
  rig.session.onEvents([makeEvent({ kind: EVENT_KIND.takeFile, ...about, sha, value: 9 })]);
  expect(at(rig.state.slots, 3)).toMatchObject({ damaged: false });
  expect(Object.keys(rig.state.alerts)).toEqual([]);
});

test('a loop that is made of a damaged take is marked too', async () => {
  const { rig } = await started();
  await rig.settle();
  await rig.ask({ cmd: 'MERGE_SLOTS', from: [0, 3], to: 5 });
  rig.session.onKept({ t: 'take', takeId: id('1'), isDamaged: true });
  expect(rig.state.slots.flatMap((slot, index) => (slot.damaged ? [index] : []))).toContain(5);
});

test('sounds that were found are one step beside the present, which REDO brings in', async () => {
  const { rig } = await started();
  await rig.settle();
  const before = rig.content;
  const { count, head } = rig.state.history;
  // Four bars of this session's tempo, and two seconds of nobody knows what.
  const files = [found('ab', 16 * 24_000), found('cd', 96_000)];
  rig.session.onKept({ t: 'found', files });
  await rig.settle();
  expect(rig.content).toEqual(before);
  expect(rig.state.history).toMatchObject({ head, count: count + 1, redoLabel: 'Found 2 sounds' });
  expect(codesOf(rig.emitted)).toEqual([1018]);
  const kinds = rig.writes.map(({ kind }) => kind);
  // In one commit: no kill leaves the head at what was found, or a take of it without its file.
  expect(kinds).toEqual(['foundRun', 'foundRun', 'riff']);
  const riff = rig.writes.findLast((each) => each.kind === 'riff');
  const takes = riff?.kind === 'riff' ? riff.takes : [];
  expect(takes).toMatchObject([
    { bars: 4, bpm: 120, lengthBeats: 16, recovered: true, loose: false },
    { bars: 1, bpm: 120, toFrame: 96_000, runId: 'cd'.repeat(16) },
  ]);
  expect(riff).toMatchObject({
    files: files.map(({ bytes, sha256 }) => ({ bytes, sha256, part: 'window' })),
    back: { to: head, cause: 'UNDO' },
  });
  expect(rig.takes.sources(at(takes, 0).id).at(-1)?.path).toContain(files[0]?.sha256 ?? 'none');
  rig.session.onKept({ t: 'found', files });
  expect(rig.state.history.count).toBe(count + 1);
  await rig.ask({ cmd: 'REDO', scope: 'SESSION' });
  expect(rig.content.slice(0, 2)).toEqual(takes.map((take) => take.id));
  expect(rig.state.slots[1]).toMatchObject({ state: 'PLAYING', saved: true });
});

test('what the player had undone stays what REDO brings back, also after the next start', async () => {
  const { rig } = await started();
  await rig.settle();
  const [played, fresh] = [rig.content, stored().history];
  await rig.ask({ cmd: 'CLEAR_SLOT', slot: 3 });
  await rig.ask({ cmd: 'CLEAR_SLOT', slot: 0 });
  for (let step = 0; step < 2; step += 1) await rig.ask({ cmd: 'UNDO', scope: 'SESSION' });
  const { head, redoIds } = rig.state.history;
  rig.session.onKept({ t: 'found', files: [found('ab', 96_000)] });
  await rig.settle();
  expect(rig.state.history).toMatchObject({ head, redoIds });
  expect(redoIds).toHaveLength(2);
  expect(rig.content).toEqual(played);
  expect(at(rig.state.history.newest, 0).label).toBe('Found 1 sound');
  for (const each of rig.writes) if (each.kind === 'riff') fresh.restore(each.riff);
  fresh.replay(
    rig.writes.flatMap((each): HeadWay[] => {
      if (each.kind === 'riff') {
        const made = { from: each.riff.parentId, to: each.riff.id };
        return each.back ? [made, each.back] : [made];
      }
      return each.kind === 'head' ? [each] : [];
    }),
  );
  expect(fresh.view()).toMatchObject({ head, redoIds });
  for (let step = 0; step < 2; step += 1) await rig.ask({ cmd: 'REDO', scope: 'SESSION' });
  expect(rig.content.filter(Boolean)).toEqual([]);
});

test('torn files are handed to the store; a session file that is not whole is told until it is', async () => {
  const { rig } = await started();
  await rig.settle();
  rig.session.onKept({ t: 'torn', sha256s: ['ab'] });
  expect(rig.writes.at(-1)).toMatchObject({ kind: 'torn', sha256s: ['ab'] });
  rig.session.onKept({ t: 'file', isWhole: false, why: 'r1' });
  expect(Object.keys(rig.state.alerts)).toEqual(['1016']);
  rig.session.onKept({ t: 'file', isWhole: true, why: '' });
  rig.session.onKept({ t: 'failed', what: 'round', why: 'no disk' });
  expect(Object.keys(rig.state.alerts)).toEqual([]);
});

test('backups or rounds that fail three times in a row are told until one is done', async () => {
  const { rig } = await started();
  await rig.settle();
  const on = () => Object.keys(rig.state.alerts);
  const fail = (what: 'backup' | 'round') => rig.session.onKept({ t: 'failed', what, why: 'EIO' });
  for (const what of ['backup', 'round', 'backup', 'round'] as const) fail(what);
  expect(on()).toEqual([]);
  rig.session.onKept({ t: 'done', what: 'round' });
  fail('backup');
  fail('backup');
  expect(on()).toEqual(['1019']);
  expect(codesOf(rig.emitted).filter((code) => code === 1019)).toHaveLength(1);
  fail('round');
  rig.session.onKept({ t: 'done', what: 'backup' });
  expect(on()).toEqual([]);
});

test('failures of the store and of the keeper are told apart, and each ends with its own', async () => {
  const { rig } = await started();
  await rig.settle();
  const on = () => Object.keys(rig.state.alerts);
  const [store, keeper] = [ERRORS.ERR_STORE_FAILED.code, ERRORS.ERR_KEEPER_FAILED.code];
  rig.session.alerts.notice(store);
  for (let time = 0; time < 3; time += 1) {
    rig.session.onKept({ t: 'failed', what: 'thread', why: 'died' });
  }
  expect(on()).toEqual([String(store), String(keeper)]);
  rig.session.onKept({ t: 'done', what: 'backup' });
  expect(on()).toEqual([String(store)]);
  for (let time = 0; time < 3; time += 1) {
    rig.session.onKept({ t: 'failed', what: 'backup', why: 'EIO' });
  }
  rig.session.alerts.lower(store);
  expect(on()).toEqual([String(keeper)]);
});
