/** What a write to the store brings, names and leaves behind. */
import type { StoreWrite } from '../store/write-requests.ts';
import { withSources } from '../takes/recipe.ts';
import type { TakeFile } from '../takes/take-safety.ts';
import type { Take, Takes } from '../takes/takes.ts';
import type { Riff } from './riff.ts';

/** Of its takes: they are there with it. */
export const withFiles = (write: StoreWrite, files: readonly TakeFile[]): StoreWrite =>
  files.length > 0 && (write.kind === 'riff' || write.kind === 'dry')
    ? { ...write, files: [...(write.files ?? []), ...files] }
    : write;

/** Where it leaves the head; null where that was. */
export const headAfter = (write: StoreWrite): string | null => {
  if (write.kind === 'riff') return write.back?.to ?? write.riff.id;
  return write.kind === 'head' ? write.to : null;
};

/** What must be there before it can be. */
export const riffsNamedBy = (write: StoreWrite): string[] => {
  if (write.kind === 'riff') {
    const { riff, back } = write;
    const named = [riff.parentId, back?.from, back?.to];
    return named.filter((id): id is string => typeof id === 'string' && id !== riff.id);
  }
  return write.kind === 'head' ? [write.from, write.to] : [];
};

/** Also those that the store has called saved: it may have lost them. */
export const withAllTakes = (
  write: Extract<StoreWrite, { kind: 'riff' }>,
  known: Takes,
): StoreWrite => {
  const takes = takesOf(write.riff, known);
  const files = takes.flatMap(({ id }) => known.files(id));
  return { ...write, takes, files: [...(write.files ?? []), ...files] };
};

/** With what they are made of: the store holds that first. */
export const takesOf = (riff: Riff, takes: Takes): Take[] => [
  ...new Set(
    riff.slots.flatMap(({ loop }) => {
      const take = loop ? takes.get(loop.takeId) : undefined;
      return take ? withSources(take, takes) : [];
    }),
  ),
];
