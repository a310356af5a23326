/** Moves a plug-in: earlier or later in its chain, or to another place. */
import { For, Show } from 'solid-js';
import type { Place } from '../../protocol/state.ts';
import { chainRows } from '../music/plugin-words.ts';
import { Icon } from '../stage/Icon.tsx';
import { usePage } from '../use-session.ts';
import s from './Plugin.module.css';

interface Props {
  readonly id: string;
  readonly name: string;
  readonly place: Place;
  /** Its place in the chain; −1 = it is on its way into it and cannot be moved. */
  readonly index: number;
  readonly count: number;
}

export const MovePick = (props: Props) => {
  const { session } = usePage();
  const places = (): Place[] => [
    ...session.state.slots.map((_, index): Place => index),
    'input' as const,
  ];
  const nameOf = (place: Place) =>
    place === 'input'
      ? 'to the input'
      : `to slot ${place + 1} ${session.state.slots[place]?.name ?? ''}`;
  const move = (slot: Place, index: number) =>
    void session.run({ cmd: 'MOVE_PLUGIN', instanceId: props.id, slot, index });
  const choose = (value: string) => {
    if (value === 'earlier') return move(props.place, props.index - 1);
    if (value === 'later') return move(props.place, props.index + 1);
    const to: Place = value === 'input' ? 'input' : Number(value);
    const end = chainRows(session.state, to).filter(({ index }) => index >= 0).length;
    return move(to, end);
  };
  return (
    <span class={s['tool']}>
      <Icon name="move" />
      <select
        aria-label={`Move ${props.name}`}
        disabled={!session.isLive() || props.index < 0}
        onChange={({ currentTarget }) => {
          const { value } = currentTarget;
          currentTarget.value = '';
          if (value !== '') choose(value);
        }}
      >
        <option value="">Move…</option>
        <Show when={props.index > 0}>
          <option value="earlier">earlier in the chain</option>
        </Show>
        <Show when={props.index < props.count - 1}>
          <option value="later">later in the chain</option>
        </Show>
        <For each={places().filter((place) => place !== props.place)}>
          {(place) => <option value={String(place)}>{nameOf(place)}</option>}
        </For>
      </select>
    </span>
  );
};
