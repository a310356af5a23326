/** Of several inputs the one that captures take, where the strip has no room to say it. */
import { Show } from 'solid-js';
import { SourceSelect } from '../stage/SourcePick.tsx';
import { usePage } from '../use-session.ts';
import s from './MoreSheet.module.css';

export const SourceLine = () => {
  const { session } = usePage();
  return (
    <Show when={session.state.sources.length > 1}>
      <div class={s['line']}>
        <span>
          Captures take
          <small>The strip shows all</small>
        </span>
        <SourceSelect class="control" />
      </div>
    </Show>
  );
};
