/** What the sound of a place goes through: each switched, opened, moved, taken out; another one added. */
import { createMemo, For, Show } from 'solid-js';
import { LIMITS } from '../../protocol/limits.ts';
import type { Place } from '../../protocol/state.ts';
import { isInTrouble } from '../music/plugin-trouble.ts';
import { badgeText, canRetry, chainRows, latencyText, placeText } from '../music/plugin-words.ts';
import { Icon } from '../stage/Icon.tsx';
import { usePage } from '../use-session.ts';
import { MovePick } from './MovePick.tsx';
import { PowerButton, RetryButton } from './PluginButtons.tsx';
import slot from './SlotSheet.module.css';
import s from './Plugin.module.css';

interface RowProps {
  readonly id: string;
  readonly index: number;
  readonly count: number;
  readonly place: Place;
}

const Row = (props: RowProps) => {
  const { session, showPlugin } = usePage();
  const plugin = () => session.state.plugins[props.id];
  const isSafe = () => session.state.meta.mode === 'SAFE';
  const badge = () => {
    const one = plugin();
    return one ? badgeText(one, isSafe()) : '';
  };
  const quiet = () =>
    [plugin()?.vendor, latencyText(plugin()?.latencyFrames ?? 0, session.state.devices.rateHz)]
      .filter(Boolean)
      .join(' · ');
  return (
    <Show when={plugin()}>
      {(one) => (
        <li class={s['row']} data-instance={props.id} data-status={one().status}>
          <PowerButton id={props.id} />
          <button type="button" class={s['name']} onClick={() => showPlugin(props.id)}>
            <b>{one().name}</b>
            <small data-tone={isInTrouble(one()) ? 'warn' : 'quiet'}>{badge() || quiet()}</small>
            <span class="unseen">, open</span>
          </button>
          <Show
            when={canRetry(one(), isSafe())}
            fallback={
              <MovePick
                id={props.id}
                name={one().name}
                place={props.place}
                index={props.index}
                count={props.count}
              />
            }
          >
            <RetryButton id={props.id} name={one().name} />
          </Show>
          <button
            type="button"
            class={s['tool']}
            disabled={!session.isLive()}
            aria-label={`Take ${one().name} out`}
            onClick={() => void session.run({ cmd: 'UNLOAD_PLUGIN', instanceId: props.id })}
          >
            <Icon name="close" />
          </button>
        </li>
      )}
    </Show>
  );
};

export const PluginChain = (props: { place: Place; title: string; says: string }) => {
  const { browse, session } = usePage();
  const rows = createMemo(() => chainRows(session.state, props.place));
  // By id, so that a row keeps its nodes while others come and go.
  const ids = createMemo(() => rows().map(({ id }) => id));
  const indexOf = (id: string) => rows().find((row) => row.id === id)?.index ?? -1;
  const count = () => rows().filter(({ index }) => index >= 0).length;
  return (
    <section aria-label={`Plug-ins of ${placeText(props.place)}`}>
      <div class={slot['row']}>
        <h3>{props.title}</h3>
        <span>{props.says}</span>
      </div>
      <Show when={ids().length > 0}>
        <ol class={s['chain']}>
          <For each={ids()}>
            {(id) => <Row id={id} index={indexOf(id)} count={count()} place={props.place} />}
          </For>
        </ol>
      </Show>
      <button
        type="button"
        class={`control ${s['add']}`}
        disabled={!session.isLive() || ids().length >= LIMITS.chainPluginsMax}
        onClick={() => browse(props.place)}
      >
        <Icon name="plus" /> Add a plug-in
      </button>
    </section>
  );
};

/** In the sheet of a slot. */
export const SlotChain = () => {
  const { forSlot } = usePage();
  return <PluginChain place={forSlot()} title="Plug-ins" says="the loop goes through them" />;
};
