/** Plug-ins looked for by name, maker or kind, and those found: to be read of, or to be added. */
import { For, Show } from 'solid-js';
import { countText } from '../music/amounts.ts';
import type { Kind, Plugins } from './create-plugins.ts';
import { AddLine, PluginLine } from './PluginLines.tsx';
import pick from '../stage/Pick.module.css';
import s from './PluginsSheet.module.css';

interface Props {
  readonly plugins: Plugins;
}

interface ListProps extends Props {
  /** A press on one adds it to the place that was asked for. */
  readonly isFor: boolean;
}

const KINDS: readonly (readonly [Kind, string])[] = [
  ['all', 'All'],
  ['effect', 'Effects'],
  ['instrument', 'Instruments'],
];

export const PluginSearch = (props: Props) => (
  <div class={s['search']}>
    <input
      type="search"
      class="control"
      aria-label="Search plug-ins"
      placeholder="Name, maker or kind"
      value={props.plugins.text()}
      onInput={({ currentTarget }) => props.plugins.setText(currentTarget.value)}
    />
    <div class={pick['switch']} role="group" aria-label="Kind">
      <For each={KINDS}>
        {([kind, says]) => (
          <button
            type="button"
            aria-pressed={props.plugins.kind() === kind}
            onClick={() => props.plugins.setKind(kind)}
          >
            {says}
          </button>
        )}
      </For>
    </div>
  </div>
);

const countOf = ({ found, isHere, waiting }: Plugins): string => {
  if (!isHere()) return '';
  const still = waiting() > 0 ? ` · ${countText(waiting(), 'bundle')} still to be looked at` : '';
  return `${countText(found().length, 'plug-in')}${still}`;
};

const Nothing = (props: Props) => (
  <p class={s['none']}>
    {props.plugins.isEmpty()
      ? 'No VST3 plug-ins were found on this computer. One that you install appears here by itself, within seconds.'
      : 'No plug-in fits that.'}
  </p>
);

export const PluginList = (props: ListProps) => (
  <>
    <p class={s['count']} role="status">
      {countOf(props.plugins)}
    </p>
    <ul class={s['list']} aria-label="Plug-ins">
      <For each={props.plugins.shown()}>
        {(row) => (props.isFor ? <AddLine row={row} /> : <PluginLine row={row} />)}
      </For>
    </ul>
    <Show when={props.plugins.isHere() && props.plugins.found().length === 0}>
      <Nothing plugins={props.plugins} />
    </Show>
    <Show when={props.plugins.found().length > props.plugins.shown().length}>
      <button type="button" class="control" onClick={props.plugins.showMore}>
        Show more
      </button>
    </Show>
  </>
);
