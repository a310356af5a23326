/** Which parameter an axis of the XY pad is: any of any loaded plug-in, looked for by its words. */
import { createMemo, createSignal, For, Show } from 'solid-js';
import { placeText, valueText } from '../music/plugin-words.ts';
import { Sheet, SheetHead } from '../sheets/Sheet.tsx';
import type { Axis } from '../sync/create-prefs.ts';
import { usePage } from '../use-session.ts';
import { FIRST_XY } from './create-xy.ts';
import { type PlacedParam, readAllParams } from './read-all-params.ts';
import more from '../sheets/MoreSheet.module.css';
import list from '../sheets/PluginsSheet.module.css';
import s from './XyPad.module.css';

const SHOWN = 80;

interface Found extends PlacedParam {
  readonly instanceId: string;
  readonly plugin: string;
  readonly isTouched: boolean;
}

const wordsOf = ({ plugin, row }: Found) => `${row.title} ${plugin}`.toLowerCase();

const createAll = () => {
  const { session } = usePage();
  const [all, setAll] = createSignal<readonly Found[]>();
  const read = async ([instanceId, one]: (typeof loaded)[number]): Promise<Found[]> => {
    const params = (await readAllParams(instanceId)) ?? [];
    const plugin = `${one.name}, ${placeText(one.where)}`;
    return params.map((param) => ({
      ...param,
      instanceId,
      plugin,
      isTouched: one.touched[param.row.paramId] !== undefined,
    }));
  };
  const loaded = Object.entries(session.state.plugins);
  void Promise.all(loaded.map(read)).then((parts) => {
    const found = parts.flat();
    setAll([...found.filter((one) => one.isTouched), ...found.filter((one) => !one.isTouched)]);
  });
  return { all, hasPlugins: loaded.length > 0 };
};

const NoPlugins = () => {
  const { open } = usePage();
  return (
    <div class={more['line']}>
      <span>
        No plug-in is loaded yet
        <small>The XY pad moves what a plug-in offers</small>
      </span>
      <button type="button" class="control" onClick={() => open('plugins')}>
        Plug-ins
      </button>
    </div>
  );
};

const Row = (props: { found: Found; isChosen: boolean; onChoose: () => void }) => (
  <li>
    <button
      type="button"
      class={`${list['row']} ${list['adds']} ${s['choice']}`}
      data-found={props.found.row.paramId}
      aria-pressed={props.isChosen}
      onClick={() => props.onChoose()}
    >
      <span>
        {props.found.row.title}
        <small>{props.found.plugin}</small>
      </span>
      <span class={list['kind']}>
        {valueText(props.found.row.text, props.found.row.units)}
        <Show when={props.found.isTouched}>
          <small>touched</small>
        </Show>
      </span>
    </button>
  </li>
);

const AxisSheet = (props: { name: 'x' | 'y' }) => {
  const { open, session } = usePage();
  const { all, hasPlugins } = createAll();
  const [text, setText] = createSignal('');
  const title = () => (props.name === 'x' ? 'Across' : 'Up and down');
  const xy = () => session.prefs.xy ?? FIRST_XY;
  const found = createMemo(() => {
    const wanted = text().toLowerCase().split(/\s+/).filter(Boolean);
    return (all() ?? []).filter((one) => wanted.every((word) => wordsOf(one).includes(word)));
  });
  const choose = (axis: Axis | undefined) => {
    session.setPrefs({ xy: { ...xy(), [props.name]: axis } });
    open('none');
  };
  const isChosen = ({ instanceId, row }: Found) => {
    const now = xy()[props.name];
    return now?.instanceId === instanceId && now.paramId === row.paramId;
  };
  return (
    <Sheet label={title()} isTall>
      <SheetHead title={title()} />
      <div class={more['body']}>
        <Show when={hasPlugins} fallback={<NoPlugins />}>
          <div class={list['search']}>
            <input
              type="search"
              class="control"
              aria-label="Search parameters of all plug-ins"
              placeholder="Search: cutoff, echo mix, slot 3…"
              value={text()}
              onInput={({ currentTarget }) => setText(currentTarget.value)}
            />
            <p class={list['count']} role="status">
              {all() ? `${found().length} parameters` : 'Asking the plug-ins…'}
              <Show when={found().length > SHOWN}>, the first {SHOWN}</Show>
            </p>
          </div>
          <ul class={list['list']} aria-label="Parameters">
            <For each={found().slice(0, SHOWN)}>
              {(one) => (
                <Row
                  found={one}
                  isChosen={isChosen(one)}
                  onChoose={() => choose({ instanceId: one.instanceId, paramId: one.row.paramId })}
                />
              )}
            </For>
          </ul>
          <Show when={xy()[props.name]}>
            <button type="button" class="control" onClick={() => choose(undefined)}>
              Leave this axis empty
            </button>
          </Show>
        </Show>
      </div>
    </Sheet>
  );
};

export const AxisX = () => <AxisSheet name="x" />;

export const AxisY = () => <AxisSheet name="y" />;
