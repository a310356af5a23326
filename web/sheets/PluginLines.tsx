/** Lines of the plug-in list: one that is offered, one to add, one that is not offered and why. */
import { Show } from 'solid-js';
import { errorByCode } from '../../protocol/errors.ts';
import type { PluginRow, RefusedBundle } from '../../protocol/link.ts';
import { usePage } from '../use-session.ts';
import s from './PluginsSheet.module.css';

/** The maker's own filing; what kind it is stands beside it already. */
const filedUnder = ({ categories }: PluginRow): string =>
  categories.filter((each) => each !== 'Fx' && each !== 'Instrument').join(', ');

const aboutText = (row: PluginRow): string =>
  [row.vendor, filedUnder(row), row.version].filter((each) => each !== '').join(' · ');

export const PluginLine = (props: { row: PluginRow }) => (
  <li class={s['row']} data-plugin={props.row.pluginId}>
    <span>
      {props.row.name}
      <small>{aboutText(props.row)}</small>
    </span>
    <span class={s['kind']} data-kind={props.row.kind}>
      {props.row.kind === 'instrument' ? 'Instrument' : 'Effect'}
      <Show when={!props.row.isConfirmed}>
        <small>not looked at yet</small>
      </Show>
    </span>
  </li>
);

/** A press puts it into the place that was asked for, and shows that place. */
export const AddLine = (props: { row: PluginRow }) => {
  const { forPlace, session, showChain } = usePage();
  const add = () => {
    const { pluginId } = props.row;
    void session.run({ cmd: 'LOAD_VST', slot: forPlace(), pluginId });
    showChain(forPlace());
  };
  return (
    <li data-plugin={props.row.pluginId}>
      <button
        type="button"
        class={`${s['row']} ${s['adds']}`}
        disabled={!session.isLive()}
        onClick={add}
      >
        <span>
          {props.row.name}
          <small>{aboutText(props.row)}</small>
        </span>
        <span class={s['kind']}>{props.row.kind === 'instrument' ? 'Instrument' : 'Effect'}</span>
      </button>
    </li>
  );
};

export const RefusedLine = (props: { row: RefusedBundle }) => {
  const action = () => errorByCode(props.row.code)?.row.action ?? '';
  return (
    <li class={s['row']} data-refused={props.row.bundle}>
      <span>
        {props.row.name}
        <small class={s['why']}>
          {props.row.reason} {action()} <span class={s['code']}>{props.row.code}</span>
        </small>
        <small class={s['path']}>{props.row.bundle}</small>
      </span>
    </li>
  );
};
