/** Which notes are on the page when more come than it has room for. */
import { expect, test } from 'bun:test';
import { createToasts, type ToastOptions } from '../../web/sync/create-toasts.ts';

const titles = (shown: readonly (readonly [string, ToastOptions['severity']])[]): string[] => {
  const toasts = createToasts();
  for (const [title, severity] of shown) toasts.show(title, '', { severity: severity ?? 'low' });
  const left = toasts.list.map(({ title }) => title);
  for (const { id } of toasts.list.slice()) toasts.dismiss(id);
  return left;
};

test('the newest three', () => {
  const passing = ['a', 'b', 'c', 'd'].map((title) => [title, 'low'] as const);
  expect(titles(passing)).toEqual(['b', 'c', 'd']);
  const lasting = ['a', 'b', 'c', 'd'].map((title) => [title, 'medium'] as const);
  expect(titles(lasting)).toEqual(['b', 'c', 'd']);
});

test('what passes by itself pushes out nothing that stays until it is closed', () => {
  const passing = ['a', 'b', 'c'].map((title) => [title, 'low'] as const);
  expect(titles([['stays', 'medium'], ...passing])).toEqual(['stays', 'b', 'c']);
});

test('beside three that stay the newest answer to a press has its room', () => {
  const lasting = ['x', 'y', 'z'].map((title) => [title, 'medium'] as const);
  expect(titles([...lasting, ['a', 'low'], ['b', 'low']])).toEqual(['x', 'y', 'z', 'b']);
  expect(titles([['a', 'low'], ...lasting])).toEqual(['x', 'y', 'z', 'a']);
});
