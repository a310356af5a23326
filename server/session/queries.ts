/** Questions that change nothing: answered out of the session, or out of the store. */
import { ERRORS } from '../../protocol/errors.ts';
import type { LinkQuery, LinkQueryResult, ToGateway } from '../../protocol/link.ts';
import type { SessionContext } from './context.ts';
import type { StoreReader } from './store-client.ts';

type Asked<Kind extends LinkQuery['kind']> = Extract<LinkQuery, { kind: Kind }>;

const sessions = async (
  query: Asked<'sessions'>,
  context: SessionContext,
  read: StoreReader['read'],
): Promise<LinkQueryResult> => {
  const rows = await read(query);
  const { sessionId } = context.state.meta;
  const isLast = rows.length < query.limit;
  return {
    kind: 'sessions',
    items: rows.map((row) => ({ ...row, open: row.id === sessionId })),
    next: isLast ? null : (rows.at(-1)?.id ?? null),
  };
};

type Answer = Extract<ToGateway, { t: 'result' }>['result'];

/** Always tells, at once unless the store is asked; a code when that does not answer. */
export const answerTo = (
  query: LinkQuery,
  context: SessionContext,
  read: StoreReader['read'],
  tell: (answer: Answer) => void,
): void => {
  switch (query.kind) {
    case 'take':
      tell({ kind: 'take', take: context.takes.info(query.takeId) });
      return;
    case 'riffs':
      tell({ kind: 'riffs', ...context.history.page(query) });
      return;
    case 'sessions': {
      const { code } = ERRORS.ERR_SESSION_UNREADABLE;
      sessions(query, context, read).then(tell, () => tell({ kind: 'error', code }));
    }
  }
};
