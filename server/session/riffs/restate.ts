/**
 * What the store was told and may have lost: after it had to be put together again without a commit, all
 * that hangs on that one is refused. It is told again, from a riff it is sure to hold.
 */
import type { SessionContext } from '../context.ts';
import type { StoreWrite } from '../store/write-requests.ts';
import { takesOf } from './commit-log.ts';
import type { Riff } from './riff.ts';

type Known = Pick<
  SessionContext,
  | 'epochs'
  | 'gridShift'
  | 'history'
  | 'newId'
  | 'rateHz'
  | 'runId'
  | 'state'
  | 'takes'
  | 'wallClock'
>;

/** Steps of an hour at most are lost: that old is the newest backup. */
const STEPS_MAX = 256;

/** Those before this one that the store is thought to hold, the oldest first. */
const before = (
  { history }: Known,
  riff: Riff,
  parentOf: (riff: Riff) => string | null,
): Riff[] => {
  const riffs: Riff[] = [];
  for (let id = parentOf(riff); id !== null && riffs.length < STEPS_MAX; ) {
    const up = history.get(id);
    if (!up) break;
    riffs.unshift(up);
    id = parentOf(up);
  }
  return riffs;
};

/**
 * Each changes nothing where the store holds it.
 *
 * @param parentOf The riff it hangs on in the store.
 */
export const restated = (
  context: Known,
  refused: Riff,
  parentOf: (riff: Riff) => string | null,
): StoreWrite[] => {
  const { epochs, gridShift, newId, rateHz, runId, state, takes } = context;
  const { sessionId, sessionName: name } = state.meta;
  const atMs = context.wallClock();
  const riffs = before(context, refused, parentOf);
  return [
    { kind: 'firstSession', sessionId, name, atMs, openId: newId() },
    { kind: 'beginRun', runId, sessionId, rateHz, atMs, gridShift },
    ...epochs.all.map((epoch): StoreWrite => ({ kind: 'epoch', runId, epoch })),
    ...riffs.map((riff): StoreWrite => {
      const rows = takesOf(riff, takes);
      const files = rows.flatMap(({ id }) => takes.files(id));
      const stored = { ...riff, parentId: parentOf(riff) };
      return {
        kind: 'riff',
        sessionId,
        riff: stored,
        takes: rows,
        files,
        gridShift,
        moveId: newId(),
      };
    }),
  ];
};
