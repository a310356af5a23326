/** The keys of an instrument that is open, over its parameters. */
import { usePage } from '../use-session.ts';
import { createNotes, type Notes } from './create-notes.ts';
import { Piano } from './Piano.tsx';
import s from './Plugin.module.css';

const OCTAVE = 12;
const WIDE = 17;
const NARROW = 12;

export const OctaveButtons = (props: { notes: Notes }) => {
  const octave = (by: number, says: string, label: string) => (
    <button
      type="button"
      class="control"
      aria-label={label}
      disabled={!props.notes.canMove(by)}
      onClick={() => props.notes.move(by)}
    >
      {says}
    </button>
  );
  return (
    <>
      {octave(-OCTAVE, '−', 'An octave lower')}
      {octave(OCTAVE, '+', 'An octave higher')}
    </>
  );
};

export const NoteKeys = (props: { id: string; name: string; canPlay: boolean }) => {
  const { isPhone, session } = usePage();
  const notes = createNotes(props.id, () => props.canPlay && session.isLive());
  return (
    <section aria-label={`Keys of ${props.name}`}>
      <div class={s['play']}>
        <span>
          {isPhone() || !session.prefs.singleKeys
            ? 'The lower on a key, the louder'
            : 'Also the letters from Z to /'}
        </span>
        <OctaveButtons notes={notes} />
      </div>
      <Piano
        notes={notes}
        count={isPhone() ? NARROW : WIDE}
        isOff={!props.canPlay || !session.isLive()}
      />
    </section>
  );
};
