/** Where the coloured part goes and what it takes, in words: all that the phone says of it. */
import { Show } from 'solid-js';
import { slotStyle, usePage } from '../use-session.ts';
import s from './CaptureStrip.module.css';

export const TargetWords = () => {
  const { session } = usePage();
  return (
    <Show
      when={session.targetSlot() >= 0}
      fallback={
        <>
          <b>full</b> merges two
        </>
      }
    >
      <b>into</b>
      <span class="chip small" style={slotStyle(session.targetSlot())}>
        {session.targetSlot() + 1}
      </span>
      <Show when={session.target() === 'auto'}>auto</Show>
    </Show>
  );
};

/** On the phone only said: a tap on any pad captures there. */
export const TargetReadOut = (props: { class: string | undefined }) => {
  const { session } = usePage();
  return (
    <span class={props.class} aria-hidden="true">
      <TargetWords />
      <Show when={!session.prefs.isQuantized}>· free</Show>
    </span>
  );
};

/** On the phone only said, when captures do not take all that is shown. */
export const SourceReadOut = () => {
  const { session } = usePage();
  return (
    <Show when={session.source() > 0}>
      <span class={s['only']}>Only {session.state.sources[session.source()]?.name}</span>
    </Show>
  );
};
