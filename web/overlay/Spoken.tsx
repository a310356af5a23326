/** Says results to those who cannot see them: captures, undo, connection. */
import { createEffect, createSignal, on } from 'solid-js';
import { usePage } from '../use-session.ts';
import { stepWords } from './step-words.ts';

export const Spoken = () => {
  const { session } = usePage();
  const [text, setText] = createSignal('');
  createEffect(
    on(
      () => session.state.history.head,
      (head, before, redoBefore: readonly string[] = []) => {
        const { newest, redoIds } = session.state.history;
        if (before && head) {
          const row = newest.find((riff) => riff.id === head);
          const isUndone = redoIds.includes(before);
          setText(stepWords(row, before, { isUndone, isRedone: redoBefore.includes(head) }));
        }
        return [...redoIds];
      },
    ),
  );
  createEffect(
    on(session.status, (status, before) => {
      if (before && status === 'lost') setText('Connection lost. The loops play on.');
      if (before === 'lost' && status === 'live') setText('Connected again.');
    }),
  );
  return (
    <p class="unseen" aria-live="polite">
      {text()}
    </p>
  );
};
