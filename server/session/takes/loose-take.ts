/** A take that no slot plays and no riff names: its sound has files, and the store knows whose they are. */
import type { SessionContext } from '../context.ts';
import type { Take } from './takes.ts';

/** Of the session it was asked for in, whichever is open by now. */
export const keepLoose = (context: SessionContext, take: Take, sessionId: string): void => {
  if (context.takes.has(take.id)) return;
  const loose = { ...take, loose: true };
  context.takes.add(loose);
  context.log.add({ kind: 'take', sessionId, take: loose });
};
