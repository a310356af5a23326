/** REMOVE_SESSION, RESTORE_SESSION: a session goes with the player's consent, and can come back. */
import { COMMAND_KIND } from '../../../protocol/abi.ts';
import { ERRORS } from '../../../protocol/errors.ts';
import type { SessionContext } from '../context.ts';
import { done, type Handler, type Outcome, refuse, steps } from '../commands/plan.ts';
import type { SessionFate } from '../store/stored.ts';
import { TRASH_MS } from '../store/trash-time.ts';

const { code: IS_OPEN } = ERRORS.ERR_SESSION_OPEN;
const { code: MOVED } = ERRORS.ERR_HEAD_MOVED;
const { code: NO_SUCH } = ERRORS.ERR_NO_SUCH_SESSION;
const { code: UNREADABLE } = ERRORS.ERR_SESSION_UNREADABLE;

const later = (
  context: SessionContext,
  sessionId: string,
  then: (fate: SessionFate) => Outcome,
): Outcome => ({
  kind: 'later',
  outcome: context.sessions.fate(sessionId).then(
    (fate) => (fate ? then(fate) : refuse(NO_SUCH)),
    () => refuse(UNREADABLE),
  ),
});

const marked = (applied: () => void): Outcome =>
  steps({ record: { kind: COMMAND_KIND.mark }, applied });

/** What has more in it than the player was told is not what he agreed to lose. */
export const removeSession: Handler<'REMOVE_SESSION'> = {
  inLane: true,
  plan({ riffs, sessionId }, context) {
    if (sessionId === context.state.meta.sessionId) return refuse(IS_OPEN);
    if (context.exports.needs(sessionId)) return refuse(IS_OPEN);
    return later(context, sessionId, (fate) => {
      if (fate.removedMs !== null) return refuse(NO_SUCH);
      if (fate.riffs !== riffs) return refuse(MOVED);
      return marked(() => context.sessions.remove(context, sessionId));
    });
  },
};

export const restoreSession: Handler<'RESTORE_SESSION'> = {
  inLane: true,
  plan: ({ sessionId }, context) =>
    later(context, sessionId, ({ removedMs }) => {
      if (removedMs === null) return done;
      const atMs = context.wallClock();
      if (atMs - removedMs >= TRASH_MS) return refuse(NO_SUCH);
      return marked(() => context.log.add({ kind: 'restoreSession', sessionId, atMs }));
    }),
};
