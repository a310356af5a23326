/** Questions that change nothing: answered out of the session, or out of the store. */
import { ERRORS } from '../../../protocol/errors.ts';
import type { LinkQuery, LinkQueryResult, ToGateway } from '../../../protocol/link.ts';
import { askParams } from '../chains/param-page.ts';
import type { SessionContext } from '../context.ts';

type Asked<Kind extends LinkQuery['kind']> = Extract<LinkQuery, { kind: Kind }>;

const sessions = async (
  query: Asked<'sessions'>,
  context: SessionContext,
): Promise<LinkQueryResult> => {
  const rows = await context.store.read({ ...query, nowMs: context.wallClock() });
  const { sessionId } = context.state.meta;
  const isLast = rows.length < query.limit;
  return {
    kind: 'sessions',
    items: rows.map((row) => ({ ...row, open: row.id === sessionId })),
    next: isLast ? null : (rows.at(-1)?.id ?? null),
  };
};

/** The one that goes on last. */
const past = async ({ runId, store }: SessionContext): Promise<LinkQueryResult> => {
  const runs = await store.read({ kind: 'past' });
  return { kind: 'past', runs: runs.map((run) => ({ ...run, now: run.runId === runId })) };
};

type Answer = Extract<ToGateway, { t: 'result' }>['result'];

const askStore = (asked: Promise<Answer>, tell: (answer: Answer) => void): void => {
  const { code } = ERRORS.ERR_SESSION_UNREADABLE;
  asked.then(tell, () => tell({ kind: 'error', code }));
};

const nameOf =
  ({ state }: SessionContext) =>
  (slot: number): string =>
    state.slots[slot]?.name ?? '';

/** Always tells, at once unless the store or a plug-in is asked; a code when that does not answer. */
export const answerTo = (
  query: LinkQuery,
  context: SessionContext,
  tell: (answer: Answer) => void,
): void => {
  switch (query.kind) {
    case 'take':
      tell({ kind: 'take', take: context.takes.info(query.takeId) });
      return;
    case 'riffs':
      tell({ kind: 'riffs', ...context.history.page({ ...query, nameOf: nameOf(context) }) });
      return;
    case 'plugins':
      tell({ kind: 'plugins', ...context.plugins.list() });
      return;
    case 'params':
      askParams(query, context, tell);
      return;
    case 'sessions':
      askStore(sessions(query, context), tell);
      return;
    case 'past':
      askStore(past(context), tell);
  }
};
