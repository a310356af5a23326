/** Parameters as sliders: looked for by name; of thousands only those in sight are in the page. */
import {
  createEffect,
  createMemo,
  createSignal,
  For,
  on,
  onCleanup,
  onMount,
  Show,
} from 'solid-js';
import type { ParamRow } from '../../protocol/link.ts';
import { valueText } from '../music/plugin-words.ts';
import { usePage } from '../use-session.ts';
import type { Params } from './create-params.ts';
import pick from '../stage/Pick.module.css';
import plain from './PluginsSheet.module.css';
import s from './Plugin.module.css';

const ROW_PX = 48;
/** Above and below what is in sight. */
const SPARE_ROWS = 4;

interface Props {
  readonly params: Params;
}

const Slider = (props: { row: ParamRow; params: Params; says: string }) => {
  const { session } = usePage();
  const id = () => props.row.paramId;
  const value = () => props.params.valueOf(id());
  const letGo = () => props.params.letGo(id());
  return (
    <input
      class="fader"
      type="range"
      min="0"
      max="1"
      step={props.row.stepCount > 0 ? 1 / props.row.stepCount : 'any'}
      value={value()}
      style={{ '--at': value() }}
      disabled={!session.isLive()}
      aria-label={props.row.title}
      aria-valuetext={props.says}
      onInput={({ currentTarget: { valueAsNumber } }) => props.params.move(id(), valueAsNumber)}
      onChange={({ currentTarget: { valueAsNumber } }) => props.params.end(id(), valueAsNumber)}
      onPointerUp={letGo}
      onPointerCancel={letGo}
      onBlur={letGo}
      onDblClick={() => props.params.end(id(), props.row.defaultValue)}
    />
  );
};

const Switch = (props: { row: ParamRow; params: Params; says: string }) => {
  const { session } = usePage();
  const isOn = () => props.params.valueOf(props.row.paramId) >= 0.5;
  return (
    <button
      type="button"
      class="control"
      aria-label={`${isOn() ? 'On' : 'Off'}: ${props.row.title}`}
      aria-pressed={isOn()}
      disabled={!session.isLive()}
      onClick={() => props.params.end(props.row.paramId, isOn() ? 0 : 1)}
    >
      {isOn() ? 'On' : 'Off'}
    </button>
  );
};

const Param = (props: { row: ParamRow; params: Params; place: number; count: number }) => {
  const says = () => valueText(props.params.textOf(props.row.paramId), props.row.units);
  return (
    <li
      class={s['param']}
      data-param={props.row.paramId}
      aria-posinset={props.place + 1}
      aria-setsize={props.count}
    >
      <span title={props.row.title}>{props.row.title}</span>
      <Show when={props.row.canSet} fallback={<span />}>
        <Show
          when={props.row.stepCount === 1}
          fallback={<Slider row={props.row} params={props.params} says={says()} />}
        >
          <Switch row={props.row} params={props.params} says={says()} />
        </Show>
      </Show>
      <output>{says()}</output>
    </li>
  );
};

/** Which rows of a list of that height are in sight, with some to spare. */
export const rowsInSight = (count: number, topPx: number, heightPx: number) => {
  const last = Math.min(count, Math.ceil((topPx + heightPx) / ROW_PX) + SPARE_ROWS);
  const first = Math.max(0, Math.min(last, Math.floor(topPx / ROW_PX) - SPARE_ROWS));
  return { first, last };
};

const List = (props: Props) => {
  const [topPx, setTopPx] = createSignal(0);
  const [heightPx, setHeightPx] = createSignal(480);
  const found = () => props.params.found();
  const sight = createMemo(() => rowsInSight(found().length, topPx(), heightPx()));
  const rows = createMemo(() => found().slice(sight().first, sight().last));
  const bind = (box: HTMLElement) =>
    onMount(() => {
      const watch = new ResizeObserver(() => setHeightPx(box.clientHeight));
      watch.observe(box);
      onCleanup(() => watch.disconnect());
      createEffect(
        on([props.params.text, props.params.isTouchedOnly], () => {
          box.scrollTop = 0;
        }),
      );
    });
  return (
    <div
      ref={bind}
      class={s['params']}
      onScroll={({ currentTarget }) => setTopPx(currentTarget.scrollTop)}
    >
      <ul
        aria-label="Parameters"
        style={{
          height: `${found().length * ROW_PX}px`,
          'padding-top': `${sight().first * ROW_PX}px`,
        }}
      >
        <For each={rows()}>
          {(row, at) => (
            <Param
              row={row}
              params={props.params}
              place={sight().first + at()}
              count={found().length}
            />
          )}
        </For>
      </ul>
      <Show when={props.params.isHere() && found().length === 0}>
        <p class={plain['none']}>No parameter fits that.</p>
      </Show>
    </div>
  );
};

const Which = (props: Props) => (
  <div class={pick['switch']} role="group" aria-label="Which parameters">
    <button
      type="button"
      aria-pressed={!props.params.isTouchedOnly()}
      onClick={() => props.params.setTouchedOnly(false)}
    >
      All {props.params.count()}
    </button>
    <button
      type="button"
      aria-pressed={props.params.isTouchedOnly()}
      onClick={() => props.params.setTouchedOnly(true)}
    >
      Touched {props.params.touchedCount()}
    </button>
  </div>
);

export const PluginParams = (props: Props) => (
  <>
    <div class={s['find']}>
      <input
        type="search"
        class="control"
        aria-label="Search parameters"
        placeholder="Search"
        value={props.params.text()}
        onInput={({ currentTarget }) => props.params.setText(currentTarget.value)}
      />
      <Which params={props.params} />
    </div>
    <List params={props.params} />
  </>
);
