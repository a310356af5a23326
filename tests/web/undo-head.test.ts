/** From which step Undo and Redo of a page go: its own quick presses count, another device's do not. */
import { expect, test } from 'bun:test';
import { createRoot } from 'solid-js';
import type { PairCommand, SessionCommand } from '../../protocol/commands.ts';
import { emptyState } from '../../protocol/empty-state.ts';
import { createActions } from '../../web/sync/create-actions.ts';
import { createOverlay } from '../../web/sync/create-overlay.ts';
import { createToasts } from '../../web/sync/create-toasts.ts';
import { makeClock } from '../../web/sync/make-clock.ts';
import { makeRequests } from '../../web/sync/make-requests.ts';

const FIRST = '11111111-1111-4111-8111-111111111111';
const SECOND = '22222222-2222-4222-8222-222222222222';

const setUp = () => {
  const sent: (SessionCommand | PairCommand)[] = [];
  const requests = makeRequests(
    (command) => sent.push(command) > 0,
    () => 'me',
  );
  const state = emptyState();
  const setHead = (head: string) => Object.assign(state.history, { head });
  setHead(FIRST);
  const toasts = createToasts();
  const parts = { replica: { state }, requests, overlay: createOverlay(), toasts };
  const actions = createRoot(() =>
    createActions({ ...parts, clock: makeClock(), prefs: { isQuantized: true } } as never),
  );
  const heads = () => sent.map((command) => ('ifHead' in command ? command.ifHead : null));
  return { actions, heads, requests, sent, setHead };
};

test('a press says from which step it goes', () => {
  const { actions, heads, requests, setHead } = setUp();
  actions.undo();
  requests.settle({ type: 'OK', reqId: 'me.1', revId: 2 });
  setHead(SECOND);
  actions.redo();
  expect(heads()).toEqual([FIRST, SECOND]);
});

test('the second of two quick ones goes on from where the first leads', () => {
  const { actions, heads, requests, setHead } = setUp();
  actions.undo();
  actions.undo();
  expect(heads()).toEqual([FIRST, null]);
  requests.settle({ type: 'OK', reqId: 'me.1', revId: 2 });
  requests.settle({ type: 'OK', reqId: 'me.2', revId: 3 });
  setHead(SECOND);
  actions.undo();
  expect(heads().at(-1)).toBe(SECOND);
});

test('what this page has just done is what it takes back', () => {
  const { actions, heads } = setUp();
  actions.capture(0, 1, 0);
  actions.undo();
  expect(heads()).toEqual([null, null]);
});
