/** Beside the strip's title: what captures take, what was played earlier, and where the cut goes. */
import { Show } from 'solid-js';
import { usePage } from '../use-session.ts';
import { FreeSwitch } from './FreeSwitch.tsx';
import { SourcePick } from './SourcePick.tsx';
import { TargetPicker } from './TargetPicker.tsx';
import s from './CaptureStrip.module.css';
import pick from './Pick.module.css';

export const StripHead = () => {
  const { open, session } = usePage();
  return (
    <>
      <Show
        when={session.state.sources.length > 1}
        fallback={
          <span class={s['source']}>
            {session.state.sources[0]?.name ?? 'Input'}, always listening
          </span>
        }
      >
        <SourcePick />
      </Show>
      <button type="button" class={pick['picker']} onClick={() => open('past')}>
        Earlier…
      </button>
      <span class={s['space']} />
      <FreeSwitch />
      <span class={s['goes']}>Coloured part goes</span>
      <TargetPicker />
    </>
  );
};
