/**
 * With more than eight slots: which eight are seen, and the way to the others.
 *
 * Nothing scrolls: a finger on a pad captures and drags its volume, and each pad keeps its place.
 */
import { Show } from 'solid-js';
import { BANK, slotStyle, usePage } from '../use-session.ts';
import { Icon } from './Icon.tsx';
import s from './SlotGrid.module.css';

const firstOf = (bank: number) => bank * BANK + 1;
const lastOf = (bank: number, slots: number) => Math.min(slots, firstOf(bank) + BANK - 1);

const bankWords = (bank: number, slots: number) =>
  `Slots ${firstOf(bank)} to ${lastOf(bank, slots)}`;

const Turn = (props: { by: 1 | -1 }) => {
  const { bank, session, setBank } = usePage();
  const slots = () => session.state.slots.length;
  const to = () => bank() + props.by;
  const isEnd = () => to() < 0 || to() * BANK >= slots();
  /** The next capture goes somewhere that way. */
  const isTargetThere = () =>
    (Math.floor(session.targetSlot() / BANK) - bank()) * props.by > 0 && session.targetSlot() >= 0;
  return (
    <button
      type="button"
      disabled={isEnd()}
      aria-label={isEnd() ? 'No more slots' : bankWords(to(), slots())}
      data-turn={props.by}
      onClick={() => setBank(to())}
    >
      <Icon name="chevron" />
      <Show when={isTargetThere()}>
        <span class="chip small" style={slotStyle(session.targetSlot())} aria-hidden="true">
          {session.targetSlot() + 1}
        </span>
      </Show>
    </button>
  );
};

export const SlotBanks = () => {
  const { bank, session } = usePage();
  const slots = () => session.state.slots.length;
  return (
    <nav class={s['rail']} aria-label="Banks of slots">
      <Turn by={-1} />
      <p aria-live="polite">
        <span class="unseen">{bankWords(bank(), slots())}</span>
        <b aria-hidden="true">{firstOf(bank())}</b>
        <b aria-hidden="true">{lastOf(bank(), slots())}</b>
      </p>
      <Turn by={1} />
    </nav>
  );
};
