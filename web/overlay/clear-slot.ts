/** Clears a slot; the note that says so takes back this step, and never another one. */
import { refusalText } from '../sheets/refusal-text.ts';
import type { Session } from '../sync/create-session.ts';
import { Refusal } from '../sync/make-requests.ts';

const NOTE_MS = 6000;
const ERR_HEAD_MOVED = 4003;

const takeBack = async ({ ask, toasts }: Session, slot: number, riffId: string) => {
  try {
    await ask({ cmd: 'UNDO', scope: 'SESSION', ifHead: riffId });
  } catch (error) {
    const hasMoved = error instanceof Refusal && error.code === ERR_HEAD_MOVED;
    const why = hasMoved
      ? 'Something else was done since. Its take is in the history.'
      : refusalText(error);
    toasts.show(`Slot ${slot + 1} stays cleared`, why);
  }
};

export const clearSlot = async (session: Session, slot: number): Promise<void> => {
  const lastSeq = session.state.history.newest[0]?.seq ?? -1;
  if (!(await session.run({ cmd: 'CLEAR_SLOT', slot }))) return;
  const step = session.state.history.newest.find(
    (riff) => riff.seq > lastSeq && riff.cause === 'CLEAR' && riff.slot === slot,
  );
  if (!step) {
    const title = `Slot ${slot + 1}: the capture is called off`;
    return session.toasts.show(title, 'The sound is still in the strip.', { isGood: true });
  }
  const { id } = step;
  session.toasts.show(`Slot ${slot + 1} cleared`, 'The take is kept.', {
    isGood: true,
    stayMs: NOTE_MS,
    action: { label: 'Undo', run: () => void takeBack(session, slot, id) },
  });
};
