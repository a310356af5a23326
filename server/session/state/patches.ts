/**
 * immer's patches as RFC 6902 operations.
 *
 * Path parts are escaped (`~` → `~0`, `/` → `~1`). The list of newest riffs is compared by id: immer
 * would rewrite all of it by index when one riff comes in at the front.
 */
import type { Patch } from 'immer';
import { isDeepStrictEqual } from 'node:util';
import type { PatchOp } from '../../../protocol/messages.ts';
import type { AppState, RiffRow } from '../../../protocol/state.ts';

const escapePart = (part: string | number): string =>
  String(part).replaceAll('~', '~0').replaceAll('/', '~1');

export const pointer = (path: readonly (string | number)[]): string =>
  path.map((part) => `/${escapePart(part)}`).join('');

const NEWEST = ['history', 'newest'] as const;
const NEWEST_PATH = pointer(NEWEST);

const isNewest = (patch: Patch): boolean =>
  NEWEST.every((part, index) => patch.path[index] === part);

/** What is gone is removed from the end on, what is new is put in from the front. */
export const newestOps = (before: readonly RiffRow[], after: readonly RiffRow[]): PatchOp[] => {
  const kept = new Set(after.map((row) => row.id));
  const ops: PatchOp[] = [];
  const now = [...before];
  for (let index = now.length - 1; index >= 0; index -= 1) {
    if (kept.has(now[index]?.id ?? '')) continue;
    now.splice(index, 1);
    ops.push({ op: 'remove', path: `${NEWEST_PATH}/${index}` });
  }
  for (const [index, row] of after.entries()) {
    const there = now[index];
    if (there?.id === row.id) {
      // A step that is still open, as the taps of a series are, is called by what it has become.
      if (!isDeepStrictEqual(there, row)) {
        ops.push({ op: 'replace', path: `${NEWEST_PATH}/${index}`, value: row });
      }
      continue;
    }
    now.splice(index, 0, row);
    ops.push({ op: 'add', path: `${NEWEST_PATH}/${index}`, value: row });
  }
  while (now.length > after.length) {
    now.pop();
    ops.push({ op: 'remove', path: `${NEWEST_PATH}/${now.length}` });
  }
  return ops;
};

/** Operations that make `after` of `before`; an empty path means that only a full state will do. */
export const operationsOf = (
  patches: readonly Patch[],
  before: AppState,
  after: AppState,
): PatchOp[] => {
  const ops = patches
    .filter((patch) => !isNewest(patch))
    .map(({ op, path, value }): PatchOp => {
      const target = pointer(path);
      return op === 'remove' ? { op, path: target } : { op, path: target, value: value as unknown };
    });
  if (before.history.newest === after.history.newest) return ops;
  return [...ops, ...newestOps(before.history.newest, after.history.newest)];
};
