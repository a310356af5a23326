/** The master as sound on this page: for an engine that plays elsewhere, or nowhere. */
import { Show } from 'solid-js';
import s from '../sheets/MoreSheet.module.css';
import { usePage } from '../use-session.ts';
import { dropoutWords } from './dropout-words.ts';
import { makeEar } from './make-ear.ts';

export const ListenLine = () => {
  const { session } = usePage();
  const toggle = () => {
    const ear = session.ear();
    if (ear) ear.close();
    else session.setEar(makeEar(session));
  };
  return (
    <div class={s['line']}>
      <span>
        Listen here
        <Show
          when={session.ear()}
          fallback={<small>Plays what FlowZone plays, on this page</small>}
        >
          {(ear) => (
            <small data-ear={ear().figures().dropouts}>
              {ear().figures().delayMs} ms late,{' '}
              {dropoutWords(ear().figures().dropouts, ear().figures().calmSeconds)}
            </small>
          )}
        </Show>
      </span>
      <button
        type="button"
        class="control"
        aria-pressed={session.ear() !== undefined}
        disabled={!session.isLive()}
        onClick={toggle}
      >
        <span class="unseen">Listen here: </span>
        {session.ear() ? 'On' : 'Off'}
      </button>
    </div>
  );
};
