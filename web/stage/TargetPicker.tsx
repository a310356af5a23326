/** Where the coloured part goes, and whether it is cut on the bar or at the press. */
import { Index, Show } from 'solid-js';
import { slotStyle, usePage } from '../use-session.ts';
import { Icon } from './Icon.tsx';
import s from './CaptureStrip.module.css';
import pick from './Pick.module.css';

const TargetWords = () => {
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

export const TargetPicker = () => {
  const { session } = usePage();
  return (
    <label class={pick['picker']}>
      <TargetWords />
      <Icon name="chevron" size={14} />
      <select
        aria-label="Coloured part goes into"
        value={String(session.target())}
        onChange={({ currentTarget: { value } }) =>
          session.setTarget(value === 'auto' ? 'auto' : Number(value))
        }
      >
        <option value="auto">the first empty slot, else the two oldest merge (auto)</option>
        <Index each={session.state.slots}>
          {(slot, index) => (
            <option value={String(index)}>
              slot {index + 1} {slot().name}
            </option>
          )}
        </Index>
      </select>
    </label>
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

export const FreeSwitch = () => {
  const { session, setQuantized } = useFree();
  return (
    <div class={pick['switch']} role="group" aria-label="Where a capture is cut">
      <button
        type="button"
        aria-pressed={session.prefs.isQuantized}
        title="The cut rides on the bar lines"
        onClick={() => setQuantized(true)}
      >
        On the bar
      </button>
      <button
        type="button"
        aria-pressed={!session.prefs.isQuantized}
        title="The cut ends where you press (F, or Alt-click)"
        onClick={() => setQuantized(false)}
      >
        Free
      </button>
    </div>
  );
};

const useFree = () => {
  const { session } = usePage();
  return { session, setQuantized: (isQuantized: boolean) => session.setPrefs({ isQuantized }) };
};
