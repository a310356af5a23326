/** Brings riffs back on the bar that the hand meant; which one is on its way is known until it has landed. */
import { createMemo, createSignal } from 'solid-js';
import { usePage } from '../use-session.ts';

export const createRecall = () => {
  const { session } = usePage();
  const [asked, setAsked] = createSignal('');
  const [isAnswered, setAnswered] = createSignal(true);
  /** The answer comes as soon as the riff waits for its bar. */
  const waits = createMemo(() =>
    session.state.slots.some(({ pending }) => pending?.kind === 'recall'),
  );
  return {
    /** Empty = none. */
    coming: () => (isAnswered() && !waits() ? '' : asked()),
    recall(riffId: string, pressedMs: number) {
      setAsked(riffId);
      setAnswered(false);
      const wish = { cmd: 'RECALL_RIFF', riffId, when: 'bar' } as const;
      void session.runAt(wish, pressedMs).then((answer) => {
        if (asked() !== riffId) return;
        setAnswered(true);
        if (!answer) setAsked('');
      });
    },
  };
};
