/** The star of a riff: one press sets it; pressed again it can be named, or taken off. */
import { onMount } from 'solid-js';
import { LIMITS } from '../../protocol/limits.ts';
import { usePage } from '../use-session.ts';
import s from './HistoryRow.module.css';

export const StarPicture = (props: { isOn: boolean }) => (
  <svg width="18" height="18" viewBox="0 0 24 24" aria-hidden="true">
    <path
      d="M12 3.6l2.6 5.4 5.9.8-4.3 4.1 1.1 5.9-5.3-2.9-5.3 2.9 1.1-5.9-4.3-4.1 5.9-.8z"
      fill={props.isOn ? 'currentColor' : 'none'}
      stroke="currentColor"
      stroke-width="1.75"
      stroke-linejoin="round"
    />
  </svg>
);

interface StarProps {
  readonly title: string;
  readonly isMarked: boolean;
  readonly isNaming: boolean;
  readonly onMark: (label: string | null) => void;
  readonly onNaming: (isNaming: boolean) => void;
}

export const Star = (props: StarProps) => {
  const { session } = usePage();
  const press = () => {
    if (props.isMarked) props.onNaming(!props.isNaming);
    else props.onMark('');
  };
  return (
    <button
      type="button"
      class={s['star']}
      data-star={props.isMarked}
      aria-pressed={props.isMarked}
      aria-label={`Star on “${props.title}”`}
      title={props.isMarked ? 'Name this star, or take it off' : 'Mark it with a star'}
      disabled={!session.isLive()}
      onClick={press}
    >
      <StarPicture isOn={props.isMarked} />
    </button>
  );
};

interface NameProps {
  readonly title: string;
  readonly mark: string;
  readonly onMark: (label: string | null) => void;
  readonly onDone: () => void;
}

/** Under its riff. */
export const StarName = (props: NameProps) => {
  let isOver = false;
  const end = (label: string | null) => {
    if (isOver) return;
    isOver = true;
    if (label !== props.mark) props.onMark(label);
    props.onDone();
  };
  return (
    <div class={s['naming']}>
      <input
        ref={(field) => onMount(() => field.focus())}
        type="text"
        class="control"
        maxLength={LIMITS.nameCharsMax}
        placeholder="Name it"
        aria-label={`Name of the star on “${props.title}”`}
        value={props.mark}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' && event.key !== 'Escape') return;
          event.stopPropagation();
          event.preventDefault();
          end(event.key === 'Enter' ? event.currentTarget.value.trim() : props.mark);
        }}
        onChange={({ currentTarget }) => end(currentTarget.value.trim())}
      />
      <button
        type="button"
        class="control"
        onPointerDown={(event) => event.preventDefault()}
        onClick={() => end(null)}
      >
        Take off
      </button>
    </div>
  );
};
