/**
 * What the store was told and may have lost: after it had to be put together again without a commit, all
 * that hangs on that one is refused. It is told again, from a riff it is sure to hold.
 */
import type { SessionContext } from '../context.ts';
import type { StoreWrite } from '../store/write-requests.ts';
import { takesOf } from './commit-writes.ts';
import type { Take } from '../takes/takes.ts';
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

interface HowFar {
  /** The riff that one hangs on in the store. */
  parentOf(riff: Riff): string | null;
  readonly stepsMax: number;
}

/** Those before this one that the store is thought to hold, the oldest first. */
const before = ({ history }: Known, riff: Riff, { parentOf, stepsMax }: HowFar): Riff[] => {
  const riffs: Riff[] = [];
  for (let id = parentOf(riff); id !== null && riffs.length < stepsMax; ) {
    const up = history.get(id);
    if (!up) break;
    riffs.push(up);
    id = parentOf(up);
  }
  return riffs.toReversed();
};

/** Those of engines before this one; what was known of them the file has or nobody. */
const foundRuns = (
  takes: readonly Take[],
  now: Pick<Extract<StoreWrite, { kind: 'foundRun' }>, 'runId' | 'sessionId'>,
): StoreWrite[] => {
  const rates = new Map(takes.map((take) => [take.runId, take.rateHz]));
  rates.delete(now.runId);
  return [...rates].map(([runId, rateHz]) => ({ ...now, kind: 'foundRun', runId, rateHz }));
};

/** Each changes nothing where the store holds it, and none moves the head. */
export const restated = (context: Known, refused: Riff, howFar: HowFar): StoreWrite[] => {
  const { epochs, gridShift, newId, rateHz, runId, state, takes } = context;
  const { sessionId, sessionName: name } = state.meta;
  const atMs = context.wallClock();
  const riffs = before(context, refused, howFar);
  const played = [...riffs, refused].flatMap((riff) => takesOf(riff, takes));
  return [
    { kind: 'firstSession', sessionId, name, atMs, openId: newId() },
    { kind: 'beginRun', runId, sessionId, rateHz, atMs, gridShift },
    ...foundRuns(played, { runId, sessionId }),
    ...epochs.all.map((epoch): StoreWrite => ({ kind: 'epoch', runId, epoch })),
    ...riffs.map((riff): StoreWrite => {
      const rows = takesOf(riff, takes);
      const files = rows.flatMap(({ id }) => takes.files(id));
      const stored = { ...riff, parentId: howFar.parentOf(riff) };
      return {
        kind: 'riff',
        sessionId,
        riff: stored,
        takes: rows,
        files,
        gridShift,
        moveId: newId(),
        isHeadElsewhere: true,
      };
    }),
  ];
};

/** Null when the store has the head where it is, or has that of another session. */
export const headRestated = (
  { gridShift, history, newId, state, wallClock }: Known,
  storedHead: string,
): Extract<StoreWrite, { kind: 'head' }> | null => {
  const to = history.head.id;
  if (to === storedHead || !history.get(storedHead)) return null;
  const { sessionId } = state.meta;
  const move = { from: storedHead, to, cause: 'RECALL', moveId: newId() } as const;
  return { kind: 'head', sessionId, ...move, gridShift, atMs: wallClock() };
};
