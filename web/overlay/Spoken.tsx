/** Says results to those who cannot see them: captures, undo, connection. */
import { createEffect, createSignal, on } from 'solid-js';
import { riffWords } from '../music/words.ts';
import { usePage } from '../use-session.ts';

export const Spoken = () => {
  const { session } = usePage();
  const [text, setText] = createSignal('');
  createEffect(
    on(
      () => session.state.history.head,
      (head, before) => {
        if (!before || !head) return;
        const row = session.state.history.newest.find((riff) => riff.id === head);
        if (!row) return;
        const { before: words, slot } = riffWords(row);
        setText(slot === null ? words : `${words} slot ${slot + 1}`);
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
