/** SET_MARK: a star on a riff; no step of the history, as a name is none. */
import { COMMAND_KIND } from '../../../protocol/abi.ts';
import { ERRORS } from '../../../protocol/errors.ts';
import { type Handler, refuse, steps } from '../commands/plan.ts';

export const setMark: Handler<'SET_MARK'> = {
  inLane: false,
  plan({ label, riffId }, context) {
    const { history } = context;
    if (!history.get(riffId)) return refuse(ERRORS.ERR_NO_SUCH_RIFF.code);
    const { sessionId } = context.state.meta;
    const name = label === null ? null : label.trim();
    return steps({
      record: { kind: COMMAND_KIND.mark },
      applied() {
        history.setMark(riffId, name);
        const write = { kind: 'mark', sessionId, riffId, label: name } as const;
        // The store takes a star only of a riff that it holds.
        if (context.log.isOpen(riffId)) context.log.add(write);
        else context.log.behind(write);
        if (context.history === history) context.apply({ t: 'history', history: history.view() });
      },
    });
  },
};
