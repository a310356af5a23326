/** Pads of one scale under any number of fingers; those of the root have a bar. */
import { createMemo, For, Show } from 'solid-js';
import { noteName } from '../input/note-keys.ts';
import { isRoot, padNotes } from '../music/scale.ts';
import { bindNoteFocus, bindNotePointers } from '../sheets/bind-notes.ts';
import type { Notes } from '../sheets/create-notes.ts';
import type { PlayPrefs } from '../sync/create-prefs.ts';
import { usePage } from '../use-session.ts';
import s from './Pads.module.css';

const OCTAVE = 12;

interface PadsProps {
  readonly notes: Notes;
  readonly prefs: PlayPrefs;
  readonly isOff: boolean;
}

const Pad = (props: { note: number; notes: Notes; root: number; isOff: boolean }) => {
  const velocity = () => props.notes.velocityOf(props.note);
  const name = () => noteName(props.note);
  return (
    <button
      ref={bindNoteFocus(props.notes, () => props.note)}
      type="button"
      class={s['pad']}
      data-note={props.note}
      data-root={isRoot(props.note, props.root)}
      data-down={velocity() !== undefined}
      style={{ '--hard': velocity() ?? 0 }}
      disabled={props.isOff}
      aria-label={isRoot(props.note, props.root) ? `${name()}, root` : name()}
    >
      <span aria-hidden="true">
        {name().replace(/-?\d+$/, '')}
        <small>{/-?\d+$/.exec(name())?.[0]}</small>
      </span>
      <Show when={isRoot(props.note, props.root)}>
        <i aria-hidden="true" />
      </Show>
    </button>
  );
};

export const Pads = (props: PadsProps) => {
  const { isNarrow, isPhone } = usePage();
  const columns = () => (isNarrow() ? 4 : 8);
  const rows = () => (isPhone() && !isNarrow() ? 3 : 4);
  const notes = createMemo(() => {
    const lowest = props.notes.lowest() - OCTAVE + props.prefs.root;
    return padNotes(lowest, props.prefs.scale, columns(), rows());
  });
  return (
    <div
      ref={bindNotePointers(props.notes)}
      class={s['pads']}
      style={{ '--columns': columns(), '--rows': rows() }}
    >
      <For each={notes()}>
        {(note) => (
          <Pad note={note} notes={props.notes} root={props.prefs.root} isOff={props.isOff} />
        )}
      </For>
    </div>
  );
};
