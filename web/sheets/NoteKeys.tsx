/** A small piano: any number of fingers, which may slide from key to key. */
import { createMemo, For } from 'solid-js';
import { isBlack, noteName } from '../input/note-keys.ts';
import { usePage } from '../use-session.ts';
import { createNotes, type Notes } from './create-notes.ts';
import s from './Plugin.module.css';

const OCTAVE = 12;
const WIDE = 17;
const NARROW = 12;
const SOFTEST = 0.35;
const FOCUS_VELOCITY = 0.8;
/** Of a white key's width. */
const BLACK_WIDTH = 0.66;

/** The lower on the key, the louder. */
const velocityAt = (key: Element, clientY: number): number => {
  const { height, top } = key.getBoundingClientRect();
  const depth = Math.max(0, Math.min(1, (clientY - top) / height));
  return SOFTEST + (1 - SOFTEST) * depth;
};

const keyAt = ({ clientX, clientY }: PointerEvent): HTMLElement | undefined => {
  const key = document.elementFromPoint(clientX, clientY)?.closest('[data-note]');
  return key instanceof HTMLButtonElement && !key.disabled ? key : undefined;
};

const nameOf = ({ pointerId }: PointerEvent) => `pointer ${pointerId}`;

const usePointers = ({ held }: Notes) => {
  const press = (event: PointerEvent) => {
    const key = keyAt(event);
    if (!key) return held.release(nameOf(event));
    const note = Number(key.dataset['note']);
    return held.press(nameOf(event), note, velocityAt(key, event.clientY));
  };
  const release = (event: PointerEvent) => held.release(nameOf(event));
  return {
    release,
    down(event: PointerEvent & { currentTarget: HTMLElement }) {
      if (event.button !== 0) return;
      event.currentTarget.setPointerCapture(event.pointerId);
      press(event);
    },
    move(event: PointerEvent) {
      if (held.isHolding(nameOf(event))) press(event);
    },
  };
};

interface KeyProps {
  readonly note: number;
  readonly whites: number;
  /** White keys to the left of it. */
  readonly before: number;
  readonly notes: Notes;
  readonly isOff: boolean;
}

const isPress = ({ code }: KeyboardEvent) => code === 'Space' || code === 'Enter';

const Key = (props: KeyProps) => {
  const { held } = props.notes;
  const by = () => `focus ${props.note}`;
  return (
    <button
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
      onKeyDown={(event) => {
        if (!isPress(event) || event.repeat) return;
        event.preventDefault();
        held.press(by(), props.note, FOCUS_VELOCITY);
      }}
      onKeyUp={(event) => isPress(event) && held.release(by())}
      onBlur={() => held.release(by())}
    >
      {props.note % OCTAVE === 0 ? noteName(props.note) : ''}
    </button>
  );
};

export const NoteKeys = (props: { id: string; name: string; canPlay: boolean }) => {
  const { isPhone, session } = usePage();
  const notes = createNotes(props.id, () => props.canPlay && session.isLive());
  const pointers = usePointers(notes);
  const keys = createMemo(() => {
    const count = isPhone() ? NARROW : WIDE;
    return Array.from({ length: count + 1 }, (_, index) => notes.lowest() + index);
  });
  const whites = createMemo(() => keys().filter((note) => !isBlack(note)));
  const before = (note: number) => whites().filter((each) => each < note).length;
  const octave = (by: number, says: string, label: string) => (
    <button
      type="button"
      class="control"
      aria-label={label}
      disabled={!notes.canMove(by)}
      onClick={() => notes.move(by)}
    >
      {says}
    </button>
  );
  return (
    <section aria-label={`Keys of ${props.name}`}>
      <div class={s['play']}>
        <span>
          {isPhone() || !session.prefs.singleKeys
            ? 'The lower on a key, the louder'
            : 'Also the letters from Z to /'}
        </span>
        {octave(-OCTAVE, '−', 'An octave lower')}
        {octave(OCTAVE, '+', 'An octave higher')}
      </div>
      <div
        class={s['piano']}
        onPointerDown={pointers.down}
        onPointerMove={pointers.move}
        onPointerUp={pointers.release}
        onPointerCancel={pointers.release}
        onLostPointerCapture={pointers.release}
      >
        <For each={keys()}>
          {(note) => (
            <Key
              note={note}
              whites={whites().length}
              before={before(note)}
              notes={notes}
              isOff={!props.canPlay || !session.isLive()}
            />
          )}
        </For>
      </div>
    </section>
  );
};
