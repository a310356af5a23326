/** Panic: a press is silence at once, a hold empties every slot as one step that can be undone. */
import { createSignal, onCleanup, Show } from 'solid-js';
import { usePage } from '../use-session.ts';
import { Icon } from './Icon.tsx';
import s from './ActionBar.module.css';

const HOLD_ALL_MS = 800;
/** A click that no pointer explains comes from a keyboard or a screen reader. */
const CLICK_ECHO_MS = 700;

export const Panic = () => {
  const { session } = usePage();
  const [isHeld, setHeld] = createSignal(false);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let handledMs = -Infinity;
  const stop = () => {
    clearTimeout(timer);
    setHeld(false);
  };
  const down = (event: PointerEvent & { currentTarget: HTMLButtonElement }) => {
    if (event.button !== 0 || !session.isLive()) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    handledMs = event.timeStamp;
    session.panic('ENGINE');
    setHeld(true);
    timer = setTimeout(() => {
      setHeld(false);
      session.panic('ALL');
    }, HOLD_ALL_MS);
  };
  const up = (event: PointerEvent) => {
    handledMs = event.timeStamp;
    stop();
  };
  onCleanup(stop);
  return (
    <button
      type="button"
      class={`control ${s['panic']}`}
      data-held={isHeld()}
      disabled={!session.isLive()}
      title="Press: silence at once, loops stay. Hold: empty every slot (Undo brings them back)."
      aria-label="Panic: silence at once; hold to empty every slot"
      onPointerDown={down}
      onPointerUp={up}
      onPointerCancel={stop}
      onContextMenu={(event) => event.preventDefault()}
      onClick={(event) => {
        if (event.timeStamp - handledMs > CLICK_ECHO_MS) session.panic('ENGINE');
      }}
    >
      <Icon name="panic" />
      <span class={s['panicWord']}>Panic</span>
      <Show when={isHeld()}>
        <span class={s['hold']}>hold: empty all</span>
      </Show>
    </button>
  );
};
