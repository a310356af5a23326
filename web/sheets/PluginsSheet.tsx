/** The plug-ins of this computer: looked for by name, maker or kind; what is refused, and why. */
import { For, Show } from 'solid-js';
import { errorByCode } from '../../protocol/errors.ts';
import { countText } from '../music/amounts.ts';
import { createPlugins, type Kind, type Plugins } from './create-plugins.ts';
import { PluginLine, RefusedLine } from './PluginLines.tsx';
import { Dock, Sheet, SheetHead } from './Sheet.tsx';
import more from './MoreSheet.module.css';
import pick from '../stage/Pick.module.css';
import s from './PluginsSheet.module.css';

interface Props {
  readonly plugins: Plugins;
}

const KINDS: readonly (readonly [Kind, string])[] = [
  ['all', 'All'],
  ['effect', 'Effects'],
  ['instrument', 'Instruments'],
];

const Search = (props: Props) => (
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

const List = (props: Props) => (
  <>
    <p class={s['count']} role="status">
      {countOf(props.plugins)}
    </p>
    <ul class={s['list']} aria-label="Plug-ins">
      <For each={props.plugins.shown()}>{(row) => <PluginLine row={row} />}</For>
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

const Refused = (props: Props) => (
  <Show when={props.plugins.refused().length > 0}>
    <section class={more['group']}>
      <h3>Not offered</h3>
      <ul class={s['list']} aria-label="Not offered">
        <For each={props.plugins.refused()}>{(row) => <RefusedLine row={row} />}</For>
      </ul>
    </section>
  </Show>
);

const lastText = (plugins: Plugins): string => {
  const job = plugins.job();
  if (job?.state === 'running') return `${Math.floor(job.progress * 100)} %`;
  if (job?.state === 'cancelled') return 'Cancelled';
  if (job?.state !== 'failed') return 'Also at what was refused';
  const row = errorByCode(job.code)?.row;
  return row ? `${row.says} ${row.action}` : 'It could not be done';
};

const LookAgain = (props: Props) => {
  const isRunning = () => props.plugins.job()?.state === 'running';
  return (
    <div class={more['line']} data-rescan={props.plugins.job()?.state ?? 'none'}>
      <span>
        Look again
        <small>{lastText(props.plugins)}</small>
      </span>
      <Show
        when={isRunning()}
        fallback={
          <button
            type="button"
            class="control"
            disabled={!props.plugins.canAsk()}
            onClick={props.plugins.rescan}
          >
            Look again
          </button>
        }
      >
        <progress
          max="1"
          value={props.plugins.job()?.progress ?? 0}
          aria-label="Looking for plug-ins"
        />
        <button type="button" class="control" onClick={props.plugins.cancel}>
          Cancel
        </button>
      </Show>
    </div>
  );
};

const Body = () => {
  const plugins = createPlugins();
  return (
    <div class={more['body']}>
      <Search plugins={plugins} />
      <List plugins={plugins} />
      <Refused plugins={plugins} />
      <p class={more['missing']} role="alert">
        {plugins.why()}
      </p>
      <LookAgain plugins={plugins} />
    </div>
  );
};

export const PluginsSheet = () => (
  <Sheet label="Plug-ins" isTall>
    <SheetHead title="Plug-ins" />
    <Body />
  </Sheet>
);

export const PluginsDock = () => (
  <Dock label="Plug-ins">
    <SheetHead title="Plug-ins" />
    <Body />
  </Dock>
);
