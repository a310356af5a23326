/** A button whose moment counts: when the finger comes down, or a key is released on it. */
import { usePage } from '../use-session.ts';

interface MomentButtonProps {
  readonly says: string;
  /** What it is for, where nothing beside it says so; begins with `says`. */
  readonly label?: string;
  readonly class?: string | undefined;
  readonly onMoment: (atMs: number) => void;
}

export const MomentButton = (props: MomentButtonProps) => {
  const { session } = usePage();
  return (
    <button
      type="button"
      class={props.class ?? 'control'}
      aria-label={props.label}
      disabled={!session.isLive()}
      onPointerDown={({ timeStamp }) => props.onMoment(timeStamp)}
      onClick={({ detail, timeStamp }) => {
        // A key's click; the finger's has counted when it came down.
        if (detail === 0) props.onMoment(timeStamp);
      }}
    >
      {props.says}
    </button>
  );
};
