/** A run of the engine that a command speaks of: the one that is on, or one that only the store knows. */
import { ERRORS } from '../../../protocol/errors.ts';
import type { SessionContext } from '../context.ts';
import { knownDamage } from './damage.ts';
import { GridEpochs } from './grid-epochs.ts';
import { type Outcome, refuse } from '../commands/plan.ts';

export type Run = Pick<SessionContext, 'damage' | 'epochs' | 'rateHz' | 'runId'>;

/** `use` gets null when there never was such a run; refused when the store cannot tell. */
export const withRun = (
  context: SessionContext,
  runId: string,
  use: (run: Run | null) => Outcome,
): Outcome => {
  if (runId === context.runId) return use(context);
  return {
    kind: 'later',
    outcome: context.store.read({ kind: 'run', runId }).then(
      (run) => {
        if (!run) return use(null);
        const { epochs, rateHz } = run;
        return use({ runId, rateHz, epochs: new GridEpochs(epochs), damage: knownDamage(run) });
      },
      () => refuse(ERRORS.ERR_SESSION_UNREADABLE.code),
    ),
  };
};
