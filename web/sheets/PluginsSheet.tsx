/** What plug-ins do now: the input's chain, their processes; those of this computer; what is refused, and why. */
import { For, Show } from 'solid-js';
import { errorByCode } from '../../protocol/errors.ts';
import { createPlugins, type Plugins } from './create-plugins.ts';
import { HostLines } from './HostLines.tsx';
import { PluginChain } from './PluginChain.tsx';
import { RefusedLine } from './PluginLines.tsx';
import { PluginList, PluginSearch } from './PluginList.tsx';
import { Dock, Sheet, SheetHead } from './Sheet.tsx';
import more from './MoreSheet.module.css';
import s from './PluginsSheet.module.css';

interface Props {
  readonly plugins: Plugins;
}

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
      <PluginChain place="input" title="On the input" says="what you play goes through them" />
      <HostLines />
      <PluginSearch plugins={plugins} />
      <PluginList plugins={plugins} isFor={false} />
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
