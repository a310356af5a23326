/** Of several inputs the one that captures take; shown only when there are several. */
import { Index } from 'solid-js';
import { usePage } from '../use-session.ts';
import { Icon } from './Icon.tsx';
import s from './Pick.module.css';

/** Source 0 is what all inputs that are on sound like together. */
const nameOf = (name: string, source: number) => (source === 0 ? 'All that is on' : `Only ${name}`);

export const SourceSelect = (props: { class?: string }) => {
  const { session } = usePage();
  return (
    <select
      class={props.class}
      aria-label="Captures take"
      value={String(session.source())}
      onChange={({ currentTarget: { value } }) => session.setSource(Number(value))}
    >
      <Index each={session.state.sources}>
        {(each, index) => <option value={String(index)}>{nameOf(each().name, index)}</option>}
      </Index>
    </select>
  );
};

/** As small as the strip's head is. */
export const SourcePick = () => {
  const { session } = usePage();
  const name = () => session.state.sources[session.source()]?.name ?? '';
  return (
    <label class={s['picker']} title="The strip always shows all inputs that are on">
      <b>{nameOf(name(), session.source())}</b>
      <Icon name="chevron" size={14} />
      <SourceSelect />
    </label>
  );
};
