/** Other bars of what was played: length, window and place of a slot's loop. */
import { For } from 'solid-js';
import type { CommandOf } from '../../protocol/commands.ts';
import { LIMITS } from '../../protocol/limits.ts';
import type { SlotOf } from '../../protocol/state.ts';
import { usePage } from '../use-session.ts';
import s from './SlotSheet.module.css';

type Change = Omit<CommandOf<'ADJUST_LOOP'>, 'cmd' | 'slot'>;

interface Choice {
  readonly text: string;
  readonly says: string;
  /** Null when it cannot be. */
  change(slot: SlotOf): Change | null;
}

/** What was played before and after it is known of a loop that was played as it is. */
const asPlayed = (slot: SlotOf, change: Change): Change | null =>
  slot.layerCount === 1 ? change : null;

const GROUPS: readonly { readonly name: string; readonly choices: readonly Choice[] }[] = [
  {
    name: 'Length',
    choices: [
      {
        text: '÷2',
        says: 'half as long, the end stays',
        change: (slot) => (slot.bars % 2 === 0 ? asPlayed(slot, { bars: slot.bars / 2 }) : null),
      },
      {
        text: '×2',
        says: 'twice as long, the end stays',
        change: (slot) =>
          2 * slot.bars <= LIMITS.loopBarsMax ? asPlayed(slot, { bars: 2 * slot.bars }) : null,
      },
    ],
  },
  {
    name: 'Window, beats',
    choices: [
      {
        text: '−1',
        says: 'what was played a beat before',
        change: (slot) => asPlayed(slot, { shiftBeats: -1 }),
      },
      {
        text: '+1',
        says: 'what was played a beat later',
        change: (slot) => asPlayed(slot, { shiftBeats: 1 }),
      },
    ],
  },
  {
    name: 'On the grid',
    choices: [
      { text: '−½', says: 'sounds half a beat earlier', change: () => ({ rotateBeats: -0.5 }) },
      { text: '+½', says: 'sounds half a beat later', change: () => ({ rotateBeats: 0.5 }) },
    ],
  },
];

export const Adjust = (props: { index: number }) => {
  const { session } = usePage();
  const change = (choice: Choice) => {
    const slot = session.state.slots[props.index];
    return slot ? choice.change(slot) : null;
  };
  return (
    <div class={s['adjust']} role="group" aria-label="Adjust the loop">
      <For each={GROUPS}>
        {({ choices, name }) => (
          <div>
            <span>{name}</span>
            <For each={choices}>
              {(choice) => (
                <button
                  type="button"
                  class="control"
                  aria-label={`${choice.text}: ${choice.says}`}
                  disabled={!session.isLive() || change(choice) === null}
                  onClick={() => {
                    const how = change(choice);
                    if (how) void session.run({ cmd: 'ADJUST_LOOP', slot: props.index, ...how });
                  }}
                >
                  {choice.text}
                </button>
              )}
            </For>
          </div>
        )}
      </For>
    </div>
  );
};
