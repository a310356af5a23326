/** A small piano: any number of fingers, which may slide from key to key. */
import { createMemo, For } from 'solid-js';
import { isBlack, noteName } from '../input/note-keys.ts';
import { bindNoteFocus, bindNotePointers } from './bind-notes.ts';
import type { Notes } from './create-notes.ts';
import s from './Plugin.module.css';

const OCTAVE = 12;
/** Of a white key's width. */
const BLACK_WIDTH = 0.66;

interface KeyProps {
  readonly note: number;
  readonly whites: number;
  /** White keys to the left of it. */
  readonly before: number;
  readonly notes: Notes;
  readonly isOff: boolean;
}

const Key = (props: KeyProps) => (
  <button
    ref={bindNoteFocus(props.notes, () => props.note)}
    type="button"
    data-note={props.note}
    data-black={isBlack(props.note) ? '' : undefined}
    data-down={props.notes.isDown(props.note)}
    disabled={props.isOff}
    aria-label={noteName(props.note)}
    style={
      isBlack(props.note)
        ? {
            left: `${((props.before - BLACK_WIDTH / 2) / props.whites) * 100}%`,
            width: `${(BLACK_WIDTH / props.whites) * 100}%`,
          }
        : {}
    }
  >
    {props.note % OCTAVE === 0 ? noteName(props.note) : ''}
  </button>
);

interface PianoProps {
  readonly notes: Notes;
  /** Semitones above its lowest key. */
  readonly count: number;
  readonly isOff: boolean;
}

export const Piano = (props: PianoProps) => {
  const keys = createMemo(() =>
    Array.from({ length: props.count + 1 }, (_, index) => props.notes.lowest() + index),
  );
  const whites = createMemo(() => keys().filter((note) => !isBlack(note)));
  const before = (note: number) => whites().filter((each) => each < note).length;
  return (
    <div ref={bindNotePointers(props.notes)} class={s['piano']}>
      <For each={keys()}>
        {(note) => (
          <Key
            note={note}
            whites={whites().length}
            before={before(note)}
            notes={props.notes}
            isOff={props.isOff}
          />
        )}
      </For>
    </div>
  );
};
