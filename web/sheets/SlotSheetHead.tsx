/** Number, name, state, mute and solo of a slot, and the way out. */
import { createMemo, Show } from 'solid-js';
import { LIMITS } from '../../protocol/limits.ts';
import { LOOK_ICONS, LOOK_WORDS, slotLook } from '../music/slot-look.ts';
import { troubleText } from '../music/plugin-trouble.ts';
import { Icon } from '../stage/Icon.tsx';
import { usePage } from '../use-session.ts';
import sheet from './Sheet.module.css';
import s from './SlotSheet.module.css';

const MuteAndSolo = (props: { index: number }) => {
  const { session } = usePage();
  const slot = () => session.state.slots[props.index];
  return (
    <>
      <button
        type="button"
        class={`control ${s['square']}`}
        aria-pressed={session.mutedOf(props.index)}
        aria-label="M: mute"
        disabled={!session.isLive()}
        onClick={(event) => session.toggleMute(props.index, event)}
      >
        M
      </button>
      <button
        type="button"
        class={`control ${s['square']}`}
        aria-pressed={slot()?.soloed === true}
        aria-label="S: solo"
        disabled={!session.isLive()}
        onClick={(event) => session.toggleSolo(props.index, event)}
      >
        S
      </button>
    </>
  );
};

export const SlotSheetHead = (props: { index: number }) => {
  const page = usePage();
  const { session } = page;
  const slot = () => session.state.slots[props.index];
  const look = createMemo(() => {
    const one = slot();
    const { isPlaying } = session.state.transport;
    const isBypassed = troubleText(session.state.plugins, one?.pluginChain ?? []) !== '';
    return one
      ? slotLook(one, { isTarget: false, isSending: false, isPlaying, isBypassed })
      : 'empty';
  });
  const icon = () => LOOK_ICONS[look()];
  const rename = (name: string) => {
    if (name !== slot()?.name) void session.run({ cmd: 'RENAME_SLOT', slot: props.index, name });
  };
  return (
    <header class={s['head']}>
      <h2 class={`chip ${s['number']}`} data-title tabindex="-1">
        <span class="unseen">Slot </span>
        {props.index + 1}
      </h2>
      <input
        class={s['name']}
        type="text"
        maxlength={LIMITS.nameCharsMax}
        placeholder={`Slot ${props.index + 1}`}
        aria-label={`Name of slot ${props.index + 1}`}
        autocomplete="off"
        spellcheck={false}
        value={slot()?.name ?? ''}
        disabled={!session.isLive()}
        onChange={({ currentTarget }) => rename(currentTarget.value.trim())}
        onKeyDown={({ key, currentTarget }) => key === 'Enter' && currentTarget.blur()}
      />
      <span class={s['word']}>
        <Show when={icon()}>{(name) => <Icon name={name()} size={13} />}</Show>
        {LOOK_WORDS[look()]}
      </span>
      <MuteAndSolo index={props.index} />
      <button
        type="button"
        class={sheet['close']}
        aria-label="Close"
        onClick={() => page.open('none')}
      >
        <Icon name="close" />
      </button>
    </header>
  );
};
