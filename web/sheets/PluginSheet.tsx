/** One plug-in: whether it is heard, where it runs, its keys, its parameters. */
import { Show } from 'solid-js';
import { isInTrouble } from '../music/plugin-trouble.ts';
import { badgeText, canRetry, latencyText, placeText } from '../music/plugin-words.ts';
import { slotStyle, usePage } from '../use-session.ts';
import { Icon } from '../stage/Icon.tsx';
import { createParams } from './create-params.ts';
import { hostText } from './HostLines.tsx';
import { NoteKeys } from './NoteKeys.tsx';
import { PowerButton, RetryButton } from './PluginButtons.tsx';
import { PluginParams } from './PluginParams.tsx';
import { Dock, Sheet } from './Sheet.tsx';
import sheet from './Sheet.module.css';
import s from './Plugin.module.css';

interface Props {
  readonly id: string;
}

const usePlugin = (props: Props) => {
  const page = usePage();
  return { page, plugin: () => page.session.state.plugins[props.id] };
};

const Head = (props: Props) => {
  const { page, plugin } = usePlugin(props);
  const back = () => plugin()?.where ?? 'input';
  return (
    <header class={sheet['head']}>
      <button
        type="button"
        class={sheet['close']}
        aria-label={`Back to ${placeText(back())}`}
        onClick={() => page.showChain(back())}
      >
        <Icon name="back" />
      </button>
      <h2 data-title tabindex="-1">
        {plugin()?.name ?? 'Taken out'}
      </h2>
      <Show when={plugin()}>
        <PowerButton id={props.id} />
      </Show>
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

const Chips = (props: Props) => {
  const { page, plugin } = usePlugin(props);
  const { state } = page.session;
  const isSafe = () => state.meta.mode === 'SAFE';
  const host = () => state.hosts[plugin()?.hostId ?? ''];
  return (
    <Show when={plugin()}>
      {(one) => (
        <div class={s['chips']}>
          <b role="status" data-tone={isInTrouble(one()) ? 'warn' : 'quiet'}>
            {badgeText(one(), isSafe()) || 'running'}
          </b>
          <span>{one().vendor}</span>
          <span>{latencyText(one().latencyFrames, state.devices.rateHz) || 'no delay'}</span>
          <Show when={host()}>{(its) => <span>{hostText(its())}</span>}</Show>
          <Show when={canRetry(one(), isSafe())}>
            <RetryButton id={props.id} name={one().name} />
          </Show>
        </div>
      )}
    </Show>
  );
};

const Body = (props: Props) => {
  const { plugin } = usePlugin(props);
  const params = createParams(props.id);
  const slot = () => {
    const where = plugin()?.where;
    return typeof where === 'number' ? where : -1;
  };
  const canPlay = () => plugin()?.status === 'on' || plugin()?.status === 'dry';
  return (
    <div class={s['plugin']} style={slot() >= 0 ? slotStyle(slot()) : {}}>
      <Show
        when={plugin()}
        fallback={<p>It was taken out. Undo brings it back with its settings.</p>}
      >
        {(one) => (
          <>
            <Chips id={props.id} />
            <Show when={one().isInstrument}>
              <NoteKeys id={props.id} name={one().name} canPlay={canPlay()} />
            </Show>
            <PluginParams params={params} />
          </>
        )}
      </Show>
    </div>
  );
};

const Whole = () => {
  const { openPlugin } = usePage();
  return (
    <Show when={openPlugin()} keyed>
      {(id) => (
        <>
          <Head id={id} />
          <Body id={id} />
        </>
      )}
    </Show>
  );
};

export const PluginSheet = () => (
  <Sheet label="Plug-in" isTall>
    <Whole />
  </Sheet>
);

export const PluginDock = () => (
  <Dock label="Plug-in">
    <Whole />
  </Dock>
);
